"""The admin in a browser: under the same policy as every page, and what is done there seen by those it concerns."""

import re

from playwright.sync_api import Page, expect

from accounts.models import User
from announcements.models import Announcement
from chat.models import Message
from chat.sending import send_message
from realtime.clock import now_ms
from tests.browser.conftest import Enter
from tests.browser.screen import Screen
from tests.support.people import Cast, Person


def as_admin(enter: Enter, who: Person, path: str = "/admin/", **options: object) -> Screen:
    User.objects.filter(pk=who.id).update(is_staff=True, is_superuser=True)
    return enter(who, path=path, **options)


def no_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_first_page_shows_figures_and_the_pages_behind_it_open(people: Cast, enter: Enter) -> None:
    """Every screen fails at its end where the console told of an error or a violation of the policy."""
    send_message(sender_id=people.bob.id, to_user_id=people.carol.id, content="counted")
    admin = as_admin(enter, people.alice, dark=True)
    page = admin.page
    expect(page.locator(".figures__numbers dt")).to_have_text(["People", "Online", "Connections", "Messages today"])
    assert int(page.locator(".figures__numbers dd").last.inner_text()) >= 1
    picture = page.get_by_role("img", name=re.compile("in 30 days"))
    expect(picture.locator("rect")).to_have_count(30)
    assert picture.locator("rect").last.evaluate("bar => bar.getBBox().height") > 0
    page.get_by_text("As a table").click()
    expect(page.locator(".figures__days tbody tr")).to_have_count(30)
    page.goto(f"{admin.url}/admin/accounts/user/import/")
    text = f"username,name\nweb-{people.bob.user.username},Robin\n{people.bob.user.username},\n"
    page.locator("input[type=file]").set_input_files({"name": "p.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("This username is taken.")).to_be_visible()
    page.get_by_role("button", name="Import 1 person").click()
    expect(page.get_by_text("1 person imported.")).to_be_visible()
    phone = as_admin(enter, people.alice, phone=True)
    expect(phone.page.locator(".figures")).to_be_visible()
    no_wider_than_the_screen(phone.page)


def test_a_message_taken_back_goes_from_both_screens_while_they_look(people: Cast, enter: Enter) -> None:
    alice, bob = enter(people.alice), enter(people.bob)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.say("a word too many")
    alice.say("and a kind one")
    bob.open("Alice")
    for screen in (alice, bob):
        screen.sees("a word too many", "and a kind one")
    message = Message.objects.get(sender_id=people.alice.id, content="a word too many")
    admin = as_admin(enter, people.carol, path=f"/admin/chat/message/{message.pk}/change/")
    admin.page.get_by_role("link", name="Take back for everyone").click()
    admin.page.get_by_label("Reason").fill("rude")
    admin.page.get_by_role("button", name="Take back for everyone").click()
    expect(admin.page.locator(".messagelist")).to_contain_text("Taken back:")
    for screen in (alice, bob):
        gone = screen.page.locator(".bubble--gone")
        expect(gone).to_have_count(1)
        expect(gone).to_contain_text("An administrator took back this message")
        expect(gone.locator(".tick-icon")).to_have_count(0)
        expect(screen.message("a word too many")).to_have_count(0)
        screen.sees("and a kind one")
    last = Message.objects.get(sender_id=people.alice.id, content="and a kind one")
    admin.page.goto(f"{admin.url}/admin/chat/message/{last.pk}/act/take_back/")
    admin.page.get_by_label("Reason").fill("rude as well")
    admin.page.get_by_role("button", name="Take back for everyone").click()
    expect(bob.row("Alice").locator(".row__preview")).to_have_text("An administrator took back this message")
    bob.page.reload()
    expect(bob.page.locator(".bubble--gone")).to_have_count(2)


def test_an_announcement_reaches_everybody_until_they_close_it(people: Cast, enter: Enter) -> None:
    bob = enter(people.bob)
    bob.ready()
    admin = as_admin(enter, people.alice, path="/admin/announcements/announcement/add/")
    page = admin.page
    words = f"Maintenance at 18:00 for {people.bob.user.username}"
    try:
        page.get_by_label("Text").fill(words)
        page.get_by_label("Level").select_option("warning")
        page.get_by_role("button", name="Look at it").click()
        expect(page.locator("blockquote")).to_have_text(words)
        page.get_by_role("button", name="Tell everybody").click()
        expect(page.get_by_text("Everybody is being told.")).to_be_visible()
        told = bob.page.get_by_role("alert").filter(has_text=words)
        expect(told).to_be_visible()
        bob.page.reload()
        expect(told).to_have_count(1)
        told.get_by_role("button", name="Close").click()
        expect(told).to_have_count(0)
        bob.page.reload()
        bob.ready()
        late = enter(people.carol)
        there = late.page.get_by_role("alert").filter(has_text=words)
        expect(there).to_be_visible()
        expect(told).to_have_count(0)  # the tab that came back before has been told as well, and keeps it closed
        page.get_by_role("link", name=words).click()
        page.get_by_role("link", name="End early").click()
        page.get_by_role("button", name="End early").click()
        expect(there).to_have_count(0)
    finally:
        Announcement.objects.filter(expires_at__gt=now_ms()).update(expires_at=now_ms())
