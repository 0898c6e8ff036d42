"""The settings: they hold at once, everywhere, and what they promise happens."""

import io
import re

from PIL import Image
from playwright.sync_api import Page, expect

from accounts.models import User
from preferences.models import Preferences
from tests.browser.conftest import Enter
from tests.browser.screen import Screen
from tests.support.people import Cast, make_person
from tests.support.rest import say, say_live


def root(screen: Screen) -> dict[str, str]:
    """What the root element says of how the page looks."""
    return dict(screen.page.evaluate("({ ...document.documentElement.dataset })"))


def test_how_it_looks_is_kept_and_reaches_the_other_tab(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.ready()
    other = alice.another_tab()
    other.ready()
    page = alice.page
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Profile")).to_be_visible()
    alice.title("Settings · SkyeIM")
    page.get_by_role("link", name="Appearance").click()
    page.get_by_role("radio", name="Dark").check()
    expect(page.get_by_text("Saved")).to_be_visible()
    page.get_by_role("radio", name="Largest").check()
    page.get_by_role("radio", name="Red").check()
    for screen in (alice, other):
        expect(screen.page.locator('html[data-theme="dark"][data-text="largest"][data-ticks="red-up"]')).to_have_count(1)
    sizes = [
        screen.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") for screen in (alice, other)
    ]
    assert sizes == [21, 21]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    other.page.get_by_role("link", name="Settings").click()
    other.page.get_by_role("link", name="Appearance").click()
    expect(other.page.get_by_role("radio", name="Dark")).to_be_checked()
    other.page.get_by_role("radio", name="Light").check()
    expect(page.get_by_role("radio", name="Light")).to_be_checked()

    # Before any module runs, and also out of a cache: the page as the server wrote it before the last change.
    page.route("**/js/main.js", lambda route: route.abort())
    alice.allow("ERR_FAILED")
    page.reload()
    assert root(alice)["theme"] == "light"
    page.route("**/settings/appearance", lambda route: _older(route))
    page.reload()
    assert (root(alice)["theme"], root(alice)["lookAt"]) == ("light", "1")
    page.unroute_all()

    # What the server does not take is taken back.
    page.reload()
    page.get_by_role("radio", name="Light").wait_for()
    page.route("**/me/preferences", lambda route: route.abort())
    page.get_by_role("radio", name="Dark").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved")
    expect(page.get_by_role("radio", name="Light")).to_be_checked()
    assert root(alice)["theme"] == "light"
    assert Preferences.objects.get(pk=people.alice.id).theme == "light"
    other.close()


def _older(route: object) -> None:
    answer = route.fetch()  # type: ignore[attr-defined]
    text = re.sub(r'data-look-at="\d+"', 'data-look-at="1"', answer.text()).replace('data-theme="light"', 'data-theme="dark"')
    route.fulfill(response=answer, body=text)  # type: ignore[attr-defined]


def portrait() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "orange").save(out, "JPEG")
    return out.getvalue()


