"""`manage.py load_demo`: a ledger to look around in."""

from secrets import token_urlsafe

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from database.commands import DatabaseCommand
from expenses.demo import open_demo
from expenses.models import Expense
from users.accounts import find_account, make_account
from users.models import User

DEMO = "demo"


class Command(DatabaseCommand):
    help = _(
        "Fill a ledger with three years of made-up expenses, for the user “demo” unless another is named."
    )

    def add_arguments(self, parser):
        parser.add_argument("--user", metavar=_("USERNAME"), help=_("Whose ledger it shall be."))

    def handle(self, *args, user, **options):
        try:
            owner = find_account(user) if user else self._demo_user()
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        ledger, made = open_demo(owner, timezone.localdate())
        facts = {
            "name": ledger.name,
            "number": ledger.pk,
            "user": owner.username,
            "count": Expense.objects.in_ledger(ledger).count(),
        }
        text = _("Made the ledger “%(name)s” (%(number)d) of “%(user)s” with %(count)d expenses.")
        if not made:
            text = _("“%(user)s” has the ledger “%(name)s” (%(number)d) already, with %(count)d expenses.")
        self.stdout.write(text % facts)

    def _demo_user(self) -> User:
        found = User.objects.filter(username=DEMO).first()
        if found:
            return found
        password = token_urlsafe(12)
        user = make_account(DEMO, password)
        text = _("Sign in as “%(name)s” with the password %(password)s (it is shown only now).")
        if user.is_superuser:
            text += " " + _("It is the first account and therefore the administrator.")
        self.stdout.write(text % {"name": user.username, "password": password})
        return user
