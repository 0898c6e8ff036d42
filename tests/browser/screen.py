"""What a person sees and does, in their words."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, WebSocketRoute, expect

from tests.support.people import PASSWORD, Person

expect.set_options(timeout=8_000)


class Browsers:
    """Browsers that nobody has used before: new ones, or such as another test has left and that have forgotten it. Those still
    know the static files, which are most of what opening the page costs."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.free: dict[tuple[bool, bool], list[BrowserContext]] = defaultdict(list)
        self.kinds: dict[BrowserContext, tuple[bool, bool]] = {}

    def take(self, *, phone: bool = False, dark: bool = False, **options: Any) -> BrowserContext:
        """A browser of its own, with `options` of Playwright's `new_context`."""
        if not options and self.free[phone, dark]:
            return self.free[phone, dark].pop()
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 800}
        settled = {"locale": "en-US", "viewport": size, "color_scheme": "dark" if dark else "light"}
        # Playwright cannot answer what a service worker asks; the tests of the worker let it in.
        settled |= {"service_workers": "block"} | options
        context = self.browser.new_context(is_mobile=phone, has_touch=phone, **settled)
        if not options:
            self.kinds[context] = (phone, dark)
        return context

    def keep_from_others(self, context: BrowserContext) -> None:
        """It has been changed for good."""
        self.kinds.pop(context, None)

    def give_back(self, context: BrowserContext, origin: str) -> None:
        """The test is over: the browser forgets what it has been told, or is closed."""
        if context not in self.kinds or not context.pages:
            context.close()
            return
        context.unroute_all()
        context.set_offline(False)
        context.clear_permissions()
        first, *others = context.pages
        for page in others:
            page.close()
        first.goto("about:blank")
        wire = context.new_cdp_session(first)
        wire.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        first.close()
        context.clear_cookies()
        self.free[self.kinds[context]].append(context)


class Screen:
    """One window of a browser. At its end nothing may have gone wrong that a person would not see: no error on the
    console, no violation of the content security policy, no request to anybody else."""

    def __init__(self, browsers: "Browsers", url: str, *, context: BrowserContext | None = None, **options: Any) -> None:
        self.browsers = browsers
        self.context = context or browsers.take(**options)
        self.owns_context = context is None
        self.url = url
        self.problems: list[str] = []
        self.expected: tuple[str, ...] = ()
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(8_000)
        self.page.on("console", lambda message: message.type == "error" and self.problems.append(message.text))
        self.page.on("pageerror", lambda error: self.problems.append(f"uncaught: {error}"))
        self.page.on("request", lambda request: self._watch(request.url))

    def _watch(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:", self.url.replace("http", "ws"))):
            self.problems.append(f"a request to {url}")

    def allow(self, *texts: str) -> None:
        """Problems with these words are part of the story: a server that is away cannot be reached quietly."""
        self.expected += texts

    def _has_left(self) -> bool:
        """Whether the page is nobody's any more: what it asked for at that moment was refused, which nobody sees."""
        try:
            return bool(
                self.page.evaluate("document.querySelector('sky-chats')?.client?.gone ?? !document.querySelector('sky-chats')")
            )
        except Error:
            return True

    def close(self) -> None:
        if self._has_left():
            self.allow("401")
        if self.owns_context:
            self.browsers.give_back(self.context, self.url)
        else:
            self.page.close()
        unexpected = [problem for problem in self.problems if not any(text in problem for text in self.expected)]
        assert not unexpected, unexpected

    def another_tab(self, path: str = "/") -> "Screen":
        """A second tab of the same browser."""
        tab = Screen(self.browsers, self.url, context=self.context)
        tab.page.goto(self.url + path)
        return tab

    def intercept_sockets(self, handler: Callable[[WebSocketRoute], Any]) -> None:
        """Answer this browser's WebSockets. That cannot be taken back, so no other test gets this browser."""
        self.browsers.keep_from_others(self.context)
        self.context.route_web_socket(re.compile("/ws"), handler)

    # ---- doing --------------------------------------------------------------------------------------------------------

    def is_signed_in_as(self, who: Person) -> None:
        """This browser was signed in before the story begins."""
        value = who.sign_in_a_browser(self.page.evaluate("navigator.userAgent"))
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.url}])

    def sign_in(self, who: Person, password: str = PASSWORD) -> None:
        self.page.get_by_label("Username").fill(who.user.username)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def open(self, name: str) -> None:
        """Open the chat with somebody from the list."""
        self.row(name).click()
        expect(self.page.locator(".thread-head__name")).to_have_text(name)

    def start_chat(self, search: str, name: str) -> None:
        """Find somebody and begin a chat."""
        self.jump()
        self.page.get_by_label("Search", exact=True).fill(search)
        self.page.get_by_role("option", name=name).click()
        expect(self.page.locator(".thread-head__name")).to_have_text(name)

    def jump(self) -> None:
        """Open the switcher."""
        self.ready()
        self.page.keyboard.press("Control+k")

    def ready(self) -> None:
        """Wait until the page has its list."""
        expect(self.page.locator("[data-rows]:not([aria-busy])")).to_have_count(1)

    def cut_off(self) -> None:
        """Load the page anew and give it no ticket: it stays without a connection."""
        self.allow("ERR_FAILED")
        self.page.route("**/ws-tickets", lambda route: route.abort())
        self.page.reload()

    def write(self, text: str) -> None:
        """Put text into the composer without sending it."""
        self.composer.fill(text)

    def say(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    def to_end(self) -> None:
        self.page.locator(".jump").click()

    # ---- seeing -------------------------------------------------------------------------------------------------------

    @property
    def composer(self) -> Locator:
        return self.page.locator("#composer")

    @property
    def log(self) -> Locator:
        return self.page.locator(".log")

    @property
    def pill(self) -> Locator:
        return self.page.locator(".pill")

    def row(self, name: str) -> Locator:
        return self.page.locator("sky-chats .row", has=self.page.locator(".row__name", has_text=name))

    def message(self, text: str) -> Locator:
        return self.page.locator(".msg", has=self.page.locator(".bubble__text", has_text=text))

    def texts(self) -> list[str]:
        """The messages on the screen, without their times."""
        without_meta = "[...el.childNodes].filter(node => !node.classList?.contains('meta'))"
        script = f"els => els.map(el => {without_meta}.map(node => node.textContent).join(''))"
        return list(self.page.locator(".bubble__text").evaluate_all(script))

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.message(text)).to_have_count(1)

    def tick(self, text: str, status: str) -> None:
        """The mark of an own message: Sending, Sent, Delivered or Read."""
        expect(self.message(text).locator(".tick-icon")).to_have_attribute("aria-label", status)

    def unread(self, name: str, count: int) -> None:
        badge = self.row(name).locator(".badge")
        if count:
            expect(badge).to_have_text(str(count))
        else:
            expect(badge).to_have_count(0)

    def title(self, text: str) -> None:
        expect(self.page).to_have_title(text)
