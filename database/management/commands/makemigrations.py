"""`manage.py makemigrations`: Django's, which asks the database which migrations it has."""

from django.core.management.commands import makemigrations

from database.commands import OwnerCommand


class Command(OwnerCommand, makemigrations.Command):
    makes_tables = False
