"""A household that nobody has: three years of expenses that look like somebody's, the same ones each time."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from expenses.loading import PALETTE, load_expenses
from expenses.models import Category, Favourite
from expenses.opening import open_ledger
from expenses.reading import FileRow
from expenses.tags import clean_tags
from ledgers.models import Ledger
from users.models import User

YEARS = 3
WEEKEND = (5, 6)
ALL_YEAR = tuple(range(1, 13))
SUMMER, WINTER = (5, 6, 7, 8, 9), (11, 12, 1, 2, 3)


@dataclass(frozen=True)
class Bill:
    """What is paid every month, on a fixed day, and costs more every January."""

    category: str
    payee: str
    notes: str
    amount: str
    day: int
    months: tuple[int, ...] = ALL_YEAR
    rise: str = "0.02"
    spread_months: int = 1
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Habit:
    """What happens on some days, with a chance for a working day and one for a day of the weekend."""

    category: str
    payees: tuple[str, ...]
    notes: tuple[str, ...]
    low: float
    high: float
    working_day: float
    weekend: float
    months: tuple[int, ...] = ALL_YEAR
    refunded: float = 0
    tags: tuple[str, ...] = ()


RENT, FOOD, SHOPPING = gettext_noop("Rent"), gettext_noop("Food"), gettext_noop("Shopping")
ENTERTAINMENT, OTHER = gettext_noop("Entertainment"), gettext_noop("Other")
GROCERIES, EATING_OUT = gettext_noop("Groceries"), gettext_noop("Eating out")
TRANSPORT = gettext_noop("Transport")
UTILITIES, HEALTH = gettext_noop("Utilities"), gettext_noop("Health")
INSURANCE, HOLIDAYS = gettext_noop("Insurance"), gettext_noop("Holidays")
GIFTS, SUBSCRIPTIONS = gettext_noop("Gifts"), gettext_noop("Subscriptions")
WORK, HOLIDAY, FAMILY = gettext_noop("work"), gettext_noop("holiday"), gettext_noop("family")

BILLS = (
    Bill(RENT, "Hausverwaltung Lindner", "Monthly rent payment", "1185", 1, rise="0.015"),
    Bill(UTILITIES, "Stadtwerke", "Electricity", "71", 3),
    Bill(UTILITIES, "Stadtwerke", "Heating, winter rate", "96", 3, WINTER),
    Bill(UTILITIES, "FiberNet", "Internet and landline", "39.95", 5, rise="0"),
    Bill(SUBSCRIPTIONS, "Streambox", "", "12.99", 8, rise="0.08"),
    Bill(SUBSCRIPTIONS, "Tunefy", "Family plan", "17.99", 12, rise="0"),
    Bill(SUBSCRIPTIONS, "Daily Courier", "Weekend edition", "21.90", 2),
    Bill(SUBSCRIPTIONS, "Mobile One", "Two SIM cards", "24.98", 15, rise="0"),
    Bill(INSURANCE, "Allsafe", "Home contents", "13.40", 1),
    Bill(INSURANCE, "Allsafe", "Liability", "68.20", 10, (1,), spread_months=12),
    Bill(INSURANCE, "Roadguard", "Bicycles", "47.50", 10, (4,)),
    Bill(HEALTH, "Fitness Loft", "Membership", "29.90", 4),
    Bill(TRANSPORT, "City Transit", "Monthly pass", "58", 1),
    Bill(HOLIDAYS, "Rail Europe", "Summer trip, tickets", "318", 22, (5,), tags=(HOLIDAY,)),
    Bill(HOLIDAYS, "Casa Azul", "Summer flat, two weeks", "1240", 9, (7,), tags=(HOLIDAY,)),
    Bill(HOLIDAYS, "Hotel Alpenblick", "Skiing weekend", "486", 13, (2,), tags=(HOLIDAY,)),
    Bill(GIFTS, "Toy Corner", "Christmas", "134", 17, (12,), tags=(FAMILY,)),
    Bill(GIFTS, "Bookshop Hansen", "Christmas", "87.40", 20, (12,), tags=(FAMILY,)),
    Bill(UTILITIES, "Stadtwerke", "Yearly settlement, money back", "-64.30", 26, (3,)),
    Bill(OTHER, "Tax Office", "Waste collection", "54.75", 14, (2, 5, 8, 11)),
)

HABITS = (
    Habit(
        GROCERIES,
        ("Fresh Market", "Corner Store", "Green Grocer"),
        ("", "Groceries", "Milk, bread"),
        6,
        34,
        0.42,
        0.3,
    ),
    Habit(
        GROCERIES,
        ("Hypermart",),
        ("Weekly shop", "Weekly shop", "Weekly shop and drinks"),
        48,
        128,
        0.02,
        0.42,
    ),
    Habit(GROCERIES, ("Bakery Krüger",), ("Rolls", "Cake for Sunday", "Bread"), 3, 14, 0.14, 0.55),
    Habit(
        EATING_OUT, ("Café Blau", "Espresso Bar"), ("Coffee", "Coffee", "Coffee with Mia"), 2.8, 9, 0.36, 0.3
    ),
    Habit(
        EATING_OUT,
        ("Canteen", "Noodle House", "Falafel Hassan"),
        ("Lunch", ""),
        7,
        15,
        0.34,
        0.04,
        tags=(WORK,),
    ),
    Habit(EATING_OUT, ("Trattoria Roma", "Sushi Kai"), ("Dinner", "Dinner with friends"), 32, 96, 0.02, 0.2),
    Habit(TRANSPORT, ("City Transit", "Yellow Cab"), ("Extra zone", "Late ride home"), 3, 24, 0.05, 0.08),
    Habit(TRANSPORT, ("Rail Europe",), ("Visit to parents",), 38, 79, 0.005, 0.05, tags=(FAMILY,)),
    Habit(
        SHOPPING, ("Nordwear", "Shoe Box"), ("Shirt", "Shoes", "Jacket"), 24, 139, 0.02, 0.09, refunded=0.22
    ),
    Habit(SHOPPING, ("Drugstore",), ("", "Household things"), 5, 31, 0.1, 0.12),
    Habit(
        SHOPPING, ("Home & Garden",), ("Plants", "Tools", "Paint"), 9, 72, 0.02, 0.14, SUMMER, refunded=0.08
    ),
    Habit(
        SHOPPING, ("Electro Depot",), ("Headphones", "Charger", "Lamp"), 19, 210, 0.008, 0.01, refunded=0.15
    ),
    Habit(ENTERTAINMENT, ("Lumière Cinema", "Jazz Cellar"), ("Tickets", "Two tickets"), 11, 38, 0.03, 0.13),
    Habit(ENTERTAINMENT, ("Lido",), ("Open-air pool",), 9, 14, 0.04, 0.25, (6, 7, 8)),
    Habit(ENTERTAINMENT, ("Christmas market",), ("Mulled wine", ""), 6, 22, 0.16, 0.5, (12,)),
    Habit(ENTERTAINMENT, ("Bookshop Hansen",), ("Paperback", ""), 9, 28, 0.02, 0.07),
    Habit(HEALTH, ("Pharmacy am Markt",), ("", "Cold remedies", "Vitamins"), 4, 33, 0.03, 0.02, WINTER),
    Habit(HEALTH, ("Dr. Weiss", "Optician Brandt"), ("Prescription", "Dentist, own share"), 10, 95, 0.012, 0),
    Habit(
        HOLIDAYS,
        ("Playa Bar", "Ferry Line", "Museu"),
        ("Holiday", "Boat trip", ""),
        8,
        64,
        0.7,
        0.7,
        (8,),
        tags=(HOLIDAY,),
    ),
    Habit(
        GIFTS,
        ("Flower Shop", "Toy Corner"),
        ("Birthday", "Flowers for Grandma"),
        12,
        58,
        0.02,
        0.04,
        tags=(FAMILY,),
    ),
    Habit(OTHER, ("Post Office", "Hairdresser", "Locksmith"), ("Parcel", "Haircut", ""), 5, 52, 0.03, 0.04),
)

# One payment at the till, on the last Saturday.
RECEIPT, TILL = UUID("6f9f1c7e-3d0b-4a53-9a53-2f1b9c1de0a7"), "Hypermart"
SPLIT = (
    (GROCERIES, "Weekly shop", "64.35", ()),
    (SHOPPING, "Light bulbs, towels", "27.90", ()),
    (GIFTS, "Board game for Emil", "19.99", (FAMILY,)),
)
SATURDAY = 5
# Name, category, payee, notes, amount, tags: what is put in again with one key.
FAVOURITES = (
    (gettext_noop("Coffee"), EATING_OUT, "Espresso Bar", "Coffee", "2.80", (WORK,)),
    (gettext_noop("Saturday"), GROCERIES, "Fresh Market", "Vegetables", None, ()),
    (gettext_noop("Saturday"), GROCERIES, "Bakery Krüger", "Rolls", "4.60", ()),
)


@transaction.atomic
def open_demo(owner: User, today: date) -> tuple[Ledger, bool]:
    """The demo ledger of this person, and whether it was made now; there is never a second one."""
    User.objects.select_for_update().get(pk=owner.pk)
    name = _("Demo household")
    ledger = Ledger.objects.for_user(owner).filter(name=name).first()
    if ledger:
        return ledger, False
    ledger = open_ledger(name, "EUR", owner)
    _make_subcategories(ledger)
    load_expenses(ledger, demo_expenses(today), owner)
    _make_favourites(ledger)
    return ledger, True


def _make_subcategories(ledger: Ledger):
    """Two of food."""
    mine = Category.objects.in_ledger(ledger)
    food, position = mine.get(name=_(FOOD)), mine.next_position()
    Category.objects.bulk_create(
        Category(
            ledger=ledger, name=_(name), parent=food, colour=PALETTE[position + n], position=position + n
        )
        for n, name in enumerate((GROCERIES, EATING_OUT))
    )


def _make_favourites(ledger: Ledger):
    categories = {category.name: category for category in Category.objects.in_ledger(ledger)}
    Favourite.objects.bulk_create(
        Favourite(
            ledger=ledger,
            name=_(name),
            position=position,
            amount=amount and Decimal(amount),
            category=categories[_(category)],
            payee=payee,
            notes=notes,
            tags=clean_tags(map(_, tags)),
        )
        for position, (name, category, payee, notes, amount, tags) in enumerate(FAVOURITES)
    )


def demo_expenses(today: date) -> list[FileRow]:
    """Three years of expenses up to today, by date; for one day they are always the same."""
    random = Random(today.toordinal())  # noqa: S311
    first = today - relativedelta(years=YEARS)
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    rows = [row for day in days for row in (*_bills(day, first), *_habits(day, random))]
    rows += _split(today - timedelta(days=(today.weekday() - SATURDAY) % 7))
    return sorted((row for row in rows if row.date <= today), key=lambda row: row.date)


def _split(day: date) -> Iterator[FileRow]:
    for category, notes, amount, tags in SPLIT:
        yield _row(day, Decimal(amount), category, TILL, notes, tags=tags, receipt=RECEIPT)


def _bills(day: date, first: date) -> Iterator[FileRow]:
    for bill in BILLS:
        last_of_month = monthrange(day.year, day.month)[1]
        if day.month in bill.months and day.day == min(bill.day, last_of_month):
            amount = Decimal(bill.amount) * (1 + Decimal(bill.rise)) ** (day.year - first.year)
            yield _row(day, amount, bill.category, bill.payee, bill.notes, bill.spread_months, bill.tags)


def _habits(day: date, random: Random) -> Iterator[FileRow]:
    for habit in HABITS:
        # Drawn whether it is used or not, so that one habit's months do not move all that follows.
        chance, height, refund, delay = (random.random() for _draw in range(4))
        payee, notes = random.choice(habit.payees), random.choice(habit.notes)
        weekend = day.weekday() in WEEKEND
        if day.month not in habit.months or chance >= (habit.weekend if weekend else habit.working_day):
            continue
        # Squared: most are small, a few are large.
        amount = Decimal(habit.low + (habit.high - habit.low) * height**2)
        yield _row(day, amount, habit.category, payee, notes, tags=habit.tags)
        if refund < habit.refunded:
            back = day + timedelta(days=3 + int(delay * 18))
            yield _row(back, -amount, habit.category, payee, f"{notes} sent back", tags=habit.tags)


def _row(
    day: date,
    amount: Decimal,
    category: str,
    payee: str,
    notes: str,
    spread_months: int = 1,
    tags: tuple[str, ...] = (),
    receipt: UUID | None = None,
) -> FileRow:
    more = spread_months, clean_tags(map(_, tags)), receipt
    return FileRow(0, day, round(amount, 2), _(category), payee, notes, *more)
