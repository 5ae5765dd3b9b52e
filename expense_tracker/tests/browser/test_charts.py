"""The charts in a real Chromium: our modules and style sheet from where they lie, and answers of the API made up here.

No server and no database: `browser/test_journey.py` has both.
"""

from datetime import date, timedelta

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import expect

from expense_tracker.tests.browser.conftest import DESKTOP, PHONE, WATCH_CSP, axe_violations

pytestmark = pytest.mark.browser

SITE = "http://charts.test"
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
RANGE = {"start_date": "2026-11-01", "end_date": "2026-11-30", "currency": "EUR", "basis": "paid"}
EARLIER = {"earlier_start_date": "2026-10-01", "earlier_end_date": "2026-10-31"}
FOOD = {
    "key": "3",
    "id": 3,
    "name": "Food",
    "colour": "#2f9e44",
    "total": "98765432109876.54",
    "percentage": "99.5",
}
RENT = {"key": "4", "id": 4, "name": "Rent", "colour": "#e8590c", "total": "500.00", "percentage": "0.5"}
BACK = {"key": "5", "id": 5, "name": "Refunds", "colour": "#9c36b5", "total": "-20.00", "percentage": "0.0"}
MONTHS = [
    {"key": f"2026-{month:02}-01", "name": name, "total": "640.00", "percentage": "50.0"}
    for month, name in [(10, "Oct 2026"), (11, "Nov 2026")]
]
CELLS = [
    {"row": row["key"], "column": month["key"], "total": "320.00", "count": 1}
    for row in [FOOD, RENT]
    for month in MONTHS
]
CATEGORIES = RANGE | {"total": "98765432110356.54", "categories": [FOOD, RENT, BACK]}
COMPARED = {"earlier_total": "600.00", "change": "-100.00", "change_percentage": "-16.7"}
ANSWERS = {
    "donut": CATEGORIES,
    "treemap": CATEGORIES,
    "bars": CATEGORIES,
    "stacked": RANGE | {"total": "1280.00", "rows": [FOOD, RENT], "columns": MONTHS, "cells": CELLS},
    "grouped": RANGE | {"total": "1280.00", "rows": [FOOD, RENT], "columns": MONTHS, "cells": CELLS},
    "periods": RANGE | {"total": "1280.00", "months": MONTHS},
    "line": RANGE
    | EARLIER
    | {
        "days": [
            {
                "day": day,
                "date": f"2026-11-{day:02}",
                "total": f"{day}0.00" if day < 23 else None,
                "earlier_date": f"2026-10-{day:02}",
                "earlier_total": f"{day}1.00",
            }
            for day in range(1, 31)
        ]
    },
    "heatmap": RANGE
    | {"start_date": "2026-01-01", "end_date": "2026-12-31"}
    | {
        "days": [
            {"key": f"{date(2026, 1, 1) + timedelta(at)}", "total": f"{at - 3}.50", "name": ""}
            for at in range(0, 326, 2)
        ]
    },
    "comparison": RANGE
    | EARLIER
    | {"categories": [FOOD | COMPARED, RENT | COMPARED, BACK | COMPARED | {"change_percentage": None}]},
}
KINDS = list(ANSWERS)


def chart(kind: str) -> str:
    """A figure and its table, whose links say in the page's title which of them was followed."""
    links = "".join(
        f'<tr data-row="{key}"><th>{key}</th><td><a class="rows" href="#rows-{key}">rows</a>'
        f' <a class="leave-out" href="#without-{key}">leave out</a></td></tr>'
        for key in ["3", "4", "5"]
    )
    cells = (
        '<tr><td><a data-row="3" data-column="2026-11-01" href="#cell">320.00</a>'
        '<a data-row="2026-08-23" href="#day">17.50</a></td></tr>'
    )
    return (
        f'<figure class="chart card"><figcaption>{kind}</figcaption><div data-chart="{kind}"'
        f' data-source="/api/{kind}/" data-table="table-{kind}" data-echarts="/static/vendor/echarts.js"'
        ' data-locale="en" data-digits="2" data-today="2026-11-22" data-today-page="#page-2026-11-22"'
        f' data-first-weekday="5" aria-label="About {kind}"></div></figure>'
        f'<table id="table-{kind}"><caption>{kind} as a table</caption><tbody>{links}{cells}</tbody></table>'
    )


