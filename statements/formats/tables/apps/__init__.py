"""The exports of other applications, one module for each, recognised by the names of their columns.

A module says which columns its export has in ``HEADERS`` (in lower case; any one of the tuples is enough, and more
columns may stand beside them) and what is known of it in ``DIALECT``. To add an application, write its module and add
it to ``APPS``.
"""

from collections.abc import Iterable

from statements.formats.tables.apps import (
    actual,
    cashew,
    expense_owl,
    ezbookkeeping,
    feidee,
    firefly,
    gnucash,
    mint,
    monarch,
    monefy,
    money_lover,
    one_money,
    realbyte,
    spendee,
    splitwise,
    sure,
    toshl,
    wallet,
    wygiwyh,
    ynab,
)
from statements.formats.tables.dialects import Dialect

APPS = (
    actual,
    cashew,
    expense_owl,
    ezbookkeeping,
    feidee,
    firefly,
    gnucash,
    mint,
    monarch,
    monefy,
    money_lover,
    one_money,
    realbyte,
    spendee,
    splitwise,
    sure,
    toshl,
    wallet,
    wygiwyh,
    ynab,
)


def recognise(header: Iterable[str]) -> Dialect | None:
    """The dialect of the application that writes these columns; None where it is no export of one we know."""
    names = {name.strip().lower() for name in header}
    return next(
        (app.DIALECT for app in APPS if any(names.issuperset(needed) for needed in app.HEADERS)), None
    )
