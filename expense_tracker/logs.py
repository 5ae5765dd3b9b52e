"""What the logs have, and what is kept out of them."""

import logging
import re

# Up to the next error of a chain, since a note may have several lines.
QUOTED = re.compile(
    r"^(?:DETAIL|CONTEXT|QUERY|LINE \d+):.*?(?=^\n(?:The above exception|During handling)|\Z)",
    re.MULTILINE | re.DOTALL,
)

# Links that work for whoever has them. A request may end before its view is found: the path is all there is.
KEYS = re.compile(r"(accounts/+(?:invitations|confirm-email|password/+reset/+key)/+)\S+", re.IGNORECASE)


class Formatter(logging.Formatter):
    """Leaves out keys in paths, with which whoever reads the log could sign up or set a password.

    Also what PostgreSQL quotes in a trace: the row or the statement, with its notes and amounts.
    """

    def format(self, record):
        return KEYS.sub(r"\1...", super().format(record))

    def formatException(self, ei):
        return QUOTED.sub("", super().formatException(ei))


CONFIG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "expense_tracker.logs.Formatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "access": {"level": "INFO"},
        "security": {"level": "INFO"},
        # The security log says the same without the path, which may hold the key of a letter.
        "django.security.csrf": {"level": "ERROR"},
        # The access log has a line for every refused request already.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