def page_of(*kinds: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Charts</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="htmx-config" content=\'{"includeIndicatorStyles":false,"allowEval":false}\'>'
        '<link rel="stylesheet" href="/static/css/app.css">'
        '<script src="/static/django_htmx/htmx-2.min.js" defer></script>'
        '<script type="module" src="/static/js/charts.mjs"></script></head><body><main class="main"><h1>Charts</h1>'
        f'<div id="figures">{"".join(map(chart, kinds))}</div>'
        '<button class="button" hx-get="/part/" hx-target="#figures">Change</button></main></body></html>'
    )


@pytest.fixture
def charts(chromium):
    """``charts("donut", …)`` is a page with these charts; keyword arguments are options of the browser."""
    contexts, troubles = [], []

    def answer(route):
        path = route.request.url.removeprefix(SITE).split("?")[0]
        kind = path.removeprefix("/api/").strip("/")
        if path.startswith("/static/"):
            route.fulfill(path=finders.find(path.removeprefix("/static/")))
        elif kind in ANSWERS and route.request.headers["accept"] == "application/json":
            route.fulfill(json=ANSWERS[kind])
        elif path == "/part/":
            route.fulfill(body=chart("bars"), content_type="text/html")
        elif path == "/":
            route.fulfill(
                body=contexts[-1].html, content_type="text/html", headers={"Content-Security-Policy": CSP}
            )
        else:
            route.fulfill(status=500)

    def open_charts(*kinds, **options):
        context = chromium.new_context(
            **{"viewport": DESKTOP, "locale": "en-US", "reduced_motion": "reduce"} | options
        )
        context.html = page_of(*kinds)
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_init_script(WATCH_CSP)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        context.route("**/*", answer)
        page.goto(f"{SITE}/")
        expect(page.locator("[data-chart] svg")).to_have_count(
            len([kind for kind in kinds if kind in ANSWERS])
        )
        return page

    yield open_charts
    for context in contexts:
        troubles += context.pages[0].evaluate("window.cspViolations")
        context.close()
    assert troubles == []


def middle(shape):
    shape.scroll_into_view_if_needed()
    box = shape.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def mark(page, kind: str, row: dict = FOOD, number: int = 0):
    """The middle of a mark in the colour of the category."""
    return middle(page.locator(f"[data-chart={kind}] svg path[fill='{row['colour']}' i]").nth(number))


def day_of_year(page, number: int):
    """The middle of a square of the heat map."""
    return middle(page.locator("[data-chart=heatmap] svg path").nth(number - 1))


def words(page, kind: str) -> list[str]:
    return page.locator(f"[data-chart={kind}] svg text").all_text_contents()


@pytest.mark.parametrize(
    ("scheme", "viewport"), [("light", DESKTOP), ("dark", PHONE)], ids=["desktop", "phone"]
)
def test_every_kind_is_drawn_and_described(charts, scheme, viewport):
    page = charts(*KINDS, color_scheme=scheme, viewport=viewport)
    for kind in KINDS:
        box = page.locator(f"[data-chart={kind}]")
        assert (box.get_attribute("role"), box.get_attribute("aria-label")) == ("img", f"About {kind}")
        assert box.evaluate(
            "box => box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight"
        )
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_amounts_are_written_exactly_and_shares_as_the_table_has_them(charts):
    page = charts("donut", "bars", "comparison")
    assert [word for word in words(page, "donut") if "€" in word or "%" in word] == [
        "99.5%",
        "€98,765,432,110,356.54",
    ]
    assert [word for word in words(page, "bars") if "€" in word] == [
        "€98,765,432,109,876.54",
        "€500.00",
        "-€20.00",
    ]
    assert [word for word in words(page, "comparison") if "€" in word] == [
        "-€100.00   -16.7%",
        "-€100.00   -16.7%",
        "-€100.00",
    ]


