"""`manage.py migrate`: Django's, done by the owner of the tables."""

from django.core.management.commands import migrate

from database.commands import OwnerCommand


class Command(OwnerCommand, migrate.Command):
    pass
