"""A browser finds what it needs to put the application on a home screen."""

import struct

from django.contrib.staticfiles import finders
from django.urls import reverse

from expense_tracker.installing import ICONS


def size_of(png: bytes) -> str:
    width, height = struct.unpack(">II", png[16:24])
    return f"{width}x{height}"


def test_the_manifest_names_the_first_page_and_icons_of_the_sizes_it_says(client, db):
    response = client.get(reverse("manifest"))
    said = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert (said["name"], said["start_url"], said["scope"], said["display"]) == (
        *("Expense tracker", "/", "/"),
        "standalone",
    )
    for icon in ICONS:
        with open(finders.find(icon["src"]), "rb") as file:
            content = file.read()
        assert icon["sizes"] == (size_of(content) if icon["type"] == "image/png" else "any")
    assert [icon["src"].rpartition("/")[2][:4] for icon in said["icons"]] == ["mark"] * len(ICONS)


def test_the_manifest_speaks_the_readers_language(client, db):
    said = client.get(reverse("manifest"), headers={"Accept-Language": "de"}).json()
    assert (said["lang"], said["short_name"]) == ("de", "Ausgaben")


def test_browsers_that_look_for_an_icon_find_it(client, db):
    assert client.get("/favicon.ico")["Location"].endswith("mark.svg")
