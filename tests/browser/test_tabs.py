"""Two tabs of one person share what waits to be sent."""

import uuid

from playwright.sync_api import expect

from chat.models import Message
from tests.browser.conftest import Enter
from tests.support.people import Cast
from tests.support.rest import say_live


def test_two_tabs_send_in_the_order_of_writing(people: Cast, enter: Enter) -> None:
    """Whoever of them is left sends for the other too, and does not overtake it."""
    first = enter(people.alice)
    first.start_chat(people.bob.user.username, "Bob")
    second = first.another_tab(first.page.url.removeprefix(first.url))
    first.context.route("**/ws-tickets", lambda route: route.abort())
    for screen in (first, second):
        screen.allow("ERR_FAILED")
        screen.page.reload()
    texts = [f"number {n}" for n in range(1, 7)]
    for n, text in enumerate(texts):
        (first, second)[n % 2].say(text)
        for screen in (first, second):
            screen.sees(text)
    first.page.close()
    first.context.unroute_all()
    second.tick("number 6", "Sending")
    expect(second.message("number 6").locator(".tick-icon")).to_have_attribute("aria-label", "Sent", timeout=30_000)
    stored = Message.objects.filter(sender_id=people.alice.id).order_by("seq")
    assert list(stored.values_list("content", flat=True)) == texts
    second.close()


def test_two_tabs_that_are_connected_do_not_wait_for_each_other(people: Cast, enter: Enter) -> None:
    first = enter(people.alice)
    first.start_chat(people.bob.user.username, "Bob")
    second = first.another_tab(first.page.url.removeprefix(first.url))
    second.ready()
    texts = [f"number {n}" for n in range(1, 7)]
    for n, text in enumerate(texts):
        (first, second)[n % 2].say(text)
    for text in texts:
        first.tick(text, "Sent")
        second.tick(text, "Sent")
    stored = Message.objects.filter(sender_id=people.alice.id).order_by("seq")
    assert list(stored.values_list("content", flat=True)) == texts
    second.close()


def test_late_news_of_another_tab_bring_nothing_back(people: Cast, enter: Enter) -> None:
    """A browser under load tells a tab that something waits after the message itself has arrived and is settled."""
    alice = enter(people.alice)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.say("sent by the other tab")
    alice.tick("sent by the other tab", "Sent")
    late = """me => {
      const msgId = document.querySelector(".msg").dataset.id;
      const conversationId = Number(location.pathname.split("/")[2]);
      const entry = { msgId, conversationId, content: "sent by the other tab", createdAt: Date.now(), state: "waiting" };
      dispatchEvent(new StorageEvent("storage", { key: `skyeim.outbox.${me}.${msgId}`, newValue: JSON.stringify(entry) }));
    }"""
    alice.page.evaluate(late, people.alice.id)
    alice.page.wait_for_timeout(200)
    alice.sees("sent by the other tab")
    alice.tick("sent by the other tab", "Sent")
    assert alice.row("Bob").locator(".tick-icon").get_attribute("aria-label") == "Sent"


def test_what_waited_behind_another_tab_goes_out_when_that_has_arrived(people: Cast, enter: Enter) -> None:
    """Here the news that the other message is stored come by the server first: nobody says it in the browser any more."""
    alice = enter(people.alice)
    alice.start_chat(people.bob.user.username, "Bob")
    msg_id = str(uuid.uuid4())
    written = """([me, msgId]) => {
      const conversationId = Number(location.pathname.split("/")[2]);
      const now = Date.now();
      const entry = { msgId, conversationId, content: "of the other tab", createdAt: now, order: now, state: "waiting" };
      const [key, newValue] = [`skyeim.outbox.${me}.${msgId}`, JSON.stringify(entry)];
      localStorage.setItem(key, newValue);
      dispatchEvent(new StorageEvent("storage", { key, newValue }));
    }"""
    alice.page.evaluate(written, [people.alice.id, msg_id])
    alice.say("waits its turn")
    alice.tick("of the other tab", "Sending")
    alice.tick("waits its turn", "Sending")
    say_live(alice.url, people.alice, people.bob, "of the other tab", msgId=msg_id)
    alice.tick("waits its turn", "Sent")  # long before it would be sent without a word from anybody
    alice.tick("of the other tab", "Sent")
