"""A real Chromium against a real server. A page that breaks the CSP or throws fails its test."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from conftest import CHROMIUM

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
WATCH_CSP = """
window.cspViolations = [];
addEventListener("securitypolicyviolation", (event) =>
  window.cspViolations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def chromium():
    # Playwright's loop runs in this thread; the ORM of the test itself is not asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


class Window:
    """Opens pages as somebody, and remembers what went wrong in them."""

    def __init__(self, context, server, troubles):
        self.context, self.server, self.troubles = context, server, troubles

    def open(self, path: str):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(f"{path}: {error}"))
        page.goto(self.server.url + path)
        return page

    def visit(self, path: str):
        """Open the path in the tab that is open already: for walks over many pages."""
        if not self.context.pages:
            return self.open(path)
        self.check()
        (page,) = self.context.pages
        page.goto(self.server.url + path)
        return page

    def check(self):
        for page in self.context.pages:
            if page.url.startswith("http"):
                self.troubles += page.evaluate("window.cspViolations ?? []")


@pytest.fixture
def window_of(chromium, live_server, client, transactional_db):
    """``window_of(alice)`` is Alice's browser; ``None`` is a visitor's. Options are those of a browser context."""
    windows, troubles = [], []

    def open_window(user=None, **options) -> Window:
        options = {"viewport": DESKTOP, "locale": "en-US"} | options
        context = chromium.new_context(**options)
        context.set_default_timeout(10_000)
        context.add_init_script(WATCH_CSP)
        if user:
            client.force_login(user)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
            context.add_cookies([cookie])
        windows.append(Window(context, live_server, troubles))
        return windows[-1]

    yield open_window
    for window in windows:
        if window.context.browser and getattr(window, "scripted", True):
            window.check()
        window.context.close()
    assert troubles == []


AXE = Axe()
# Without `preload`, which would put the style sheets into the page once more, as inline styles.
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}
# The rules that look at colours: nothing else differs between light and dark.
OF_COLOUR = {"runOnly": ["color-contrast", "link-in-text-block"]}
NOT_OURS = {"exclude": [["#swagger-ui"]]}  # Swagger UI's own inside is not ours to mend
# Two frames later whatever looks for the scheme has seen it; colours of the admin would still be on their way.
REDRAWN = """
async () => {
  for (const _ of "12") await new Promise(requestAnimationFrame);
  for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
}
"""


def axe_violations(page, **options) -> list[str]:
    """What axe finds wrong with the page as it is now. ``options`` are those of ``axe.run``."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.axe_script)
    found = page.evaluate("(how) => axe.run(...how)", [NOT_OURS, AXE_OPTIONS | options])["violations"]
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']][:5]}" for rule in found]


def axe_violations_in_light_and_dark(page) -> list[str]:
    """What axe finds on the page as it was loaded, and then of the colours in the other of the two."""
    loaded = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    other = {"dark": "light", "light": "dark"}[loaded]
    found = [f"{loaded}: {text}" for text in axe_violations(page)]
    page.emulate_media(color_scheme=other)
    page.evaluate(REDRAWN)
    found += [f"{other}: {text}" for text in axe_violations(page, **OF_COLOUR)]
    page.emulate_media(color_scheme=loaded)
    return found
