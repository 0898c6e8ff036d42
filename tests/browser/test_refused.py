"""Text that the server would refuse, and a message that it has no use for: neither may hold up a chat."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import WebSocketRoute, expect

from chat.models import Membership, Message
from tests.browser.conftest import Enter
from tests.browser.screen import Screen
from tests.browser.test_races import wait_for
from tests.support.people import Cast, Person

HALF = "\\ud83d"  # of an emoji, as a script's escape


def paste(screen: Screen, text: str) -> None:
    """Put text into the composer that no keyboard makes."""
    script = f'el => {{ el.value = "{text}"; el.dispatchEvent(new Event("input", {{ bubbles: true }})) }}'
    screen.composer.evaluate(script)


def stored(sender: Person) -> list[str]:
    return list(Message.objects.filter(sender_id=sender.id).order_by("seq").values_list("content", flat=True))


def test_what_the_server_would_refuse_is_mended_before_it_is_sent(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.start_chat(people.bob.user.username, "Bob")
    for text in (f"half {HALF} of it", "no \\u0000 zero", "whole \\ud83e\\udd7e boot"):
        paste(alice, text)
        alice.composer.press("Enter")
    alice.say("and on")
    alice.tick("and on", "Sent")
    assert stored(people.alice) == ["half \ufffd of it", "no  zero", "whole \U0001f97e boot", "and on"]
    assert alice.texts() == stored(people.alice)
    paste(alice, "\\u0000 \\u0000")
    alice.composer.press("Enter")
    paste(alice, f"draft {HALF}\\u0000")
    wait_for(alice, lambda: Membership.objects.get(user_id=people.alice.id).draft == "draft \ufffd")
    assert len(stored(people.alice)) == 4


def test_what_an_older_page_left_behind_is_mended_too(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.cut_off()
    alice.say("left behind")
    alice.page.evaluate(
        f"""() => {{
          const key = Object.keys(localStorage).find((key) => key.includes("outbox"));
          localStorage.setItem(key, localStorage.getItem(key).replace("behind", "{HALF.replace(chr(92), chr(92) * 2)}"));
        }}"""
    )
    alice.page.unroute_all()
    alice.page.reload()
    alice.tick("left", "Sent")
    assert stored(people.alice) == ["left \ufffd"]


def poisoned(answer: Callable[[WebSocketRoute], Any]) -> Callable[[WebSocketRoute], None]:
    """A server that has no use for a certain message."""

    def handle(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def there(text: str | bytes) -> None:
            frame = json.loads(text)
            if frame["type"] == "chat" and "poison" in frame["data"]["content"]:
                answer(route)
            else:
                server.send(text)

        route.on_message(there)

    return handle


def anonymous(route: WebSocketRoute) -> None:
    """A refusal that does not say what it is about."""
    route.send(json.dumps({"type": "error", "data": {"code": "bad_frame", "message": "A string holds something."}}))


@pytest.mark.parametrize("answer", [anonymous, lambda route: None], ids=["refused", "silence"])
def test_a_message_that_nobody_takes_lets_the_others_pass(
    people: Cast, enter: Enter, answer: Callable[[WebSocketRoute], Any]
) -> None:
    alice = enter(people.alice)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.intercept_sockets(poisoned(answer))
    alice.page.clock.install()
    alice.page.reload()
    alice.say("before")
    alice.tick("before", "Sent")
    for text in ("poison", "after", "and the last"):
        alice.say(text)
    if answer is not anonymous:
        alice.tick("poison", "Sending")
        for _ in range(3):
            alice.page.clock.run_for(10_050)
            alice.page.wait_for_timeout(300)  # for the pongs
    expect(alice.message("poison").locator(".fail")).to_contain_text("Not sent")
    alice.tick("after", "Sent")
    alice.tick("and the last", "Sent")
    assert stored(people.alice) == ["before", "after", "and the last"]
    alice.message("poison").get_by_role("button", name="Discard").click()
    expect(alice.message("poison")).to_have_count(0)
    expect(alice.pill).to_have_count(0)
