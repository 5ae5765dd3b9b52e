"""`manage.py createcachetable`: Django's, done by the owner of the tables."""

from django.core.management.commands import createcachetable

from database.commands import OwnerCommand


class Command(OwnerCommand, createcachetable.Command):
    pass
