"""Browsers and pages; each page is watched for what must never happen."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.browser.screen import Browsers, Screen
from tests.support.people import Person
from tests.support.servers import ROOT, Server, running

# Playwright keeps an event loop in this thread; the tests use the ORM beside it, never within it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

MISSING = (
    "Chromium is missing. The browser tests use Debian's: apt-get install -y chromium (as root), then run `make test` again."
)


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail(MISSING, pytrace=False)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="session")
def server(live_database: None) -> Iterator[Server]:
    """One server for the pages."""
    with running(IM_RATE_SIGN_IN_ADDRESS="1000/s:100000") as (started,):
        yield started


Enter = Callable[..., Screen]


@pytest.fixture(scope="session")
def browsers(browser: Browser) -> Browsers:
    """Browsers for the screens."""
    return Browsers(browser)


@pytest.fixture
def enter(browsers: Browsers, server: Server) -> Iterator[Enter]:
    """Open the page as somebody: `enter(alice)`, `enter(alice, phone=True)`, `enter(alice, path="/chat/1")`."""
    screens: list[Screen] = []

    def open_screen(who: Person | None, *, on: Server | None = None, path: str = "/", **options: Any) -> Screen:
        screen = Screen(browsers, (on or server).url, **options)
        screens.append(screen)
        if on is not None:
            screen.allow("ERR_CONNECTION_REFUSED")  # a server of the test's own goes before the page
        if who is not None:
            screen.is_signed_in_as(who)
        screen.page.goto((on or server).url + path)
        return screen

    yield open_screen
    for screen in screens:
        screen.close()


Modules = Callable[..., Page]


@pytest.fixture
def modules(browser: Browser) -> Iterator[Modules]:
    """A page that holds nothing, with the product's modules at hand: `modules()`. With a bug planted in one of them:
    `modules("core/timeline.js", "what stands there", "what shall stand there")`."""
    pages: list[Page] = []

    def open_page(*planted: str) -> Page:
        page = browser.new_page()
        pages.append(page)
        page.route("**/*", lambda route: _serve_module(route, planted))
        page.goto("http://localhost/")  # nobody listens there: every request is answered here
        return page

    yield open_page
    for page in pages:
        page.close()


def _serve_module(route: Route, planted: tuple[str, ...]) -> None:
    path = route.request.url.removeprefix("http://localhost/")
    if not path.endswith(".js"):
        route.fulfill(body="<!doctype html><title>Modules</title>", content_type="text/html")
        return
    text = (ROOT / path.replace("tests/", "tests/browser/", 1)).read_text()
    if planted and path == f"static/js/{planted[0]}":
        assert text.count(planted[1]) == 1, planted
        text = text.replace(planted[1], planted[2])
    route.fulfill(body=text, content_type="text/javascript")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder runs in a browser, and so in a process of its own."""
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
