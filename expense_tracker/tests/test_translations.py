import gettext
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse
from django.utils.translation import ngettext, override, pgettext

from expense_tracker import translations
from expense_tracker.translations import LOCALE, compile_catalogs, ensure_catalogs
from expenses.models import Category
from expenses.tests.factories import make_expense
from expenses.tests.pages import Page

ROOT = LOCALE.parent
GERMAN = LOCALE / "de" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}")
EDGES = re.compile(r"^\s+|\s+$")
FOREIGN_QUOTES = re.compile("[\"”]|'\\w+'")
NOT_COPIED = shutil.ignore_patterns("*.mo", "__pycache__", "tests")

SMALL = """
msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgctxt "range"
msgid "All"
msgstr "Alles"

#, python-format
msgid "%(n)d day"
msgid_plural "%(n)d days"
msgstr[0] "%(n)d Tag"
msgstr[1] "%(n)d Tage"

#, fuzzy
msgid "Guessed"
msgstr "Geraten"
"""


def entries(file: Path) -> list:
    with file.open("rb") as opened:
        return [message for message in read_po(opened, abort_invalid=True) if message.id]


def forms(text) -> tuple[str, ...]:
    """A text and its plural, or the one text there is."""
    return (text,) if isinstance(text, str) else tuple(text)


def keys(file: Path) -> Counter:
    return Counter((message.context, forms(message.id)) for message in entries(file))


def pairs(messages) -> list[tuple[str, str]]:
    """Each text with its translation."""
    return [pair for each in messages for pair in zip(forms(each.id), forms(each.string), strict=True)]


def alike(find, source: str, translation: str) -> bool:
    return Counter(find(source)) == Counter(find(translation))


@pytest.fixture(scope="module")
def german_entries():
    return entries(GERMAN)


@pytest.fixture
def locale(tmp_path):
    """A folder with one small catalog that is not compiled yet."""
    folder = tmp_path / "locale" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(SMALL)
    return tmp_path / "locale"


@pytest.fixture
def installation(tmp_path):
    """A copy of what is installed: the sources, the templates and the catalogs people write."""
    copy = tmp_path / "copy"
    apps = [file.parent for file in ROOT.glob("*/__init__.py")]
    for folder in [*apps, ROOT / "templates", LOCALE]:
        shutil.copytree(folder, copy / folder.name, ignore=NOT_COPIED)
    (copy / "static").mkdir()
    shutil.copy(ROOT / "manage.py", copy)
    return copy


@pytest.fixture
def german(alice, browser):
    """A browser in which Alice, who reads German, is signed in."""
    alice.language = "de"
    alice.save()
    return browser


def run(folder: Path, *words, **environment) -> str:
    environment = {**os.environ, "DATA_DIR": str(folder / "data"), **environment}
    command = [sys.executable, *words]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


# The catalog


def test_every_message_is_translated(german_entries):
    assert [each.id for each in german_entries if each.fuzzy or not all(forms(each.string))] == []
    assert [each.id for each in german_entries if len(forms(each.id)) != len(forms(each.string))] == []


def test_a_translation_has_the_placeholders_of_its_source(german_entries):
    assert [pair for pair in pairs(german_entries) if not alike(PLACEHOLDER.findall, *pair)] == []


def test_a_translation_begins_and_ends_like_its_source(german_entries):
    assert [pair for pair in pairs(german_entries) if not alike(EDGES.findall, *pair)] == []


def test_german_quotation_marks(german_entries):
    assert [german for _source, german in pairs(german_entries) if FOREIGN_QUOTES.search(german)] == []


@pytest.mark.skipif(
    not shutil.which("xgettext") and not os.environ.get("CI"),
    reason="needs xgettext (apt-get install gettext)",
)
def test_the_catalog_has_the_messages_of_the_sources(installation):
    extracted = installation / GERMAN.relative_to(ROOT)
    extracted.unlink()
    run(installation, "-m", "django", "makemessages", "--locale=de", DJANGO_SETTINGS_MODULE="")
    assert keys(extracted) == keys(GERMAN), f"see the first lines of {GERMAN}"


# Compiling


def test_compiled_catalogs_have_contexts_and_plurals(locale):
    compile_catalogs(locale)
    speak = gettext.translation("django", locale, ["de"])
    assert speak.pgettext("range", "All") == "Alles"
    assert speak.gettext("All") == "All"
    assert [speak.ngettext("%(n)d day", "%(n)d days", n) % {"n": n} for n in (0, 1, 3)] == [
        "0 Tage",
        "1 Tag",
        "3 Tage",
    ]
    assert speak.gettext("Guessed") == "Guessed"
    assert sorted(file.name for file in locale.rglob("*.*")) == ["django.mo", "django.po"]


