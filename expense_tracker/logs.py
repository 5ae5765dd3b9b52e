"""What is kept out of the logs."""

import logging


class Formatter(logging.Formatter):
    """Leaves out PostgreSQL's DETAIL lines of a trace: they quote the row, with its notes and amounts."""

    def formatException(self, ei):
        lines = super().formatException(ei).splitlines()
        return "\n".join(line for line in lines if not line.lstrip().startswith("DETAIL:"))
