"""Text and emoji on the page: what is written with marks, picked and completed arrives as it was meant, and acts on nothing."""

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.support.people import Cast
from tests.support.rest import say

CODE = 'def greet(name):\n    return "hi " + name  # <b>not bold</b>\n'


def test_a_message_with_marks(people: Cast, enter: Enter) -> None:
    conversation = say(people.bob, people.alice, "first")
    alice, bob = enter(people.alice), enter(people.bob)
    bob.context.grant_permissions(["clipboard-read", "clipboard-write"])
    alice.open("Bob")
    bob.open("Alice")
    here = f"{alice.url}/chat/{conversation}"
    alice.say(f"**Plan** for _today_: ~~sleep~~ `make *run*`, [the docs](https://docs.python.org/3/) and [this chat]({here})")
    alice.say('<img src=x onerror="document.title=1"> **<b>x</b>** [x](javascript:document.title=2) javascript:alert(1)')
    alice.say(f"To run:\n1. install\n3. start\n> as it *was*\n```python\n{CODE}```")

    plan = bob.message("Plan for today")
    for tag, text in (("strong", "Plan"), ("em", "today"), ("s", "sleep"), ("code", "make *run*")):
        expect(plan.locator(tag)).to_have_text(text)
    outside = plan.get_by_role("link", name="the docs")
    expect(outside).to_have_attribute("target", "_blank")
    expect(outside).to_have_attribute("rel", "noopener noreferrer")
    expect(outside).to_have_attribute("title", "https://docs.python.org/3/")
    evil = bob.message("document.title=1")
    expect(evil.locator("strong")).to_have_text("<b>x</b>")
    expect(evil.locator("a, img, b")).to_have_count(0)

    listed = bob.message("To run:")
    expect(listed.locator("li")).to_have_text(["install", "start"])
    expect(listed.locator("li").last).to_have_attribute("value", "3")
    expect(listed.locator("blockquote em")).to_have_text("was")
    code = listed.get_by_role("group", name="Code, python")
    height = code.bounding_box()["height"]  # type: ignore[index]
    expect(code.locator(".tok-k").first).to_have_text("def")  # coloured by the server, and not a line higher
    assert code.text_content() == CODE.removesuffix("\n")
    assert code.bounding_box()["height"] == height  # type: ignore[index]
    listed.get_by_role("button", name="Copy").click()
    expect(listed.get_by_role("button", name="Copied")).to_be_visible()
    assert bob.page.evaluate("navigator.clipboard.readText()") == CODE.removesuffix("\n")
    expect(bob.row("Alice")).to_contain_text("To run: 1. install 3. start as it was def greet(name):")

    bob.page.evaluate("window.stays = true")
    plan.get_by_role("link", name="this chat").click()
    expect(bob.page).to_have_url(here)
    assert bob.page.evaluate("window.stays")


def test_emoji_are_picked_and_completed(people: Cast, enter: Enter) -> None:
    say(people.bob, people.alice, "first")
    alice = enter(people.alice)
    alice.open("Bob")
    button = alice.page.get_by_role("button", name="Emoji", exact=True)
    picker = alice.page.get_by_role("dialog", name="Emoji")
    search = picker.get_by_label("Search emoji")

    alice.write("Well ")
    button.click()
    expect(search).to_be_focused()
    picker.get_by_role("button", name="Skin tone").click()
    picker.get_by_label("Medium dark skin").check()
    search.fill("赞")
    expect(picker.get_by_role("button", name="thumbs up")).to_have_text("👍🏾")
    search.press("Enter")
    expect(picker).to_have_count(0)
    expect(alice.composer).to_have_value("Well 👍🏾")

    button.click()
    expect(picker.get_by_role("region", name="Often used").get_by_role("button").first).to_have_text("👍🏾")
    search.press("ArrowDown")
    expect(picker.get_by_role("button", name="thumbs up").first).to_be_focused()
    alice.page.keyboard.press("End")
    expect(picker.get_by_role("button", name="Wales")).to_be_focused()
    alice.page.keyboard.press("ArrowLeft")
    alice.page.keyboard.press("ArrowUp")
    alice.page.keyboard.press("Home")
    alice.page.keyboard.press("ArrowUp")
    expect(search).to_be_focused()
    search.press("Escape")
    expect(picker).to_have_count(0)
    expect(button).to_be_focused()

    # Completion: Enter chooses, and sends only when nothing is offered.
    alice.composer.fill("")
    alice.composer.press_sequentially("so :party")
    options = alice.page.get_by_role("listbox", name="Emoji").get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    alice.composer.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    alice.composer.press("ArrowUp")
    alice.composer.press("Enter")
    expect(alice.composer).to_have_value("so 🥳 ")
    expect(options).to_have_count(0)
    alice.composer.press_sequentially("at 12:30 :: :smil")
    expect(options.first).to_be_visible()
    alice.composer.press("Escape")
    expect(options).to_have_count(0)
    alice.composer.press("Enter")
    alice.sees("so 🥳 at 12:30 :: :smil")

    # Marks by keys, and away again.
    alice.write("bold")
    alice.composer.press("Control+a")
    alice.composer.press("Control+b")
    expect(alice.composer).to_have_value("**bold**")
    alice.composer.press("Control+b")
    expect(alice.composer).to_have_value("bold")
    alice.composer.press("Control+Shift+X")
    alice.composer.press("Control+z")
    expect(alice.composer).to_have_value("bold")
