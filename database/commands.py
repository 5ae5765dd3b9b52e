"""What the commands of this project share."""

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError
from django.utils.translation import gettext as _
from psycopg.errors import UndefinedTable


class DatabaseCommand(BaseCommand):
    """A command that needs the tables, and says what to do where they are not there yet."""

    def execute(self, *args, **options):
        try:
            return super().execute(*args, **options)
        except ProgrammingError as error:
            if not isinstance(error.__cause__, UndefinedTable):
                raise
            message = _("The database has no tables yet. Run “manage.py serve” or “manage.py migrate” first.")
            raise CommandError(message) from error
