"""When something is in the way: no server, a block, a session that ends, an input method."""

from playwright.sync_api import expect

from accounts import friends, sessions
from accounts.models import Session, User
from chat.models import Message
from tests.browser.conftest import Enter
from tests.support.people import Cast
from tests.support.servers import Server

AWAY = ("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "WebSocket connection to")


def test_what_is_written_without_a_server_is_sent_when_it_is_back(people: Cast, enter: Enter) -> None:
    server = Server()
    server.start()
    try:
        alice = enter(people.alice, on=server)
        alice.allow(*AWAY, "503", "500")
        alice.start_chat(people.bob.user.username, "Bob")
        alice.say("before")
        alice.tick("before", "Sent")
        server.kill()
        alice.say("while it was away")
        alice.say("and another")
        alice.tick("while it was away", "Sending")
        expect(alice.pill).to_contain_text("No connection", timeout=12_000)
        expect(alice.row("Bob").locator(".tick-icon")).to_have_attribute("aria-label", "Sending")
        assert alice.page.evaluate("document.querySelector('.log').scrollHeight > 0")
        expect(alice.page.get_by_role("button", name="Try now")).to_be_visible()
        server.start()
        # The page may have come back by itself while the server started, and then there is nothing to press.
        alice.page.evaluate("document.querySelector('sky-pill [data-action=now]')?.click()")
        alice.tick("while it was away", "Sent")
        alice.tick("and another", "Sent")
        expect(alice.pill).to_have_text("Back online")
        expect(alice.pill).to_have_count(0)
        stored = Message.objects.filter(sender_id=people.alice.id).order_by("seq")
        assert list(stored.values_list("content", flat=True)) == ["before", "while it was away", "and another"]
    finally:
        server.stop()


def test_what_waits_survives_a_reload(people: Cast, enter: Enter) -> None:
    """The page is closed while messages wait; the next time it opens they are sent, once and in order."""
    alice = enter(people.alice)
    alice.allow("WebSocket")
    alice.start_chat(people.bob.user.username, "Bob")
    alice.say("before")
    alice.tick("before", "Sent")
    address = alice.page.url
    alice.intercept_sockets(lambda socket: socket.close(code=1012))
    alice.page.reload()
    alice.say("kept one")
    alice.say("kept two")
    alice.tick("kept two", "Sending")
    alice.page.close()
    assert Message.objects.filter(sender_id=people.alice.id).count() == 1
    alice.context.unroute_all()
    fresh = alice.context.browser.new_context(storage_state=alice.context.storage_state())  # type: ignore[union-attr]
    page = fresh.new_page()
    page.goto(address)
    expect(page.locator(".msg", has_text="kept two").locator(".tick-icon")).to_have_attribute("aria-label", "Sent")
    stored = Message.objects.filter(sender_id=people.alice.id).order_by("seq")
    assert list(stored.values_list("content", flat=True)) == ["before", "kept one", "kept two"]
    fresh.close()


def test_a_refused_message_is_kept_with_a_way_out(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.say("hello")
    alice.tick("hello", "Sent")
    friends.block(user_id=people.bob.id, other_id=people.alice.id)
    alice.say("can you hear me")
    failed = alice.message("can you hear me")
    expect(failed.locator(".fail")).to_contain_text("Not sent")
    expect(alice.row("Bob")).to_contain_text("Not sent: can you hear me")
    alice.page.reload()
    expect(failed.locator(".fail")).to_be_visible()
    failed.get_by_role("button", name="Retry").click()
    expect(failed.locator(".fail")).to_be_visible()
    friends.unblock(user_id=people.bob.id, other_id=people.alice.id)
    failed.get_by_role("button", name="Retry").click()
    alice.tick("can you hear me", "Sent")
    friends.block(user_id=people.bob.id, other_id=people.alice.id)
    alice.say("never mind")
    alice.message("never mind").get_by_role("button", name="Discard").click()
    expect(alice.message("never mind")).to_have_count(0)


def test_a_sign_out_elsewhere_is_said_and_led_out_of(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.allow("401")  # what the page asked for at that moment
    expect(alice.page.get_by_role("heading", name="No chats yet")).to_be_visible()
    session = Session.objects.get(user_id=people.alice.id, kind="web")
    sessions.end(session_id=str(session.pk), user_id=people.alice.id)
    expect(alice.pill).to_contain_text("You were signed out on this device")
    alice.page.get_by_role("button", name="Sign in").click()
    expect(alice.page.get_by_role("heading", name="Good to see you")).to_be_visible()


def test_a_disabled_account_is_told_so(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    expect(alice.page.get_by_role("heading", name="No chats yet")).to_be_visible()
    User.objects.filter(pk=people.alice.id).update(is_active=False)
    expect(alice.pill).to_contain_text("This account is disabled")


def test_a_duplicated_tab_takes_over_and_gives_back(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    expect(alice.page.get_by_role("heading", name="No chats yet")).to_be_visible()
    name = alice.page.evaluate("sessionStorage.getItem('skyeim.device')")
    copy = alice.another_tab("/sign-in")
    copy.page.evaluate("name => sessionStorage.setItem('skyeim.device', name)", name)
    copy.page.goto(copy.url)
    expect(alice.pill).to_contain_text("Opened in another window")
    alice.page.get_by_role("button", name="Use it here").click()
    expect(alice.pill).to_have_count(0)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.say("both tabs live")
    expect(copy.row("Bob")).to_contain_text("both tabs live")
    expect(copy.pill).to_have_count(0)
    copy.close()


def test_enter_while_composing_chooses_a_word(people: Cast, enter: Enter) -> None:
    """An input method for Chinese, Japanese or Korean: its Enter belongs to it."""
    alice = enter(people.alice)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.composer.focus()
    wire = alice.context.new_cdp_session(alice.page)
    wire.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})
    for how in ("isComposing: true", "keyCode: 229"):
        event = f"new KeyboardEvent('keydown', {{key: 'Enter', {how}, bubbles: true, cancelable: true}})"
        alice.composer.evaluate(f"el => el.dispatchEvent({event})")
    wire.send("Input.insertText", {"text": "你好"})
    expect(alice.page.locator(".msg")).to_have_count(0)
    expect(alice.composer).to_have_value("你好")
    alice.composer.press("Enter")
    alice.sees("你好")


def test_too_long_says_by_how_much_and_sends_nothing(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.write("a" * 10_212)
    expect(alice.page.locator(".composer__note")).to_have_text("212 characters too many")
    alice.composer.press("Enter")
    expect(alice.page.locator(".msg")).to_have_count(0)
    expect(alice.page.get_by_role("button", name="Send")).to_be_disabled()


def test_a_wrong_password_and_an_address_that_does_not_exist(people: Cast, enter: Enter) -> None:
    alice = enter(None)
    alice.sign_in(people.alice, "wrong")
    expect(alice.page.get_by_role("alert")).to_contain_text("That username and password don’t match.")
    expect(alice.page.get_by_label("Password", exact=True)).to_be_focused()
    expect(alice.page.get_by_label("Username")).to_have_value(people.alice.user.username)
    alice.sign_in(people.alice)
    expect(alice.page.get_by_role("heading", name="No chats yet")).to_be_visible()
    alice.allow("404")
    alice.page.goto(alice.url + "/nowhere")
    expect(alice.page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    alice.page.goto(alice.url + "/chat/999999")
    expect(alice.page.get_by_role("heading", name="Chats", exact=True)).to_be_visible()
    expect(alice.page).to_have_url(alice.url + "/")


def test_signing_out_leaves_nothing_behind(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.write("a secret draft")
    alice.page.get_by_role("button", name="Account menu").click()
    alice.page.get_by_role("menuitem", name="Sign out").click()
    expect(alice.page.get_by_role("heading", name="Good to see you")).to_be_visible()
    assert alice.page.evaluate("Object.keys(localStorage).filter(key => /draft|outbox/.test(key))") == []
    alice.page.goto(alice.url)
    expect(alice.page.get_by_role("heading", name="Good to see you")).to_be_visible()
