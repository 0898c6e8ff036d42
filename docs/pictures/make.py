"""`python docs/pictures/make.py [language]`: pictures of the pages as they are, from a server with the demo people: beside this
file those of the README, and in `pages/` every page, on the desktop in the light and on a phone in the dark. With a language
("zh-CN") only the pages, in a folder of its name."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PORT = 10377
URL = f"http://127.0.0.1:{PORT}"
SIZES = {"desktop": (1280, 800), "tablet": (834, 1112), "phone": (390, 844)}


@contextmanager
def demo() -> Iterator[str]:
    """A server with the demo people in a folder of its own; gives their password."""
    with tempfile.TemporaryDirectory() as folder:
        mail = {"IM_EMAIL_URL": "dummymail://", "IM_EMAIL_FROM": "chat@example.org"}  # so that passwords can be forgotten
        environment = {**os.environ, **mail, "IM_VAR_DIR": folder, "TZ": "UTC"}
        command = [sys.executable, "manage.py", "start", "--port", str(PORT)]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            while True:
                try:
                    urllib.request.urlopen(f"{URL}/sign-in", timeout=5).read()
                    break
                except OSError:
                    time.sleep(0.1)
            yield (Path(folder) / "demo-password").read_text().strip()
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)


def window(browser: Browser, size: str, theme: str, language: str = "en-GB") -> Page:
    width, height = SIZES[size]
    phone = size == "phone"
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, locale=language, is_mobile=phone, has_touch=phone,
        device_scale_factor=2 if phone else 1, timezone_id="UTC",
    )  # fmt: skip
    return context.new_page()


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto(f"{URL}/sign-in")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.locator("[data-rows]:not([aria-busy])").wait_for()
    page.locator(".row").first.wait_for()
    page.wait_for_timeout(600)


# What each picture shows: its address, and what is done there before it is taken.
PAGES: dict[str, tuple[str, str]] = {
    "sign-in": ("/sign-in", ""),
    "forgotten": ("/forgot", ""),
    "list": ("/", ""),
    "chat": ("/", "chat"),
    "switcher": ("/", "switcher"),
    "chat-menu": ("/", "chat menu"),
    "people": ("/people", ""),
    "person": ("/people", "person"),
    "profile": ("/settings/profile", ""),
    "devices": ("/settings/devices", ""),
    "notifications": ("/settings/notifications", ""),
    "appearance": ("/settings/appearance", ""),
    "blocked": ("/settings/blocked", ""),
    "language": ("/settings/language", ""),
    "shortcuts": ("/settings/shortcuts", ""),
    "account": ("/account", ""),
    "password": ("/account/password", ""),
    "second-factor": ("/account/app", ""),
    "passkeys": ("/account/passkeys", ""),
    "delete": ("/account/delete", ""),
    "not-found": ("/nowhere", ""),
    "admin": ("/admin/", ""),
    "admin-people": ("/admin/accounts/user/", ""),
    "admin-audit": ("/admin/audit/auditevent/", ""),
}
OPEN = ("sign-in", "forgotten")  # pages of those who are not signed in


def reach(page: Page, path: str, act: str) -> None:
    page.goto(URL + path)
    match act:
        case "chat" | "chat menu":
            page.locator("sky-chats .row", has_text="Bob Lindqvist").click()
            page.locator(".msg").last.wait_for()
            if act == "chat menu":
                page.locator(".thread-head [aria-haspopup=menu]").click()
        case "switcher":
            page.locator("[data-rows]:not([aria-busy])").wait_for()
            page.keyboard.press("Control+k")
        case "person":
            page.locator("[data-people-rows] a.row").first.click()
    page.wait_for_timeout(900)


def everything(browser: Browser, password: str, folder: Path, *, language: str = "en-GB") -> None:
    """Every page on the desktop in the light and on a phone in the dark."""
    for size, theme in (("desktop", "light"), ("phone", "dark")):
        page = window(browser, size, theme, language)
        for name in (*OPEN, *(name for name in PAGES if name not in OPEN)):
            if name == "list":
                sign_in(page, "alice", password)
            reach(page, *PAGES[name])
            save(page, folder / f"{name}-{size}-{theme}.png")
        page.context.close()


def save(page: Page, path: Path) -> None:
    """With 256 colours: they are looked at, not measured."""
    page.screenshot(path=path)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def readme(browser: Browser, password: str, folder: Path) -> None:
    bob = window(browser, "desktop", "light")
    sign_in(bob, "bob", password)
    for size, theme in (("desktop", "light"), ("desktop", "dark"), ("phone", "light")):
        page = window(browser, size, theme)
        sign_in(page, "alice", password)
        page.locator(".row", has_text="Bob Lindqvist").click()
        page.locator(".msg").last.wait_for()
        page.wait_for_timeout(1800)  # the name of the day steps aside
        save(page, folder / f"chat-{size}-{theme}.png")
        page.context.close()
    bob.context.close()


def main() -> None:
    here = Path(__file__).parent
    language = sys.argv[1] if len(sys.argv) > 1 else None
    pages = here / (language or "pages")
    pages.mkdir(exist_ok=True)
    with demo() as password, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        everything(browser, password, pages, language=language or "en-GB")
        if language is None:
            readme(browser, password, here)
        browser.close()


if __name__ == "__main__":
    main()
