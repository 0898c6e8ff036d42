"""Things that happen at the same time, in the order that goes wrong."""

from typing import Any

from playwright.sync_api import Route, expect

from chat.sending import send_message
from tests.browser.conftest import Enter
from tests.support.people import Cast
from tests.support.servers import running


def test_a_message_sent_while_the_empty_history_is_on_its_way(people: Cast, enter: Enter) -> None:
    """The page of history was read before the message was stored, and arrives after its ack."""
    alice = enter(people.alice)
    held: list[tuple[Route, Any]] = []

    def hold_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    alice.page.route("**/messages?*", hold_first)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.say("faster than the history")
    expect(alice.row("Bob").locator(".tick-icon")).to_have_attribute("aria-label", "Sent")
    route, response = held[0]
    route.fulfill(response=response)
    alice.tick("faster than the history", "Sent")
    alice.say("and on")
    alice.sees("faster than the history", "and on")


def test_what_began_while_i_was_away_in_a_chat_that_was_empty(people: Cast, enter: Enter) -> None:
    with running() as (server,):
        alice = enter(people.alice, on=server)
        alice.allow("ERR_CONNECTION_REFUSED", "WebSocket")
        alice.start_chat(people.bob.user.username, "Bob")
        expect(alice.page.get_by_text("Nothing said yet")).to_be_visible()
        server.kill()
        for text in ("one", "two", "three"):
            send_message(sender_id=people.bob.id, to_user_id=people.alice.id, content=text)
        server.start()
        alice.sees("one", "two", "three")
        send_message(sender_id=people.bob.id, to_user_id=people.alice.id, content="four")
        alice.sees("four")
        assert alice.texts() == ["one", "two", "three", "four"]
