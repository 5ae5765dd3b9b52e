"""`manage.py flush`: Django's, done by the owner: the web's role may not empty tables at one blow."""

from django.core.management.commands import flush

from database.commands import OwnerCommand


class Command(OwnerCommand, flush.Command):
    makes_tables = False
