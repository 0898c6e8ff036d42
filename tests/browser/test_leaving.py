"""One browser, several tabs, and a person who leaves: what the tabs show, keep and send afterwards."""

import json
import re
from typing import Any

from playwright.sync_api import WebSocketRoute, expect

from accounts import sessions
from accounts.models import Session
from chat.models import Membership, Message
from tests.browser.conftest import Enter
from tests.browser.screen import Screen
from tests.support.people import PASSWORD, Cast, Person

KEPT = "Object.keys(localStorage).filter(key => /draft|outbox/.test(key))"


def sign_out(screen: Screen) -> None:
    screen.page.get_by_role("button", name="Account menu").click()
    screen.page.get_by_role("menuitem", name="Sign out").click()
    dialog = screen.page.get_by_role("alertdialog")
    gate = screen.page.get_by_role("heading", name="Good to see you")
    expect(dialog.or_(gate)).to_be_visible()
    if dialog.is_visible():
        dialog.get_by_role("button", name="Sign out").click()
    expect(gate).to_be_visible()


def is_nobodys(screen: Screen) -> None:
    """Nothing private is on the screen, and nothing can be written."""
    expect(screen.composer).to_have_count(0)
    expect(screen.page.locator(".row, .msg, .thread-head, [data-account]")).to_have_count(0)
    screen.title("SkyeIM")
    screen.page.keyboard.press("Control+k")
    expect(screen.page.locator("dialog")).to_have_count(0)
    words = screen.page.locator("body").inner_text()
    assert not re.search("Alice|Bob|confidential", words), words


def traces(people: Cast) -> list[str]:
    """What the server holds of Alice's and Bob's words."""
    both = [people.alice.id, people.bob.id]
    said = Message.objects.filter(sender_id__in=both).values_list("content", flat=True)
    drafts = Membership.objects.filter(user_id__in=both).values_list("draft", flat=True)
    return [text for text in (*said, *drafts) if text.startswith(("confidential", "a confidential"))]


