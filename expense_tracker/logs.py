"""What is kept out of the logs."""

import logging
import re

# Up to the next error of a chain, since a note may have several lines.
DETAIL = re.compile(r"^DETAIL:.*?(?=^\n(?:The above exception|During handling)|\Z)", re.MULTILINE | re.DOTALL)


class Formatter(logging.Formatter):
    """Leaves out what PostgreSQL's DETAIL says in a trace: it quotes the row, with its notes and amounts."""

    def formatException(self, ei):
        return DETAIL.sub("", super().formatException(ei))
