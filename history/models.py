"""What was changed in a ledger, by whom, when and how. PostgreSQL's triggers write it, and nobody rewrites it.

So page, API, admin, bulk statements and psql all leave the same trace.
"""

from dataclasses import dataclass

import pghistory.models
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from database.constraints import CompositeForeignKey, CompositePrimaryKey
from database.triggers import DeleteEvent, InsertEvent, Trigger, UpdateEvent, append_only
from expenses.models import Account, Category, Expense, Favourite, Rule
from ledgers.models import Ledger, Membership
from ledgers.row_security import history_rows


def _unchecked(to, **kwargs) -> models.ForeignKey:
    """A reference that outlives what it refers to: history is kept when a person or a ledger goes."""
    return models.ForeignKey(
        to, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, **kwargs
    )


class ChangeSetQuerySet(models.QuerySet):
    def in_ledger(self, ledger):
        return self.filter(ledger=ledger)

    def newest_first(self):
        return self.order_by("-pk")

    def undoing(self, change_sets):
        """Those that undo one of these, and were not themselves undone."""
        later = ChangeSet.objects.filter(ledger=models.OuterRef("ledger"), undoes=models.OuterRef("pk"))
        found = self.filter(undoes__in=[each.pk for each in change_sets])
        return found.exclude(models.Exists(later)).newest_first()


class ChangeSet(models.Model):
    """Everything that one transaction changed in one ledger: a request, a command, an action in the admin.

    The function ``join_change_set`` makes it when the first row is changed. ``who`` is the person's name at that
    time, or what worked without a person: a command, a role of the database. ``act`` is the name of the view or
    the command; ``undoes`` the change set that this one took back.
    """

    class Via(models.TextChoices):
        PAGE = "page", _("page")
        API = "api", _("API")
        ADMIN = "admin", _("administration")
        COMMAND = "command", _("command")
        SQL = "sql", _("SQL")

    ledger = _unchecked(Ledger, verbose_name=_("ledger"))
    at = models.DateTimeField(_("when"), db_default=Now())
    user = _unchecked(settings.AUTH_USER_MODEL, null=True, verbose_name=_("person"))
    who = models.CharField(_("who"), max_length=150)
    via = models.CharField(_("how"), max_length=7, choices=Via)
    act = models.CharField(max_length=100)
    undoes = _unchecked("self", null=True)

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("change set")
        verbose_name_plural = _("change sets")
        ordering = ["-id"]
        triggers = [append_only()]
        indexes = [
            models.Index(fields=["id"], name="changeset_id"),
            models.Index(
                fields=["ledger", "undoes"],
                name="changeset_by_undone",
                condition=models.Q(undoes__isnull=False),
            ),
        ]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="changeset_pk"),
            CompositeForeignKey(fields=("ledger", "undoes"), name="changeset_undoes_of_ledger"),
            history_rows("changeset_open"),
        ]

    def __str__(self):
        return f"{self.pk}"

    @property
    def kinds(self) -> list["Tracked"]:
        """Of which models it changed rows, in the order of ``TRACKED``."""
        mine = ChangeSet.objects.filter(ledger=self.ledger_id, pk=self.pk)
        touched = mine.values_list(*(tracked.of_change_set() for tracked in TRACKED)).get()
        return [tracked for tracked, is_touched in zip(TRACKED, touched, strict=True) if is_touched]


class Event(pghistory.models.Event):
    """A row as one statement left it, or as it was when it was deleted. ``id`` is the row's."""

    INSERT, UPDATE, DELETE = "insert", "update", "delete"

    pgh_id = models.BigAutoField(primary_key=True)
    change_set = _unchecked(ChangeSet)

    class Meta:
        abstract = True

    @property
    def row(self):
        """The row as it was, as an object of its model that is not the one in the database."""
        model = self.pgh_tracked_model
        return model(**{field.attname: getattr(self, field.attname) for field in model._meta.concrete_fields})


def _guards(name: str, joining: str) -> dict:
    """What the table of the events of a model of this name has in its ``Meta``."""
    joins = Trigger(
        name="join_change_set",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func=f"{joining}NEW.change_set_id := join_change_set(NEW.ledger_id); RETURN NEW;",
    )
    return {
        "triggers": [append_only(), joins],
        "indexes": [
            models.Index(fields=["ledger", "id", "pgh_id"], name=f"{name}_event_by_row"),
            models.Index(fields=["ledger", "change_set"], name=f"{name}_event_by_set"),
            # Who looks for something that is gone would read all events for the few deletions.
            models.Index(
                fields=["ledger", "change_set"],
                name=f"{name}_deleted_by_set",
                condition=models.Q(pgh_label=Event.DELETE),
            ),
        ],
        "constraints": [
            CompositePrimaryKey(fields=("ledger", "pgh_id"), name=f"{name}_event_pk"),
            CompositeForeignKey(fields=("ledger", "change_set"), name=f"{name}_event_of_set"),
            history_rows(f"{name}_event_open"),
        ],
    }


def _events_of(model, joining="", **attrs) -> type[Event]:
    """The events of a model, and the triggers that write them; ``joining`` is SQL that the event needs before."""
    references = {
        field.name: _unchecked(field.remote_field.model, null=field.null, verbose_name=field.verbose_name)
        for field in model._meta.concrete_fields
        if field.many_to_one
    }
    return pghistory.create_event_model(
        model,
        InsertEvent(Event.INSERT),
        UpdateEvent(Event.UPDATE),
        DeleteEvent(Event.DELETE),
        app_label="history",
        model_name=f"{model.__name__}Event",
        base_model=Event,
        obj_field=None,
        context_field=None,
        meta=_guards(model._meta.model_name, joining),
        attrs=references | attrs,
        abstract=False,
    )


LedgerEvent = _events_of(Ledger, "NEW.ledger_id := NEW.id; ", ledger=_unchecked(Ledger))
MembershipEvent = _events_of(Membership)
CategoryEvent = _events_of(Category)
AccountEvent = _events_of(Account)
RuleEvent = _events_of(Rule)
FavouriteEvent = _events_of(Favourite)
ExpenseEvent = _events_of(Expense)


@dataclass(frozen=True)
class Tracked:
    """A model whose rows have a history, and the events of it."""

    model: type[models.Model]
    events: type[Event]

    @property
    def name(self) -> str:
        return self.model._meta.model_name

    def of_change_set(self, **facts) -> models.Exists:
        """Whether the change set that a query is about has such events."""
        mine = {"ledger": models.OuterRef("ledger"), "change_set": models.OuterRef("pk")}
        return models.Exists(self.events.objects.filter(**mine, **facts))


# In the order in which rows can be put back: each refers only to those before it.
TRACKED = (
    Tracked(Ledger, LedgerEvent),
    Tracked(Membership, MembershipEvent),
    Tracked(Category, CategoryEvent),
    Tracked(Account, AccountEvent),
    Tracked(Rule, RuleEvent),
    Tracked(Favourite, FavouriteEvent),
    Tracked(Expense, ExpenseEvent),
)