def test_the_other_tab_of_a_sign_out_shows_and_keeps_nothing(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.say("confidential")
    alice.tick("confidential", "Sent")
    alice.write("a confidential draft")
    path = alice.page.url.removeprefix(alice.url)
    sign_out(alice.another_tab())
    expect(alice.pill).to_contain_text("You were signed out on this device")
    is_nobodys(alice)
    assert alice.page.evaluate(KEPT) == []
    alice.page.get_by_role("button", name="Sign in").click()
    alice.sign_in(people.alice)
    alice.sees("confidential")
    assert alice.page.url == alice.url + path


def test_a_tab_without_a_connection_hears_the_sign_out_too(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.allow("ERR_FAILED")
    alice.start_chat(people.bob.user.username, "Bob")
    for path in ("**/ws-tickets", "**/state"):
        alice.context.route(path, lambda route: route.abort())
    alice.page.reload()
    alice.say("confidential, never sent")
    alice.write("a confidential draft")
    tab = alice.another_tab()
    tab.allow("ERR_FAILED")
    tab.ready()
    sign_out(tab)
    expect(alice.pill).to_contain_text("You were signed out on this device")
    is_nobodys(alice)
    assert alice.page.evaluate(KEPT) == []
    assert not traces(people)


def test_a_session_ended_elsewhere_leaves_nothing_on_a_phone(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice, phone=True)
    alice.allow("401")  # the draft may be on its way when the session ends
    alice.start_chat(people.bob.user.username, "Bob")
    alice.write("a confidential draft")
    alice.page.get_by_role("button", name="Back to chats").tap()
    expect(alice.page.locator("sky-chats")).to_be_visible()
    session = Session.objects.get(user_id=people.alice.id, kind="web")
    sessions.end(session_id=str(session.pk), user_id=people.alice.id)
    expect(alice.pill).to_contain_text("You were signed out on this device")
    is_nobodys(alice)
    assert alice.page.evaluate(KEPT) == []


def test_a_session_that_ran_out_costs_nothing_that_waits(people: Cast, enter: Enter) -> None:
    """Nobody signed out: the person finds what was not sent yet when they sign in again."""
    alice = enter(people.alice)
    alice.allow("401")
    alice.start_chat(people.bob.user.username, "Bob")
    alice.cut_off()
    alice.say("confidential, and late")
    alice.tick("confidential, and late", "Sending")
    alice.context.clear_cookies(name="skyeim_session")
    alice.page.unroute_all()
    expect(alice.pill).to_contain_text("You were signed out on this device", timeout=20_000)
    is_nobodys(alice)
    alice.page.get_by_role("button", name="Sign in").click()
    alice.sign_in(people.alice)
    alice.tick("confidential, and late", "Sent")


def swap_cookie(screen: Screen, who: Person) -> None:
    """Somebody else signs in with this browser, and no page of it knows yet."""
    screen.context.clear_cookies(name="skyeim_session")
    screen.context.request.get(f"{screen.url}/sign-in")
    token = next(cookie["value"] for cookie in screen.context.cookies() if cookie["name"] == "skyeim_csrf")
    fields = {"username": who.user.username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    answer = screen.context.request.post(f"{screen.url}/sign-in", form=fields, headers={"Referer": screen.url})
    assert "Bob" in answer.text()


def belongs_to_bob(screen: Screen) -> None:
    expect(screen.pill).to_contain_text("You are signed in as somebody else now")
    is_nobodys(screen)
    screen.page.get_by_role("button", name="Reload").click()
    expect(screen.page.locator(".rail__me")).to_have_attribute("title", "Bob")


def test_a_tab_comes_back_and_finds_the_cookie_of_somebody_else(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.allow("401", "404")
    alice.start_chat(people.bob.user.username, "Bob")
    alice.cut_off()
    alice.say("confidential, by Alice")
    alice.tick("confidential, by Alice", "Sending")
    alice.page.route("**/state", lambda route: route.abort())
    alice.write("a confidential draft")
    path = alice.page.url.removeprefix(alice.url)
    swap_cookie(alice, people.bob)
    alice.page.unroute_all()
    expect(alice.pill).to_contain_text("You are signed in as somebody else now", timeout=20_000)
    assert len(alice.page.evaluate(KEPT)) == 2
    belongs_to_bob(alice)
    assert not traces(people)
    alice.page.goto(alice.url)
    sign_out(alice)
    alice.page.goto(f"{alice.url}/sign-in?next={path}")
    alice.sign_in(people.alice)
    alice.tick("confidential, by Alice", "Sent")
    expect(alice.composer).to_have_value("a confidential draft")
    assert "confidential, by Alice" in traces(people)
    assert Message.objects.get(content="confidential, by Alice").sender_id == people.alice.id


def test_a_call_meant_for_one_person_does_nothing_for_another(people: Cast, enter: Enter) -> None:
    """The socket is still Alice's when the cookie is not."""
    alice = enter(people.alice)
    alice.allow("401", "404")
    alice.start_chat(people.bob.user.username, "Bob")
    alice.say("hello")
    alice.tick("hello", "Sent")
    swap_cookie(alice, people.bob)
    alice.write("a confidential draft")
    belongs_to_bob(alice)
    assert not traces(people)
    assert len(alice.page.evaluate(KEPT)) == 1


def test_another_tab_signs_somebody_else_in(people: Cast, enter: Enter) -> None:
    """The tabs of a browser tell each other, connected or not."""
    alice = enter(people.alice)
    alice.allow("404")
    alice.start_chat(people.bob.user.username, "Bob")
    alice.cut_off()
    alice.say("confidential")
    alice.context.clear_cookies(name="skyeim_session")
    tab = alice.another_tab("/sign-in")
    tab.sign_in(people.bob)
    belongs_to_bob(alice)
    assert len(alice.page.evaluate(KEPT)) == 1
    tab.close()


def test_a_socket_of_somebody_else_is_closed_before_anything_is_sent(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.allow("ERR_FAILED")
    sent: list[Any] = []

    def another_name(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        route.on_message(lambda text: (sent.append(text), server.send(text))[1])

        def back(text: str | bytes) -> None:
            frame = json.loads(text)
            if frame["type"] == "connected":
                frame["data"]["userId"] = people.bob.id
            route.send(json.dumps(frame))

        server.on_message(back)

    alice.ready()
    alice.intercept_sockets(another_name)
    alice.page.reload()
    expect(alice.pill).to_contain_text("You are signed in as somebody else now")
    is_nobodys(alice)
    assert sent == []


def test_a_tab_of_another_person_signs_nobody_out(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.allow("401")  # what the page still asks for is refused, because it names Alice
    alice.ready()
    swap_cookie(alice, people.bob)
    alice.page.get_by_role("button", name="Account menu").click()
    alice.page.get_by_role("menuitem", name="Sign out").click()
    expect(alice.page.locator(".rail__me")).to_have_attribute("title", "Bob")
    alice.ready()


def test_one_signs_out_and_another_in(people: Cast, enter: Enter) -> None:
    """The first tab hears both; what the sign-out took away is not said to be kept."""
    alice = enter(people.alice)
    alice.allow("401")
    alice.start_chat(people.bob.user.username, "Bob")
    alice.say("confidential")
    alice.tick("confidential", "Sent")
    tab = alice.another_tab()
    sign_out(tab)
    expect(alice.pill).to_contain_text("You were signed out on this device")
    tab.sign_in(people.bob)
    expect(alice.pill).to_contain_text("You are signed in as somebody else now")
    expect(alice.page.get_by_text("is kept")).to_have_count(0)
    sign_out(tab)
    expect(tab.page.get_by_role("heading", name="Good to see you")).to_be_visible()
    expect(alice.pill).to_contain_text("You are signed in as somebody else now")
    alice.page.get_by_role("button", name="Reload").click()
    expect(alice.page.get_by_role("heading", name="Good to see you")).to_be_visible()
    tab.close()
