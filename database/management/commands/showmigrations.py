"""`manage.py showmigrations`: Django's, which asks the database which migrations it has."""

from django.core.management.commands import showmigrations

from database.commands import OwnerCommand


class Command(OwnerCommand, showmigrations.Command):
    makes_tables = False