def test_a_catalog_is_compiled_again_only_when_it_is_older(locale):
    compile_catalogs(locale)
    source, catalog = (next(locale.rglob(name)) for name in ("*.po", "*.mo"))
    made = catalog.stat()
    compile_catalogs(locale)
    assert (catalog.stat().st_ino, catalog.stat().st_mtime_ns) == (made.st_ino, made.st_mtime_ns)
    source.write_text(SMALL.replace("Alles", "Gesamt"))
    os.utime(source, ns=(made.st_mtime_ns + 1, made.st_mtime_ns + 1))
    compile_catalogs(locale)
    assert gettext.translation("django", locale, ["de"]).pgettext("range", "All") == "Gesamt"


def test_a_folder_that_cannot_be_written_is_only_reported(locale, monkeypatch, caplog):
    def refuse(*_):
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(translations.compile_catalogs, "__defaults__", (locale,))
    ensure_catalogs()
    assert "Read-only file system" in caplog.text
    assert not list(locale.rglob("*.mo"))


def test_a_new_installation_speaks_german_from_its_first_word(installation):
    # Models ask for messages while they are loaded: by then the catalog has to be there.
    said = run(installation, "manage.py", "load_demo", "--help", LANGUAGE_CODE="de")
    assert "Haushaltsbuch" in said
    assert list(installation.rglob("*.mo"))


# What is shown


@pytest.mark.parametrize(("count", "said"), [(0, "0 Ausgaben"), (1, "1 Ausgabe"), (3, "3 Ausgaben")])
def test_plurals(count, said):
    with override("de"):
        text = ngettext("%(count)d expense was deleted.", "%(count)d expenses were deleted.", count)
    assert (text % {"count": count}).startswith(f"{said} w")


def test_a_context_tells_equal_words_apart():
    with override("de"):
        assert (pgettext("range", "All"), pgettext("button", "Save")) == ("Alles", "Speichern")


def test_a_visitor_is_answered_in_the_language_of_the_browser(alice):
    page = Client(headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}).get(reverse("account_login"))
    assert '<html lang="de">' in page.content.decode()
    assert Page(page).text("h1") == "Anmelden"
    page = Client(headers={"Accept-Language": "fr"}).get(reverse("account_login"))
    assert Page(page).text("h1") == "Sign in"


def test_the_day_in_german(german, ledger):
    page = Page(german.get(reverse("day", args=[ledger.pk, date(2024, 8, 1)])))
    assert page.text("h1") == "Donnerstag, 1. August 2024"
    assert "Tag speichern" in page.text("buttons")
    assert [*page.text("thead").split()] == ["Betrag", "EUR", "Kategorie", "Empfänger", "Notiz", "Entfernen"]


def test_an_amount_is_explained_in_german(german, ledger):
    url = reverse("day", args=[ledger.pk, date(2024, 8, 1)])
    form = Page(german.get(url)).form("day-form")
    food = Category.objects.get(ledger=ledger, name="Food").pk
    form.write(0, amount="12.34.5", category=food).write(1, amount="12,345", category=food)
    errors = Page(german.post(url, form.data | {"save": "1"})).form("day-form").errors
    assert errors == {
        "row-0-amount": "Bitte einen Betrag in der Form 1.234,50 eingeben.",
        "row-1-amount": "Ein Betrag in dieser Währung hat höchstens 2 Nachkommastellen.",
    }


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "10,00 € in 1 Ausgabe"), (3, "30,00 € in 3 Ausgaben")],
)
def test_the_list_counts_in_german(german, ledger, count, said):
    for _number in range(count):
        make_expense(ledger)
    page = Page(german.get(reverse("expenses", args=[ledger.pk])))
    assert page.text("sum").replace("\N{NO-BREAK SPACE}", " ") == said


def test_a_new_account_gets_german_categories(client, db):
    details = {"username": "anna", "email": "anna@example.org", "ledger_name": "Haushalt", "currency": "EUR"}
    passwords = {"password1": "sehr-lang-geheim", "password2": "sehr-lang-geheim"}
    headers = {"Accept-Language": "de"}
    assert client.post(reverse("account_signup"), details | passwords, headers=headers).status_code == 302
    names = list(Category.objects.values_list("name", flat=True))
    assert names == ["Miete", "Lebensmittel", "Einkäufe", "Freizeit", "Sonstiges"]


def test_letters_are_german(alice, mailoutbox):
    ask = Client(headers={"Accept-Language": "de"})
    for address in (alice.email, "nobody@example.org"):
        assert ask.post(reverse("account_reset_password"), {"email": address}).status_code == 302
    known, unknown = mailoutbox
    assert known.subject == unknown.subject == "Neues Passwort"
    assert "Für das Konto „alice“ bei testserver wurde ein neues Passwort angefordert." in known.body
    assert "/accounts/password/reset/key/" in known.body
    assert "zur Adresse nobody@example.org gibt es dort aber kein Konto" in unknown.body
