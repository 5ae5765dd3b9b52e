"""The pictures in ``docs/screenshots``, made anew: ``python -m benchmarks.screenshots``.

Serves the demo ledger with data of its own and photographs its pages in the system's Chromium.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from benchmarks.serving import HERE, Server

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
PASSWORD = "only for these pictures"  # noqa: S105


class Picture(NamedTuple):
    """``path`` is below the ledger, with ``{day}`` for the last day that has expenses."""

    name: str
    path: str
    scheme: str = "light"
    viewport: dict = DESKTOP


PICTURES = [
    Picture("overview", ""),
    Picture("day", "expenses/{day}/"),
    Picture("day-dark", "expenses/{day}/", "dark"),
    Picture("day-phone", "expenses/{day}/", viewport=PHONE),
    Picture("day-phone-dark", "expenses/{day}/", "dark", PHONE),
    Picture("list", "expenses/"),
    Picture("analytics", "analytics/?range=last-month"),
    Picture("analytics-dark", "analytics/?range=last-month&view=table", "dark"),
    Picture("categories", "categories/"),
]
DEMO = f"""
from users.models import User; u = User.objects.get(username='demo'); u.set_password({PASSWORD!r})
from django.utils import timezone; u.toured_at = timezone.now(); u.save(); print('ready')
"""


@contextmanager
def signed_in(server: Server, playwright, picture: Picture) -> Iterator[Page]:
    """A page of whoever has the demo ledger."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
    context = browser.new_context(
        viewport=picture.viewport, color_scheme=picture.scheme, locale="en-US", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/accounts/login/")
    page.get_by_label("Username").fill("demo")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("input[type=password]").press("Enter")
    page.wait_for_url("**/ledgers/**")
    yield page
    browser.close()


def take(page: Page, picture: Picture, folder: Path):
    """One picture, once its charts are drawn. The page is at the ledger's overview."""
    base = page.url
    page.goto(f"{base}expenses/")
    day = page.locator("a[href*='/expenses/20']").first.get_attribute("href").rstrip("/")[-10:]
    page.goto(base + picture.path.format(day=day))
    for chart in page.locator("[data-chart]:visible").all():
        chart.locator("svg").first.wait_for()
    page.screenshot(path=folder / f"{picture.name}.png")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=HERE / "docs" / "screenshots")
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory(prefix="screenshots-") as home, sync_playwright() as playwright:
        Path(home).chmod(0o711)  # as root, PostgreSQL runs as somebody else
        server = Server(Path(home) / "data")
        with server.database(), server.running("--demo"):
            server.shell(DEMO)
            for picture in PICTURES:
                with signed_in(server, playwright, picture) as page:
                    take(page, picture, folder)


if __name__ == "__main__":
    main()
