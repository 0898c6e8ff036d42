"""Browsers and pages; each page is watched for what must never happen."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.screen import Screen
from tests.support.people import Person
from tests.support.servers import Server, running

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


@pytest.fixture
def enter(browser: Browser, server: Server) -> Iterator[Enter]:
    """Open the page as somebody: `enter(alice)`, `enter(alice, phone=True)`, `enter(alice, path="/chat/1")`."""
    screens: list[Screen] = []

    def open_screen(who: Person | None, *, on: Server | None = None, path: str = "/", **options: Any) -> Screen:
        screen = Screen(browser, (on or server).url, **options)
        screens.append(screen)
        screen.page.goto((on or server).url + path)
        if who is not None:
            screen.sign_in(who)
        return screen

    yield open_screen
    for screen in screens:
        screen.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder runs in a browser, and so in a process of its own."""
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
