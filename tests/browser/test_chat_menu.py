"""What one does with a chat as a whole: mute, archive, mark unread, each from the list, with a way back."""

from playwright.sync_api import Locator, expect

from chat.models import Membership
from realtime.clock import now_ms
from tests.browser.conftest import Enter
from tests.browser.screen import Screen
from tests.support.people import Cast
from tests.support.rest import say, say_live


def choose(screen: Screen, *names: str) -> None:
    screen.row("Bob").click(button="right")
    for name in names:
        screen.page.get_by_role("menuitem", name=name).click()


def undo(screen: Screen) -> Locator:
    return screen.page.get_by_role("button", name="Undo")


def test_an_archived_chat_comes_back_with_a_message(people: Cast, enter: Enter) -> None:
    say(people.bob, people.alice, "first")
    alice = enter(people.alice)
    alice.ready()
    tab = alice.another_tab()
    tab.ready()
    alice.page.bring_to_front()  # a tab behind another one is drawn seldom
    choose(alice, "Mark read")
    alice.unread("Bob", 0)
    choose(alice, "Archive")
    for screen in (alice, tab):
        expect(screen.row("Bob")).to_have_count(0)
    undo(alice).click()
    expect(tab.row("Bob")).to_have_count(1)
    choose(alice, "Archive")
    expect(tab.row("Bob")).to_have_count(0)
    tab.page.get_by_role("button", name="Archived").click()
    expect(tab.row("Bob")).to_have_count(1)
    tab.page.get_by_role("button", name="All").click()

    say_live(alice.url, people.bob, people.alice, "second")
    for screen in (alice, tab):
        screen.unread("Bob", 1)
        screen.title("(1) SkyeIM")
    choose(alice, "Mark read")
    for screen in (alice, tab):  # read: it goes back to where it was put
        expect(screen.row("Bob")).to_have_count(0)
        screen.title("SkyeIM")

    alice.page.get_by_role("button", name="Archived").click()
    choose(alice, "Mute …", "For an hour")
    say_live(alice.url, people.bob, people.alice, "third")
    alice.unread("Bob", 1)  # under Archived
    expect(tab.row("Bob")).to_have_count(0)
    tab.title("SkyeIM")


def test_mute_for_a_time_and_mark_unread_with_the_keyboard(people: Cast, enter: Enter) -> None:
    say(people.bob, people.alice, "look at this")
    alice = enter(people.alice)
    alice.open("Bob")
    alice.page.get_by_role("button", name="More").press("Enter")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        alice.page.keyboard.press(key)
    expect(alice.page.get_by_role("menuitem", name="For an hour")).to_be_focused()
    alice.page.keyboard.press("Enter")
    expect(alice.row("Bob").get_by_text("Muted")).to_have_count(1)
    until = Membership.objects.get(user_id=people.alice.id).muted_until
    assert until is not None
    assert 3_500_000 < until - now_ms() <= 3_600_000
    undo(alice).press("Enter")
    expect(alice.row("Bob").get_by_text("Muted")).to_have_count(0)

    alice.log.focus()
    alice.page.keyboard.press("ArrowUp")
    expect(alice.message("look at this")).to_be_focused()
    alice.page.keyboard.press("u")
    alice.unread("Bob", 1)
    expect(alice.page.get_by_role("link", name="Chats 1 unread")).to_be_visible()
    expect(alice.composer).to_have_count(0)  # what is open and in view would count as read
    alice.title("(1) SkyeIM")
    alice.page.reload()
    alice.title("(1) SkyeIM")
