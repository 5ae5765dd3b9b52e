"""Statements on their way in: what was uploaded, how it reads, and what is to become of each line."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from database.constraints import CompositeForeignKey, CompositePrimaryKey
from database.triggers import bump_version, stays_itself
from expenses.models import Category, Expense, WordsField
from history.models import ChangeSet
from ledgers.models import Ledger, LedgerRow
from ledgers.row_security import editors_rows


class ImportQuerySet(models.QuerySet):
    def in_ledger(self, ledger):
        return self.filter(ledger=ledger)

    def newest_first(self):
        return self.order_by("-pk")


class Import(LedgerRow):
    """One or more statements that are looked at together and then added to the ledger in one change set.

    ``decisions`` counts what was decided about its lines, and with it ``version`` grows: what is added is what was
    looked at. ``change_set`` is the one that added them, and
    ``otherwise`` the category that those without one got.
    """

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("uploaded by"),
    )
    change_set = models.ForeignKey(
        ChangeSet, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )

    decisions = models.PositiveIntegerField(default=0)
    otherwise = models.ForeignKey(
        Category,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("category of lines without one"),
        db_constraint=False,
        db_index=False,
    )

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        triggers = [bump_version(), stays_itself()]
        indexes = [models.Index(fields=["id"], name="import_id")]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="import_pk"),
            CompositeForeignKey(fields=("ledger", "otherwise"), name="import_otherwise_of_ledger"),
            editors_rows("import_open"),
        ]

    def __str__(self):
        return f"{self.pk}"


class Statement(models.Model):
    """A file, or what was pasted. Its bytes are kept until its lines are in the ledger.

    ``answers`` are those of the person, by question; ``questions``, ``warnings`` and ``problem`` are what reading it
    said (``statements/wording.py`` has their shapes). ``account`` is the name of the account it is of where the file
    does not say; ``account_key`` its key once it is known.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be read")
        ASKING = "asking", _("asking")
        READ = "read", _("read")
        REFUSED = "refused", _("cannot be read")

    ledger = models.ForeignKey(Ledger, models.CASCADE, verbose_name=_("ledger"), db_index=False)
    of_import = models.ForeignKey(
        Import,
        models.CASCADE,
        related_name="statements",
        verbose_name=_("import"),
        db_constraint=False,
        db_index=False,
    )
    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(null=True)
    digest = models.CharField(max_length=32)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    format = models.CharField(_("format"), max_length=20, default="")
    dialect = models.CharField(max_length=40, default="")
    signature = models.CharField(max_length=64, default="")
    is_ours = models.BooleanField(default=False)
    answers = models.JSONField(default=dict)
    questions = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    problem = models.JSONField(null=True)
    accounts = models.JSONField(default=list)
    account_key = models.CharField(max_length=16, default="")
    account_name = models.CharField(_("account"), max_length=100, default="")

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["id"], name="statement_id"),
            models.Index(fields=["ledger", "of_import"], name="statement_by_import"),
        ]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="statement_pk"),
            CompositeForeignKey(fields=("ledger", "of_import"), name="statement_of_import"),
            editors_rows("statement_open"),
        ]

    def __str__(self):
        return self.name


class LineQuerySet(models.QuerySet):
    def of(self, of_import: Import):
        statements = Statement.objects.filter(ledger=of_import.ledger_id, of_import=of_import).values("pk")
        return self.filter(ledger=of_import.ledger_id, statement__in=statements)

    def to_add(self):
        return self.filter(plan=StatementLine.Plan.ADD)

    def figures(self) -> list[dict]:
        """How many lines of each state have which plan, and the sum of their amounts."""
        groups = self.order_by("state", "plan").values("state", "plan")
        return list(groups.annotate(count=Count("pk"), sum=Coalesce(Sum("amount"), Decimal(0))))


