"""What people write is text on every page, whatever it looks like: 40 ways to smuggle in a script, all at once."""

from urllib.parse import quote

import pytest

from api.models import Token
from expense_tracker.tests.browser.test_pages import DRAWN_LATE, admin_pages, pages_of
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, make_token, make_user, share
from users.models import Invitation

pytestmark = pytest.mark.browser

# Each of them marks what it gets into: by a dialog, or by an element of the class "injected".
PAYLOADS = [
    "<script class=injected>alert(1)</script>",
    "<ScRiPt class=injected src=//localhost/x.js></sCrIpT>",
    "</script><script class=injected>alert(2)</script>",
    "</textarea><script class=injected>alert(3)</script>",
    "</title><script class=injected>alert(4)</script>",
    "</style><script class=injected>alert(5)</script>",
    "</option></select><img class=injected src=x onerror=alert(6)>",
    "</noscript><img class=injected src=x onerror=alert(7)>",
    "</template><img class=injected src=x onerror=alert(8)>",
    "--><img class=injected src=x onerror=alert(9)><!--",
    "<!-- <b class=injected>",
    "]]><img class=injected src=x onerror=alert(10)>",
    '"><img class=injected src=x onerror=alert(11)>',
    "'><img class=injected src=x onerror=alert(12)>",
    '" class=injected autofocus onfocus=alert(13) x="',
    "' class=injected autofocus onfocus=alert(14) x='",
    "` class=injected onmouseover=alert(15) x=`",
    " class=injected onclick=alert(16) ".strip(),
    "<img class=injected src=x onerror=alert(17)>",
    "<svg class=injected onload=alert(18)>",
    "<svg class=injected><script>alert(19)</script></svg>",
    "<svg class=injected><animate onbegin=alert(20) attributeName=x dur=1s>",
    "<math class=injected><mtext></form><form><mglyph><style></math><img src onerror=alert(21)>",
    "<iframe class=injected srcdoc='<script>alert(22)</script>'></iframe>",
    "<object class=injected data=javascript:alert(23)></object>",
    "<a class=injected href=javascript:alert(24)>click</a>",
    "javascript:alert(25)",
    "data:text/html,<script class=injected>alert(26)</script>",
    "<body class=injected onpageshow=alert(27)>",
    "<details class=injected open ontoggle=alert(28)>",
    "<base class=injected href=//localhost/>",
    "<meta class=injected http-equiv=refresh content='0;url=javascript:alert(29)'>",
    "<link class=injected rel=stylesheet href=//localhost/x.css>",
    "<style class=injected>*{background:url(javascript:alert(30))}</style>",
    "{{ 7|add:7 }}{{ constructor.constructor('alert(31)')() }}",
    "{% now 'Y' %}{% load nothing %}${alert(32)}<%= 1 %>",
    "\\u003cimg class=injected src=x onerror=alert(33)\\u003e&lt;b class=injected&gt;&#60;i&#62;",
    "\u202e<b class=injected>\u2066right to left\u2069",
    "line\u2028alert(34)\u2029</b><b class=injected>\u200b\ufeff",
    "</bdi></td></tr></table><div class=injected hx-get=/ hx-trigger=load hx-on:load=alert(35)>",
]
WATCH_SCRIPTS = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print"])
  window[name] = (...words) => { window.ran.push(`${name} ${words}`); };
"""
INJECTED = """() => [
  ...window.ran,
  ...[...document.querySelectorAll("*")]
    .filter((element) => element.classList.contains("injected")
      || [...element.attributes].some(({name}) => name.startsWith("on") || name.startsWith("hx-on"))
      || /^(javascript|data):/i.test(element.getAttribute("href") ?? ""))
    .map((element) => element.outerHTML.slice(0, 200)),
]"""


@pytest.fixture
def alice():
    return make_user("alice", first_name=PAYLOADS[0], last_name=PAYLOADS[1], is_staff=True, is_superuser=True)


@pytest.fixture
def viewer():
    return make_user("viewer", first_name=PAYLOADS[2], last_name=PAYLOADS[3])


@pytest.fixture
def ledger(alice, viewer):
    """A ledger in which every text is a payload, shared with people of such names."""
    ledger = make_ledger(alice, PAYLOADS[0])
    share(ledger, viewer, "viewer")
    Category.objects.filter(ledger=ledger).delete()
    for number, text in enumerate(PAYLOADS):
        Category.objects.create(ledger=ledger, name=text, position=number)
        make_expense(ledger, f"{number + 1}", text, payee=text, notes=text)
        Invitation.objects.create(note=text, created_by=alice)
        share(ledger, make_user(f"user{number}", first_name=text, last_name=text), "editor")
        make_token(alice, text, only_ledger=make_ledger(alice, text))
    return ledger


def walk(window, paths) -> dict[str, list[str]]:
    """What ran, or became part of a page, instead of being shown. The window watches the CSP."""
    window.context.add_init_script(WATCH_SCRIPTS)
    window.context.on("dialog", lambda dialog: window.troubles.append(f"dialog: {dialog.message}"))
    found = {}
    for path in paths:
        page = window.visit(path)
        for ending, drawn in DRAWN_LATE.items():
            if path.endswith(ending):
                page.locator(drawn).last.wait_for()
        found[path] = page.evaluate(INJECTED)
    return {path: what for path, what in found.items() if what}


def reflecting(ledger) -> list[str]:
    """Pages that say again what the address says."""
    text = quote(PAYLOADS[12])
    return [
        f"/ledgers/{ledger.pk}/expenses/?text={text}&date_after={text}&category={text}&amount_min={text}",
        f"/ledgers/{ledger.pk}/analytics/?start_date={text}&end_date={text}",
        f"/ledgers/{ledger.pk}/{text}/",
        f"/accounts/login/?next={text}",
        f"/api/v1/ledgers/{ledger.pk}/expenses/?page_size={text}",
    ]


def test_on_no_page_of_an_owner_does_a_text_do_anything(window_of, alice, ledger):
    window = window_of(alice)
    paths = [
        *pages_of(ledger),
        "/accounts/tokens/",
        f"/api/v1/ledgers/{ledger.pk}/categories/",
        *reflecting(ledger),
    ]
    assert walk(window, paths) == {}
    rows = window.visit(f"/ledgers/{ledger.pk}/expenses/").locator("tr:not(.day)")
    assert [row.locator("bdi").all_text_contents() for row in rows.all()[1:]] == [
        [text] * 3 for text in reversed(PAYLOADS)
    ]


def test_on_no_page_of_a_viewer_does_a_text_do_anything(window_of, viewer, ledger):
    assert walk(window_of(viewer), pages_of(ledger)) == {}


def test_on_no_page_of_the_admin_does_a_text_do_anything(window_of, alice, ledger):
    expense = Expense.objects.filter(ledger=ledger).first()
    rows = [expense, expense.category, ledger, alice, Invitation.objects.first(), Token.objects.first()]
    assert walk(window_of(alice), admin_pages(*rows)) == {}


def test_the_charts_draw_a_text_and_point_at_it_as_text(window_of, alice, ledger):
    window = window_of(alice)
    assert walk(window, [f"/ledgers/{ledger.pk}/analytics/?by=payee&range=all"]) == {}
    (page,) = window.context.pages
    for chart in page.locator("[data-chart] svg").all():
        chart.hover()
    assert page.evaluate(INJECTED) == []
    drawn = " ".join(page.locator("[data-chart] svg text").all_text_contents())
    assert ("<script class=inj" in drawn, drawn) == (True, drawn)
