"""Things that happen at the same time, in the order that goes wrong."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Browser, Route, expect

from accounts import friends
from chat import delivery, views
from chat.models import Conversation, Membership, Message
from chat.sending import send_message
from tests.browser.conftest import Enter
from tests.browser.screen import Screen
from tests.support.people import Cast
from tests.support.servers import running


def wait_for(screen: Screen, check: Callable[[], bool], seconds: float = 30) -> None:
    """Until the check holds; the page goes on meanwhile."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "It did not become true."
        screen.page.wait_for_timeout(50)


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
    wait_for(alice, lambda: bool(held))
    route, response = held[0]
    route.fulfill(response=response)
    alice.tick("faster than the history", "Sent")
    alice.say("and on")
    alice.sees("faster than the history", "and on")


def test_what_began_while_i_was_away_in_a_chat_that_was_empty(people: Cast, enter: Enter) -> None:
    with running() as (server,):
        alice = enter(people.alice, on=server)
        alice.allow("ERR_CONNECTION", "WebSocket")
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


def test_two_tabs_keep_each_others_unsent_messages(people: Cast, enter: Enter, browser: Browser) -> None:
    """Tabs share one store: none may overwrite what another has not sent yet."""
    first = enter(people.alice)
    first.allow("WebSocket")
    first.start_chat(people.bob.user.username, "Bob")
    path = first.page.url.removeprefix(first.url)
    second = first.another_tab(path)
    second.allow("WebSocket")
    first.intercept_sockets(lambda socket: socket.close(code=1012))
    first.page.reload()
    second.page.reload()
    first.say("from the first tab")
    second.say("from the second tab")
    second.sees("from the first tab")
    first.page.close()
    second.page.reload()
    second.sees("from the first tab", "from the second tab")
    second.tick("from the first tab", "Sending")
    second.page.close()
    # The same browser, without the obstacle.
    again = browser.new_context(storage_state=first.context.storage_state())
    third = Screen(first.browsers, first.url, context=again)
    third.page.goto(first.url + path)
    third.tick("from the first tab", "Sent")
    third.tick("from the second tab", "Sent")
    stored = Message.objects.filter(sender_id=people.alice.id).order_by("seq")
    assert list(stored.values_list("content", flat=True)) == ["from the first tab", "from the second tab"]
    again.close()


def test_a_draft_that_was_sent_does_not_come_back(people: Cast, enter: Enter) -> None:
    """The draft is on its way to the server when Enter sends the message; the server's echo of it comes after."""
    alice = enter(people.alice)
    alice.start_chat(people.bob.user.username, "Bob")
    held: list[Route] = []
    alice.page.route("**/state", lambda route: route.continue_() if held else held.append(route))
    alice.write("hello there")
    wait_for(alice, lambda: bool(held))
    alice.composer.press("Enter")
    alice.tick("hello there", "Sent")
    with alice.page.expect_response("**/state"):
        held[0].continue_()
    membership = Membership.objects.get(user_id=people.alice.id)
    wait_for(alice, lambda: not Membership.objects.get(pk=membership.pk).draft)
    alice.page.wait_for_timeout(500)
    expect(alice.composer).to_have_value("")


def test_a_draft_written_without_a_connection_survives_the_resume(people: Cast, enter: Enter) -> None:
    with running() as (server,):
        alice = enter(people.alice, on=server)
        alice.allow("ERR_CONNECTION", "WebSocket")
        alice.start_chat(people.bob.user.username, "Bob")
        server.kill()
        alice.composer.press_sequentially("half a tho")
        server.start()
        wait_for(alice, lambda: Membership.objects.get(user_id=people.alice.id).draft == "half a tho", seconds=30)
        alice.page.reload()
        expect(alice.composer).to_have_value("half a tho")


def test_a_failed_message_of_yesterday_stays_in_its_place(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice, path="/sign-in")
    alice.page.clock.install(time=datetime(2026, 3, 1, 23, 50, tzinfo=UTC))
    alice.start_chat(people.bob.user.username, "Bob")
    friends.block(user_id=people.bob.id, other_id=people.alice.id)
    alice.say("refused")
    expect(alice.message("refused").get_by_role("button", name="Retry")).to_be_visible()
    friends.unblock(user_id=people.bob.id, other_id=people.alice.id)
    send_message(sender_id=people.bob.id, to_user_id=people.alice.id, content="the next day")
    alice.sees("the next day", "refused")
    expect(alice.message("refused").get_by_role("button", name="Retry")).to_be_visible()
    alice.message("refused").get_by_role("button", name="Retry").click()
    alice.tick("refused", "Sent")


def test_the_first_message_of_a_conversation_is_confirmed(people: Cast, enter: Enter) -> None:
    bob, alice = enter(people.bob), enter(people.alice)
    bob.ready()
    alice.start_chat(people.bob.user.username, "Bob")
    alice.page.wait_for_timeout(300)
    expect(bob.page.locator("sky-chats .row")).to_have_count(0)  # opened by Alice alone
    alice.say("the very first")
    bob.unread("Alice", 1)
    alice.tick("the very first", "Delivered")


