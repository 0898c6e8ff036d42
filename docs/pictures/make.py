"""`python docs/pictures/make.py [folder]`: pictures of the pages as they are, from a server with the demo people.

Without a folder it makes the ones of the README, beside this file; with one, every page in every size and theme."""

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

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PORT = 10377
URL = f"http://127.0.0.1:{PORT}"
SIZES = {"desktop": (1280, 800), "tablet": (834, 1112), "phone": (390, 844)}


@contextmanager
def demo() -> Iterator[str]:
    """A server with the demo people in a folder of its own; gives their password."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "IM_VAR_DIR": folder, "TZ": "UTC"}
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


def everything(browser: Browser, password: str, folder: Path) -> None:
    for size in SIZES:
        for theme in ("light", "dark"):

            def shot(name: str, page: Page, size: str = size, theme: str = theme) -> None:
                page.wait_for_timeout(500)
                page.screenshot(path=folder / f"{name}-{size}-{theme}.png")

            page = window(browser, size, theme)
            page.goto(f"{URL}/sign-in")
            shot("sign-in", page)
            sign_in(page, "alice", password)
            shot("list", page)
            page.locator(".row", has_text="Bob Lindqvist").click()
            shot("chat", page)
            page.keyboard.press("Control+k")
            shot("switcher", page)
            page.keyboard.press("Escape")
            page.locator(".thread-head [aria-haspopup=menu]").click()
            shot("menu", page)
            page.context.close()
    page = window(browser, "desktop", "light", "zh-CN")
    page.goto(f"{URL}/sign-in")
    page.screenshot(path=folder / "sign-in-chinese.png")
    sign_in(page, "carol", password)
    page.locator(".row").first.click()
    page.wait_for_timeout(500)
    page.screenshot(path=folder / "chat-chinese.png")
    page.goto(f"{URL}/nowhere")
    page.screenshot(path=folder / "not-found-chinese.png")
    page.context.close()


def readme(browser: Browser, password: str, folder: Path) -> None:
    bob = window(browser, "desktop", "light")
    sign_in(bob, "bob", password)
    for size, theme in (("desktop", "light"), ("desktop", "dark"), ("phone", "light")):
        page = window(browser, size, theme)
        sign_in(page, "alice", password)
        page.locator(".row", has_text="Bob Lindqvist").click()
        page.locator(".msg").last.wait_for()
        page.wait_for_timeout(1800)  # the name of the day steps aside
        page.screenshot(path=folder / f"chat-{size}-{theme}.png")
        page.context.close()
    bob.context.close()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with demo() as password, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        if folder is None:
            readme(browser, password, Path(__file__).parent)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            everything(browser, password, folder)
        browser.close()


if __name__ == "__main__":
    main()