def test_weeks_begin_with_the_day_that_the_page_says_whatever_the_browser_knows(charts):
    names = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
    page = charts("heatmap")
    assert [word for word in words(page, "heatmap") if word in names] == ["Sat", "Mon", "Wed", "Fri"]


def test_a_mark_follows_the_link_of_its_row_in_the_table_beside_it(charts):
    page = charts("treemap", "stacked", "heatmap")
    page.mouse.click(*mark(page, "treemap"))
    expect(page).to_have_url(f"{SITE}/#without-3")
    page.mouse.click(*mark(page, "stacked", number=1))
    expect(page).to_have_url(f"{SITE}/#cell")
    page.mouse.click(*day_of_year(page, 235))
    expect(page).to_have_url(f"{SITE}/#day")
    page.mouse.click(*day_of_year(page, 234))  # not in the table
    expect(page).to_have_url(f"{SITE}/#page-2026-08-22")


def test_a_click_with_ctrl_opens_a_tab(charts):
    page = charts("bars")
    with page.context.expect_page() as opened:
        page.keyboard.down("Control")
        page.mouse.click(*mark(page, "bars"))
    expect(opened.value).to_have_url(f"{SITE}/#without-3")
    assert page.url == f"{SITE}/"


def test_a_finger_reads_a_mark_before_it_follows_it(charts):
    page = charts("treemap", has_touch=True, viewport=PHONE)
    place = mark(page, "treemap")
    page.touchscreen.tap(*place)
    expect(page.locator("[data-chart] svg text", has_text="Food")).to_have_count(
        2
    )  # the other in the tooltip
    assert page.url == f"{SITE}/"
    page.touchscreen.tap(*place)
    expect(page).to_have_url(f"{SITE}/#without-3")


EMPTIED = """async box => {
  for (let frame = 0; box.querySelector("svg") && frame < 300; frame++) await new Promise(requestAnimationFrame);
  return !box.querySelector("svg");
}"""


def test_a_part_that_is_replaced_lets_go_of_its_charts_and_starts_new_ones(charts):
    page = charts("donut")
    old = page.locator("[data-chart=donut]").element_handle()
    page.get_by_role("button", name="Change").click()
    expect(page.locator("[data-chart=bars] svg")).to_be_visible()
    expect(page.locator("[data-chart]")).to_have_count(1)
    assert old.evaluate(EMPTIED)


def test_a_chart_without_its_figures_hides_and_leaves_the_table(charts):
    page = charts("donut", "nonsense")
    expect(page.locator("figure", has_text="nonsense")).to_be_hidden()
    expect(page.get_by_role("table", name="nonsense as a table")).to_be_visible()


def test_colours_follow_the_page_while_it_is_open_and_paper_is_light(charts):
    page = charts("donut")
    name = page.locator("[data-chart] svg text", has_text="Food")
    light = name.get_attribute("fill")
    page.emulate_media(color_scheme="dark")
    expect(name).not_to_have_attribute("fill", light)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(name).to_have_attribute("fill", light)


def test_charts_take_the_room_they_will_need_before_their_figures_come(charts):
    page = charts(*KINDS)
    tops = "boxes => boxes.map(box => Math.round(box.getBoundingClientRect().top + scrollY))"
    drawn = page.locator("[data-chart]").evaluate_all(tops)
    page.context.route("**/api/**", lambda route: None)
    page.reload()
    page.locator("[data-chart=comparison][role=img]").wait_for()
    assert page.locator("[data-chart]").evaluate_all(tops) == drawn