def test_marked_unread_goes_away_for_good_when_it_is_read(people: Cast, enter: Enter) -> None:
    draft = send_message(sender_id=people.bob.id, to_user_id=people.alice.id, content="look at this")
    assert draft.conversation_id is not None
    delivery.mark_read(user_id=people.alice.id, conversation_id=draft.conversation_id, seq=1)
    views.change_view(user_id=people.alice.id, conversation_id=draft.conversation_id, changes={"unread_from": 1})
    alice = enter(people.alice)
    expect(alice.row("Bob").get_by_role("img", name="Marked unread")).to_be_visible()
    alice.open("Bob")
    wait_for(alice, lambda: Membership.objects.get(user_id=people.alice.id).unread_from is None)
    alice.page.reload()
    alice.ready()
    expect(alice.row("Bob").locator(".badge")).to_have_count(0)


def test_fast_fingers_find_the_person_they_typed(people: Cast, enter: Enter) -> None:
    """Also when the list of friends, asked for as the switcher opened, comes after the last key."""
    alice = enter(people.alice)
    friends: list[Route] = []
    alice.page.route("**/api/v1/friends", lambda route: friends.append(route))
    alice.jump()
    wait_for(alice, lambda: bool(friends))
    alice.page.keyboard.insert_text(people.carol.user.username)
    alice.page.keyboard.press("Enter")
    friends[0].fulfill(json={"results": [], "next": None})
    expect(alice.page.locator(".thread-head__name")).to_have_text("Carol")


def test_a_click_before_the_list_is_complete(people: Cast, enter: Enter) -> None:
    """Presence is slow; rows that are there can be opened."""
    send_message(sender_id=people.bob.id, to_user_id=people.alice.id, content="open me")
    alice = enter(None, path="/sign-in")
    alice.page.route("**/presence?*", lambda route: None)
    alice.sign_in(people.alice)
    alice.open("Bob")
    alice.sees("open me")
    alice.page.unroute_all()


def test_a_gap_beside_a_running_resume_is_asked_for_again(people: Cast, enter: Enter) -> None:
    """The answer of a sync reaches to its head, not to what came live meanwhile with a hole before it."""
    alice = enter(people.alice)
    alice.ready()
    result = alice.page.evaluate(
        """async () => {
          const base = document.querySelector("script[type=module]").src.replace("main.js", "");
          const { Sync } = await import(base + "app/sync.js");
          const { Chat } = await import(base + "core/chat.js");
          const body = { conversationId: 1, lastSeq: 3, lastRev: 3, readSeq: 0, unread: 0 };
          const chat = new Chat(body, 9);
          const rest = { conversationId: 1, fromUserId: 9, content: "x" };
          const message = (seq) => ({ msgId: `m${seq}`, seq, rev: seq, createdAt: seq, ...rest });
          chat.open().replace([message(1)], 1, true);
          const asked = [];
          const nothing = () => null;
          const client = {
            chats: new Map([[1, chat]]), selected: null, tell: nothing, accept: () => chat, remove: nothing,
            socket: { open: true, send: (type, data) => asked.push(data.cursors[1]) },
            list: { load: nothing, failed: null }, history: { load: nothing },
            receipts: { repeat: nothing }, sender: { flush: nothing },
          };
          const sync = new Sync(client);
          const take = (seq) => {
            chat.take(message(seq));
            if (chat.timeline.put(message(seq)) === "gap") sync.request(chat);
          };
          sync.begin("e");
          take(2); take(3);
          take(5);  // the ack of 5 overtakes the push of 4, which is lost, while the answer is on its way
          sync.heads([{ ...body, conversationId: 1 }]);
          sync.end({ epoch: "e" });
          return { asked, rev: chat.timeline.rev, running: sync.running };
        }"""
    )
    assert result == {"asked": [1, 3], "rev": 3, "running": True}


def test_the_countdown_keeps_the_focus(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.allow("WebSocket")
    alice.ready()
    alice.intercept_sockets(lambda socket: socket.close(code=1013))
    alice.page.reload()
    button = alice.page.get_by_role("button", name="Try now")
    button.focus()
    alice.page.wait_for_timeout(2500)
    expect(button).to_be_focused()
    alice.context.unroute_all()


def test_an_own_message_is_announced_once(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.say("warm up")
    alice.tick("warm up", "Sent")
    alice.page.evaluate(
        """() => {
          window.added = 0;
          const isMessage = (node) => node.matches?.(".msg");
          const count = (list) => list.forEach(({ addedNodes }) => (window.added += [...addedNodes].filter(isMessage).length));
          new MutationObserver(count).observe(document.querySelector(".log"), { childList: true, subtree: true });
        }"""
    )
    alice.say("once")
    alice.tick("once", "Sent")
    assert alice.page.evaluate("window.added") == 1


def test_a_chat_that_is_gone_leads_back_to_the_list(people: Cast, enter: Enter) -> None:
    """An administrator removes the conversation while a phone shows it."""
    with running() as (server,):
        alice = enter(people.alice, on=server, phone=True)
        alice.allow("ERR_CONNECTION", "WebSocket")
        draft = send_message(sender_id=people.bob.id, to_user_id=people.alice.id, content="soon gone")
        alice.open("Bob")
        alice.sees("soon gone")
        server.kill()
        Conversation.objects.get(pk=draft.conversation_id).delete()
        server.start()
        expect(alice.page.get_by_role("heading", name="No chats yet")).to_be_visible(timeout=20_000)
        assert alice.page.url == f"{alice.url}/"