def test_a_friend_sees_picture_name_and_status_change(people: Cast, enter: Enter) -> None:
    say(people.alice, people.bob, "hello")
    bob = enter(people.bob)
    bob.open("Alice")
    alice = enter(people.alice, path="/settings/profile")
    page = alice.page
    file = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": portrait()}
    page.locator("input[type=file]").set_input_files([file])
    expect(page.locator(".profile .av__face")).to_be_visible()
    for face in (bob.row("Alice").locator(".av__face"), bob.page.locator(".thread-head .av__face")):
        expect(face).to_be_visible()
        face.evaluate("image => image.decode()")
        assert face.evaluate("image => image.naturalWidth") in (96, 256)

    status = page.get_by_label("Status line")
    status.fill("On the 8:40, bad signal")
    expect(page.get_by_text("57 characters left")).to_be_visible()
    page.get_by_label("Name", exact=False).first.fill("Alice Moreau")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    expect(page.locator("[data-settings-list] .row__name")).to_have_text("Alice Moreau")
    expect(bob.row("Alice Moreau")).to_be_visible()
    expect(bob.page.locator(".thread-head__name")).to_have_text("Alice Moreau")
    status.fill("x" * 81)
    expect(page.get_by_text("1 character too many")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    assert User.objects.get(pk=people.alice.id).status == "On the 8:40, bad signal"

    alice.allow("400")
    page.locator("input[type=file]").set_input_files([{**file, "buffer": portrait()[:90]}])
    expect(page.get_by_role("alert")).to_contain_text("can’t be used")
    expect(page.locator(".profile .av__face")).to_be_visible()
    page.get_by_role("button", name="Remove picture").click()
    expect(bob.row("Alice").locator(".av__face")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(bob.row("Alice").locator(".av__face")).to_be_visible()


# Notifications are real ones; a page cannot ask which there are, so it is noted which were made and which are gone.
NOTE = """
window.notes = [];
window.Notification = class extends Notification {
  constructor(title, options) {
    super(title, options);
    notes.push(this);
    this.gone = false;
  }
  close() {
    this.gone = true;
    super.close();
  }
};
"""


def notes(*pages: Page) -> list[tuple[str, str, bool]]:
    """(title, text, gone) of every notification of these tabs."""
    script = "notes.map(note => [note.title, note.body, note.gone])"
    return [tuple(note) for page in pages for note in page.evaluate(script)]


def test_one_of_two_tabs_notifies_until_it_is_read_elsewhere(people: Cast, enter: Enter) -> None:
    say(people.bob, people.alice, "before")
    first = enter(None, permissions=["notifications"])
    first.context.add_init_script(NOTE)
    first.sign_in(people.alice)
    first.ready()
    second = first.another_tab("/settings/notifications")
    expect(second.page.get_by_text("Allowed by the browser")).to_be_visible()
    pages = (first.page, second.page)
    elsewhere = enter(people.alice)
    elsewhere.ready()
    say_live(first.url, people.bob, people.alice, "are you there?")
    first.unread("Bob", 2)
    expect(first.row("Bob")).to_contain_text("are you there?")
    first.page.wait_for_timeout(300)
    assert notes(*pages) == [("Bob", "are you there?", False)]

    elsewhere.open("Bob")  # and so it is read
    first.unread("Bob", 0)
    first.page.wait_for_timeout(300)
    assert notes(*pages) == [("Bob", "are you there?", True)]
    elsewhere.page.goto(f"{elsewhere.url}/settings")

    second.page.get_by_role("switch", name="Show the message text").uncheck()
    expect(second.page.get_by_text("Saved")).to_be_visible()
    say_live(first.url, people.bob, people.alice, "a secret")
    first.unread("Bob", 1)
    first.page.wait_for_timeout(300)
    assert notes(*pages)[-1] == ("Bob", "New message", False)

    say_live(first.url, people.carol, people.alice, "the first word of a stranger")
    first.unread("Carol", 1)
    first.page.wait_for_timeout(300)
    assert notes(*pages)[-1] == ("Carol", "New message", False)

    # Muted, switched off, or before one's eyes: nothing.
    count = len(notes(*pages))
    first.page.bring_to_front()
    first.open("Bob")
    first.unread("Bob", 0)
    more = first.page.get_by_role("button", name="More")
    more.click()
    first.page.get_by_role("menuitem", name="Mute …").click()
    first.page.get_by_role("menuitem", name="For an hour").click()
    first.page.get_by_role("link", name="People").click()
    first.title("(1) People · SkyeIM")
    say_live(first.url, people.bob, people.alice, "muted")
    first.unread("Bob", 1)
    first.page.get_by_role("link", name="Chats").click()
    more.click()
    first.page.get_by_role("menuitem", name="Unmute").click()
    say_live(first.url, people.bob, people.alice, "seen at once")
    first.sees("seen at once")
    second.page.get_by_role("switch", name="Desktop notifications").uncheck()
    say_live(first.url, people.carol, people.alice, "off")
    first.unread("Carol", 2)
    first.page.wait_for_timeout(300)
    assert len(notes(*pages)) == count
    second.close()


def test_the_language_is_changed_and_what_was_begun_stays(people: Cast, enter: Enter) -> None:
    say(people.bob, people.alice, "hello")
    alice = enter(people.alice)
    alice.open("Bob")
    alice.write("not sent yet")
    page = alice.page
    page.keyboard.press("Control+,")
    page.get_by_role("link", name="Language").click()
    page.get_by_role("radio", name="中文").check()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.get_by_role("radio", name="中文")).to_be_checked()
    expect(page.locator('html[data-ticks="red-up"]')).to_have_count(1)
    expect(page.locator("nav.rail")).to_contain_text("聊天")
    page.get_by_role("link", name="聊天").click()
    alice.row("Bob").click()
    expect(alice.composer).to_have_value("not sent yet")
    page.goto(f"{alice.url}/settings/language")
    page.get_by_role("radio", name="English").check()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_on_a_phone_one_column_leads_to_the_other(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice, phone=True)
    alice.ready()
    page = alice.page
    page.get_by_role("link", name="Settings").click()
    links = page.locator("[data-settings-list] .nav-item")
    expect(links.first).to_be_visible()
    expect(page.locator("[data-settings-page]")).to_be_hidden()
    for name in ("profile", "notifications", "appearance", "blocked", "language", "shortcuts"):
        page.locator(f'[data-settings-list] .nav-item[href="/settings/{name}"]').click()
        expect(page.locator("[data-settings-page] h2").first).to_be_visible()
        expect(links.first).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        page.get_by_role("button", name="Back to settings").click()
        expect(links.first).to_be_visible()
    page.goto(f"{alice.url}/settings/nonsense")
    expect(links.first).to_be_visible()
    assert page.url == f"{alice.url}/settings"

    # Somebody blocked is let in again, and blocked again.
    people.alice.api.put(f"/api/v1/blocks/{people.carol.id}")
    page.get_by_role("link", name="Blocked people").click()
    page.get_by_role("button", name="Unblock Carol").click()
    expect(page.get_by_text("You have blocked nobody.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Unblock Carol")).to_be_visible()


def test_shortcuts_lead_from_chat_to_chat_and_leave_fields_alone(people: Cast, enter: Enter) -> None:
    dave = make_person("dave")
    for who in (people.carol, people.bob, dave):  # the list: Dave, Bob, Carol
        say(who, people.alice, f"from {who.user.display_name}")
    alice = enter(people.alice)
    alice.ready()
    keys, head = alice.page.keyboard.press, alice.page.locator(".thread-head__name")
    keys("Alt+ArrowDown")
    expect(head).to_have_text("Dave")
    alice.unread("Dave", 0)
    keys("Alt+ArrowDown")
    expect(head).to_have_text("Bob")
    alice.unread("Bob", 0)
    keys("Alt+ArrowUp")
    expect(head).to_have_text("Dave")
    keys("Alt+Shift+ArrowDown")  # Bob is read
    expect(head).to_have_text("Carol")
    keys("Alt+ArrowDown")
    expect(head).to_have_text("Carol")
    alice.composer.press_sequentially("n?")
    expect(alice.composer).to_have_value("n?")
    keys("Control+k")
    expect(alice.page.get_by_role("dialog")).to_be_visible()
    keys("Escape")
    alice.page.get_by_role("heading", name="Carol").click()
    alice.page.evaluate("document.activeElement.blur()")
    keys("?")
    expect(alice.page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    expect(alice.page.get_by_text("Next unread chat")).to_be_visible()
    keys("n")
    expect(alice.page.get_by_role("dialog")).to_be_visible()
    keys("Escape")
    keys("Control+,")
    expect(alice.page.get_by_role("heading", name="Profile")).to_be_visible()
    alice.page.get_by_role("button", name="Account menu").click()
    expect(alice.page.get_by_role("menuitem", name="Settings")).to_be_visible()
