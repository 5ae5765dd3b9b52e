"""How many keys a day takes: ten expenses, typed into an empty day with the keyboard alone, from opening it to saved.

    .venv/bin/python -m benchmarks.typing

In Chromium, on the demo ledger. A press is a key that goes down: Ctrl+Enter is two, and so is a capital letter. The
typist looks at the screen as people do: the letters of a category or of somebody known end as soon as the cell says the
right thing. Content is what is stored in the end, amounts without the zeros that nobody writes.
"""

import argparse
import json
import os
import sys
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.asking import Connection
from benchmarks.saving import FIRST_DAY, KNOWN
from benchmarks.serving import Server, temporary_folder
from benchmarks.works import Book

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
AT_MOST = 1.15  # presses per character
SHIFTED = '~!@#$%^&*()_+{}|:"<>?'  # of a keyboard of the United States
# Amount, category, paid to, notes. Three of the payees are new to the ledger.
DAY = (
    ("64.37", "Groceries", "Hypermart", "Weekly shop"),
    ("4.20", "Groceries", "Bakery Krüger", "Rolls"),
    ("3.80", "Eating out", "Café Blau", "Coffee with Mia"),
    ("58", "Transport", "City Transit", "Monthly pass"),
    ("12.99", "Subscriptions", "Streambox", ""),
    ("24.50", "Gifts", "Paper Lantern", "Card and ribbon #family"),
    ("9.40+3.20", "Eating out", "Canteen", "Lunch for two #work"),
    ("-20", "Shopping", "Shoe Depot", "Refund"),
    ("1185", "Rent", "Hausverwaltung Lindner", "Monthly rent payment"),
    ("7.90", "Health", "Pharmacy at the Gate", "Plasters"),
)
# Of each key: how long scripts worked on it, and until the screen showed it (in steps of 8 ms), both in milliseconds.
WATCH = """
window.keys = [];
new PerformanceObserver((list) => {
  for (const { name, processingStart, processingEnd, duration } of list.getEntries()) {
    if (/^(key|beforeinput|input)/.test(name)) window.keys.push([processingEnd - processingStart, duration]);
  }
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""
CELL = """() => {
  const cell = document.activeElement;
  return cell.selectedOptions ? cell.selectedOptions[0].text : cell.value;
}"""


@dataclass
class Typist:
    """Presses keys on a page, and counts them."""

    page: Page
    known: set[str]
    presses: int = 0
    asked: list[str] = field(default_factory=list)  # of the server, while typing
    took: list[tuple[float, float]] = field(
        default_factory=list
    )  # by each key that was not at once, as WATCH has it

    def press(self, key: str):
        """One key, or a chord such as ``Control+Enter``."""
        parts = key.split("+") if len(key) > 1 else [key]
        shifted = len(key) == 1 and (key.isupper() or key in SHIFTED)
        self.presses += len(parts) + shifted
        self.page.keyboard.press(key)

    def write(self, text: str):
        for letter in text:
            self.press(letter)

    def find(self, wanted: str):
        """Letters until the cell says what is wanted; what it offers beyond the end of the text is refused."""
        for letter in wanted.lower() if wanted in self.known else wanted:
            self.press(letter)
            if self._cell() == wanted:
                return
        if self._cell() != wanted:
            self.press("Delete")

    def row(self, amount: str, category: str, payee: str, notes: str):
        self.write(amount)
        for text in (category, payee):
            self.press("Tab")
            self.find(text)
        if notes:
            self.press("Tab")
            self.write(notes)

    def _cell(self) -> str:
        return self.page.evaluate(CELL)


def type_day(page: Page, address: str, known: set[str]) -> Typist:
    """From opening the page to the sentence that it is saved."""
    with page.expect_response("**/completions/"):
        page.goto(address)
    typist = Typist(page, known)
    page.on("request", lambda request: typist.asked.append(request.url))
    for number, row in enumerate(DAY):
        if number:
            typist.press("Enter")
        typist.row(*row)
    page.wait_for_timeout(100)  # the browser tells of a key after it has painted
    typist.took, asked = page.evaluate("window.keys"), list(typist.asked)
    typist.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text(f"Saved: {len(DAY)} added.")
    typist.asked = asked
    return typist


def content(book: Book, names: dict[int, str]) -> list[tuple[str, ...]]:
    """What is stored of the day, as texts."""
    rows = asked(book, f"days/{FIRST_DAY}/")["expenses"]
    return [
        (
            f"{Decimal(row['amount']).normalize():f}",
            names[row["category"]],
            row["payee"],
            " ".join(filter(None, [row["notes"], *(f"#{tag}" for tag in row["tags"])])),
        )
        for row in rows
    ]


def asked(book: Book, path: str):
    answer = book.ask(book.call(path))
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {answer.body.decode()[:500]}")
    return json.loads(answer.body)


def tell(typist: Typist, stored: list[tuple[str, ...]]):
    characters = sum(len(text) for row in stored for text in row)
    scripts, shown = (max((took[each] for took in typist.took), default=0) for each in (0, 1))
    sys.stdout.write(
        f"{len(stored)} expenses, {characters} characters of content, {typist.presses} key presses:"
        f" {typist.presses / characters:.2f} for each character (at most {AT_MOST})\n"
        f"longest that scripts worked on a key: {scripts:.0f} ms; until it was on the screen: {shown:.0f} ms\n"
        f"requests to the server while typing: {len(typist.asked)}\n"
    )
    if len(stored) != len(DAY) or typist.presses > AT_MOST * characters:
        raise SystemExit(1)


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.typing", description=__doc__.splitlines()[0])
    parser.add_argument("--screenshot", type=Path, help="a file for a picture of the day that was typed")
    options = parser.parse_args()
    with temporary_folder() as folder, sync_playwright() as playwright:
        server = Server(folder / "data")
        with server.database(), server.running("--demo"):
            known = json.loads(server.shell(KNOWN))
            book = Book(known, Connection(server.port))
            names = {each["id"]: each["name"] for each in asked(book, "categories/?page_size=200")["results"]}
            payees = {each["payee"] for each in asked(book, "completions/")["payees"]}
            base = f"http://127.0.0.1:{server.port}"
            context = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS).new_context()
            context.add_cookies([{"name": "sessionid", "value": known["session"], "url": base}])
            context.add_init_script(WATCH)
            page = context.new_page()
            typist = type_day(page, f"{base}{book.pages}expenses/{FIRST_DAY}/", payees)
            if options.screenshot:
                page.screenshot(path=options.screenshot)
            tell(typist, content(book, names))


if __name__ == "__main__":
    main()
