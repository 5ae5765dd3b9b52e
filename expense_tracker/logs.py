"""What is kept out of the logs."""

import logging
import re

# Up to the next error of a chain, since a note may have several lines.
QUOTED = re.compile(
    r"^(?:DETAIL|CONTEXT|QUERY|LINE \d+):.*?(?=^\n(?:The above exception|During handling)|\Z)",
    re.MULTILINE | re.DOTALL,
)


class Formatter(logging.Formatter):
    """Leaves out what PostgreSQL quotes in a trace: the row or the statement, with its notes and amounts."""

    def formatException(self, ei):
        return QUOTED.sub("", super().formatException(ei))