class StatementLine(models.Model):
    """A line of a statement, and what is to become of it. Those of one statement are numbered in its order.

    ``date``, ``amount`` (minus is money out), ``currency``, ``payee``, ``text`` and ``file_category`` are as the file
    has them, empty where it could not be read: then ``reason`` says why. ``payee_name`` and ``notes`` replace payee and
    text in the ledger unless they are null; ``tags`` and ``receipt`` are what it gets. A line without ``category`` gets
    the one named ``file_category``, which is made if the ledger has none. ``suggested_by`` and ``why`` say where the
    category comes from. What was set by hand is never overwritten by a rule. ``twin`` is the expense it may be the same
    as.
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        LIKELY = "likely", _("Likely there already")
        KNOWN = "known", _("There already")
        PENDING = "pending", _("Pending")
        ASIDE = "aside", _("Not spending")
        REJECTED = "rejected", _("Rejected")

    class Plan(models.TextChoices):
        ADD = "add", _("add")
        SKIP = "skip", _("leave out")
        SAME = "same", _("is the same")
        OPEN = "open", _("to be decided")

    class Suggested(models.TextChoices):
        NOBODY = "", _("nobody")
        FILE = "file", _("the file")
        RULE = "rule", _("a rule")
        HISTORY = "history", _("earlier expenses")
        HAND = "hand", _("hand")

    ledger = models.ForeignKey(
        Ledger, models.CASCADE, verbose_name=_("ledger"), db_constraint=False, db_index=False
    )
    statement = models.ForeignKey(
        Statement,
        models.CASCADE,
        related_name="lines",
        verbose_name=_("statement"),
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveIntegerField(_("line"))
    source = models.TextField(_("as in the file"))
    kind = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=8, choices=State)
    plan = models.CharField(_("what to do"), max_length=4, choices=Plan)
    date = models.DateField(_("date"), null=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=3, null=True)
    currency = models.CharField(_("currency"), max_length=3, default="")
    payee = models.CharField(_("paid to"), max_length=200, default="")
    text = models.CharField(_("text"), max_length=1000, default="")
    file_category = models.CharField(max_length=100, default="")
    spread_months = models.PositiveSmallIntegerField(default=1, db_default=1)
    tags = WordsField()
    receipt = models.UUIDField(null=True)
    external_id = models.CharField(max_length=80, default="")
    reason = models.JSONField(null=True)
    payee_name = models.CharField(_("paid to"), max_length=200, null=True)  # noqa: DJ001 - null: as in the file
    notes = models.CharField(_("notes"), max_length=1000, null=True)  # noqa: DJ001 - null: as in the file
    category = models.ForeignKey(
        Category,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("category"),
        db_constraint=False,
        db_index=False,
    )
    suggested_by = models.CharField(max_length=7, choices=Suggested, default=Suggested.NOBODY)
    why = models.JSONField(null=True)
    payee_by_hand = models.BooleanField(default=False)
    plan_by_hand = models.BooleanField(default=False)
    twin = models.ForeignKey(
        Expense, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a statement")
        verbose_name_plural = _("lines of statements")
        ordering = ["statement", "id"]
        indexes = [
            models.Index(fields=["ledger", "statement", "id"], name="statementline_in_order"),
            # What somebody decided once is not asked again when another file has the line.
            models.Index(
                fields=["ledger", "external_id"],
                name="statementline_decided",
                condition=Q(plan__in=["skip", "same"], plan_by_hand=True),
            ),
        ]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="statementline_pk"),
            CompositeForeignKey(fields=("ledger", "statement"), name="statementline_of_statement"),
            CompositeForeignKey(
                fields=("ledger", "category"),
                name="statementline_category",
                violation_error_message=_("This ledger has no such category."),
            ),
            models.CheckConstraint(
                condition=Q(plan="skip") | (~Q(state="rejected") & ~Q(amount=0)),
                name="statementline_can_be_added",
                violation_error_message=_("A line that cannot be read or is zero cannot be added."),
            ),
            models.CheckConstraint(
                condition=Q(state="rejected") | (Q(date__isnull=False) & Q(amount__isnull=False)),
                name="statementline_has_date_and_amount",
            ),
            models.CheckConstraint(
                condition=~Q(plan="same") | Q(twin__isnull=False), name="statementline_same_as_what"
            ),
            editors_rows("statementline_open"),
        ]

    def __str__(self):
        return f"{self.number}"


class Profile(models.Model):
    """What was answered about files of one header, and which account they are of; asked once."""

    ledger = models.ForeignKey(Ledger, models.CASCADE, verbose_name=_("ledger"), db_index=False)
    signature = models.CharField(max_length=64)
    answers = models.JSONField(default=dict)
    account_key = models.CharField(max_length=16, default="")

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], name="profile_id")]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="profile_pk"),
            models.UniqueConstraint(fields=["ledger", "signature"], name="profile_once"),
            editors_rows("profile_open"),
        ]

    def __str__(self):
        return self.signature
