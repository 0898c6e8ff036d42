"""What a session's device is called, read from the user agent that it sent."""

import re

from django.utils.translation import gettext

from accounts.models import Session

# In this order: most browsers also name those that they descend from.
_BROWSERS = (
    (re.compile(r"\bEdg(?:e|A|iOS)?/"), "Edge"),
    (re.compile(r"\b(?:OPR|Opera)/"), "Opera"),
    (re.compile(r"\bSamsungBrowser/"), "Samsung Internet"),
    (re.compile(r"\b(?:Firefox|FxiOS)/"), "Firefox"),
    (re.compile(r"\b(?:Headless)?(?:Chrome|CriOS|Chromium)/"), "Chrome"),
    (re.compile(r"\bSafari/"), "Safari"),
)
_SYSTEMS = (
    (re.compile(r"\biPhone\b"), "iPhone"),
    (re.compile(r"\biPad\b"), "iPad"),
    (re.compile(r"\bAndroid\b"), "Android"),
    (re.compile(r"\bWindows\b"), "Windows"),
    (re.compile(r"\bMac OS X\b|\bMacintosh\b"), "macOS"),
    (re.compile(r"\bCrOS\b"), "ChromeOS"),
    (re.compile(r"\bLinux\b"), "Linux"),
)
_PRODUCT = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,39}(?=[/ ]|$)")
PHONES = ("iPhone", "iPad", "Android")


def _first(table: tuple[tuple[re.Pattern[str], str], ...], agent: str) -> str:
    return next((name for pattern, name in table if pattern.search(agent)), "")


def name(session: Session) -> str:
    """`Firefox on Linux`, or the program's own name, in the reader's language."""
    agent = session.user_agent
    browser, system = _first(_BROWSERS, agent), _first(_SYSTEMS, agent)
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    if browser:
        return browser
    product = _PRODUCT.match(agent)
    if product and product[0] != "Mozilla":
        return product[0]
    return gettext("A program") if session.kind == Session.Kind.TOKEN else gettext("A browser")


def is_phone(session: Session) -> bool:
    """Whether it is something for the hand."""
    return _first(_SYSTEMS, session.user_agent) in PHONES
