"""Two people in two browsers: the whole story, with one of them away in between."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.support.people import Cast


def test_two_people_talk(people: Cast, enter: Enter) -> None:
    alice, bob = enter(people.alice), enter(people.bob)
    expect(alice.page.get_by_role("heading", name="No chats yet")).to_be_visible()
    alice.start_chat(people.bob.user.username, "Bob")
    expect(alice.page.locator(".thread-head__sub")).to_have_text("online")

    alice.write("Do we want the 8:40 ferry?")
    alice.composer.press("Enter")
    alice.sees("Do we want the 8:40 ferry?")
    expect(alice.composer).to_have_value("")

    # Bob has not opened the chat: it is in his list, unread, and delivered.
    bob.unread("Alice", 1)
    expect(bob.row("Alice")).to_contain_text("Do we want the 8:40 ferry?")
    bob.title("(1) SkyeIM")
    alice.tick("Do we want the 8:40 ferry?", "Delivered")

    bob.open("Alice")
    bob.sees("Do we want the 8:40 ferry?")
    expect(bob.page.locator(".unread-line")).to_have_text("New messages")
    bob.unread("Alice", 0)
    bob.title("Alice · SkyeIM")
    alice.tick("Do we want the 8:40 ferry?", "Read")
    expect(alice.row("Bob").locator(".tick-icon")).to_have_attribute("aria-label", "Read")

    bob.composer.press_sequentially("8:40, the later one is")
    expect(alice.page.locator(".strip")).to_have_text("Bob is typing")
    expect(alice.row("Bob")).to_contain_text("Bob is typing")
    bob.composer.press("Enter")
    alice.sees("8:40, the later one is")
    expect(alice.page.locator(".strip")).to_have_text("")

    # Bob goes away; what is said meanwhile waits for him.
    bob.page.close()
    expect(alice.page.locator(".thread-head__sub")).to_have_text(re.compile(r"last seen \d\d:\d\d"), timeout=15_000)
    alice.say("full of school groups?")
    alice.say("I will bring coffee")
    alice.tick("I will bring coffee", "Sent")

    back = bob.another_tab()
    back.unread("Alice", 2)
    expect(alice.page.locator(".thread-head__sub")).to_have_text("online")
    back.open("Alice")
    back.sees("full of school groups?", "I will bring coffee")
    alice.tick("I will bring coffee", "Read")
    assert back.texts() == [
        "Do we want the 8:40 ferry?", "8:40, the later one is", "full of school groups?", "I will bring coffee",
    ]  # fmt: skip
    back.close()


def test_on_a_phone(people: Cast, enter: Enter) -> None:
    alice, bob = enter(people.alice, phone=True), enter(people.bob)
    bob.start_chat(people.alice.user.username, "Alice")
    bob.say("Are you on your phone?")
    alice.unread("Bob", 1)
    expect(alice.page.locator(".thread")).to_be_hidden()
    alice.row("Bob").tap()
    expect(alice.page.locator("sky-chats")).to_be_hidden()
    alice.sees("Are you on your phone?")
    bob.tick("Are you on your phone?", "Read")
    expect(alice.composer).not_to_be_focused()

    # On a phone Enter makes a new line; the button sends.
    alice.composer.tap()
    alice.composer.press_sequentially("Yes")
    alice.composer.press("Enter")
    alice.composer.press_sequentially("on the pier")
    alice.page.get_by_role("button", name="Send").tap()
    bob.sees("on the pier")
    assert "Yes\non the pier" in bob.texts()
    assert alice.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    alice.page.get_by_role("button", name="Back to chats").tap()
    expect(alice.page.locator("sky-chats")).to_be_visible()
    alice.row("Bob").tap()
    alice.page.go_back()
    expect(alice.page.locator("sky-chats")).to_be_visible()
    alice.page.go_forward()
    alice.sees("Are you on your phone?")


def test_two_tabs_agree(people: Cast, enter: Enter) -> None:
    bob, alice = enter(people.bob), enter(people.alice)
    tab = alice.another_tab()
    bob.start_chat(people.alice.user.username, "Alice")
    bob.say("one")
    bob.say("two")
    for screen in (alice, tab):
        screen.unread("Bob", 2)
        screen.title("(1) SkyeIM")
    alice.open("Bob")
    for screen in (alice, tab):
        screen.unread("Bob", 0)
    tab.title("SkyeIM")
    alice.say("seen on the other tab")
    expect(tab.row("Bob")).to_contain_text("You: seen on the other tab")
    tab.open("Bob")
    tab.sees("one", "two", "seen on the other tab")
    tab.tick("seen on the other tab", "Read")
    tab.close()


def test_a_draft_is_kept_and_follows_to_other_devices(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.write("About the deposit, I")
    alice.page.goto(alice.url)
    expect(alice.row("Bob")).to_contain_text("Draft: About the deposit, I")
    alice.open("Bob")
    expect(alice.composer).to_have_value("About the deposit, I")
    elsewhere = enter(people.alice)
    expect(elsewhere.row("Bob")).to_contain_text("Draft: About the deposit, I")
    elsewhere.open("Bob")
    expect(elsewhere.composer).to_have_value("About the deposit, I")
    elsewhere.say("About the deposit, I paid it")
    expect(alice.composer).to_have_value("")


def test_text_is_shown_as_text(people: Cast, enter: Enter) -> None:
    alice, bob = enter(people.alice), enter(people.bob)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.say('<img src=x onerror="document.title=1"><b>bold</b> & "quotes"')
    alice.say("see https://example.org/a(b). And javascript:alert(1)")
    alice.say("line one\nline two")
    alice.say("🥾🏔️🔥")
    bob.open("Alice")
    bob.sees("<b>bold</b>", "line one")
    assert '<img src=x onerror="document.title=1"><b>bold</b> & "quotes"' in bob.texts()
    assert bob.page.locator(".bubble__text img, .bubble__text b").count() == 0
    link = bob.page.locator(".bubble__text a")
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("href", "https://example.org/a(b)")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(bob.page.locator(".bubble--bare")).to_have_count(1)


def test_notes_to_self(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.jump()
    alice.page.get_by_role("option", name="Notes to self").click()
    alice.say("boot size 42")
    alice.sees("boot size 42")
    expect(alice.row("Notes to self")).to_contain_text("boot size 42")
    expect(alice.message("boot size 42").locator(".tick-icon")).to_have_count(0)
