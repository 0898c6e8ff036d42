"""What a person sees and does, in their words."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.support.people import PASSWORD, Person

expect.set_options(timeout=8_000)


class Screen:
    """One window of a browser. At its end nothing may have gone wrong that a person would not see: no error on the
    console, no violation of the content security policy, no request to anybody else."""

    def __init__(
        self, browser: Browser, url: str, *, phone: bool = False, dark: bool = False, context: Any = None, **options: Any
    ) -> None:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 800}
        options.setdefault("viewport", size)
        scheme = "dark" if dark else "light"
        self.context: BrowserContext = context or browser.new_context(
            color_scheme=scheme, is_mobile=phone, has_touch=phone, locale=options.pop("locale", "en-US"), **options
        )
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

    def close(self) -> None:
        if self.owns_context:
            self.context.close()
        else:
            self.page.close()
        unexpected = [problem for problem in self.problems if not any(text in problem for text in self.expected)]
        assert not unexpected, unexpected

    def another_tab(self, path: str = "/") -> "Screen":
        """A second tab of the same browser."""
        tab = Screen(self.context.browser, self.url, context=self.context)  # type: ignore[arg-type]
        tab.page.goto(self.url + path)
        return tab

    # ---- doing --------------------------------------------------------------------------------------------------------

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
        return self.page.locator(".row", has=self.page.locator(".row__name", has_text=name))

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
