"""A long conversation: what is being read stays where it is."""

from collections.abc import Iterable

import pytest
from playwright.sync_api import expect

from chat.models import Conversation, Membership, Message
from chat.sending import send_message
from tests.browser.conftest import Enter
from tests.browser.screen import Screen
from tests.browser.test_races import wait_for
from tests.support.people import Cast


def long_history(people: Cast, count: int) -> int:
    """A conversation of `count` messages, some of them long, that Alice has read."""
    draft = send_message(sender_id=people.bob.id, to_user_id=people.alice.id, content="message 1")
    assert draft.conversation_id is not None
    start = draft.created_at - count * 60_000
    rows = []
    for n in range(2, count + 1):
        sender = people.bob if n % 3 == 0 else people.alice
        text, at = f"message {n}" + " and so on" * (n % 17), start + n * 60_000
        rows.append(Message(seq=n, rev=n, created_rev=n, sender_id=sender.id, content=text, created_at=at))
    for row in rows:
        row.conversation_id = draft.conversation_id
    Message.objects.bulk_create(rows)
    Message.objects.filter(conversation_id=draft.conversation_id, seq=1).update(created_at=start)
    conversation = Conversation.objects.get(pk=draft.conversation_id)
    conversation.last_seq = conversation.last_rev = count
    conversation.save()
    conversation.memberships.filter(user_id=people.alice.id).update(read_seq=count, delivered_seq=count)
    return draft.conversation_id


def top_message(screen: Screen) -> tuple[str, float]:
    """The message at the top edge of the log, and where it is."""
    found = screen.log.evaluate(
        """log => {
          const edge = log.getBoundingClientRect().top;
          const first = [...log.querySelectorAll('.msg')].find(m => m.getBoundingClientRect().bottom > edge + 1);
          return [first.dataset.seq, first.getBoundingClientRect().top];
        }"""
    )
    return found[0], found[1]


def position(screen: Screen, seq: str) -> float:
    return float(screen.page.locator(f'.msg[data-seq="{seq}"]').evaluate("el => el.getBoundingClientRect().top"))


def shown(screen: Screen) -> Iterable[int]:
    return [int(seq) for seq in screen.page.locator(".msg").evaluate_all("els => els.map(el => el.dataset.seq)")]


def test_older_messages_come_without_a_jump(people: Cast, enter: Enter) -> None:
    conversation = long_history(people, 700)
    alice = enter(people.alice)
    alice.open("Bob")
    alice.sees("message 700")
    assert alice.log.evaluate("log => log.scrollHeight - log.scrollTop - log.clientHeight") < 2
    for _ in range(40):
        if 1 in shown(alice):
            break
        alice.log.evaluate("log => { log.scrollTop = Math.max(0, log.scrollTop - 400) }")
        seq, before = top_message(alice)
        alice.page.wait_for_timeout(120)
        assert abs(position(alice, seq) - before) < 2, f"message {seq} moved"
        assert len(list(shown(alice))) <= 300
        if alice.log.evaluate("log => log.scrollTop") > 400:
            alice.log.evaluate("log => { log.scrollTop = 300 }")
    assert 1 in shown(alice)
    seqs = list(shown(alice))
    assert seqs == list(range(seqs[0], seqs[-1] + 1))

    # A message arrives while one reads above: nothing moves, the button counts.
    seq, before = top_message(alice)
    send_message(sender_id=people.bob.id, conversation_id=conversation, content="news from below")
    alice.unread("Bob", 1)
    assert abs(position(alice, seq) - before) < 2
    alice.to_end()
    alice.sees("news from below")
    alice.unread("Bob", 0)
    assert len(list(shown(alice))) <= 300


def test_ten_thousand_messages_stay_where_they_are_read(people: Cast, enter: Enter) -> None:
    """A thousand of them are paged through; then the window changes, as it does for a soft keyboard."""
    long_history(people, 10_000)
    alice = enter(people.alice)
    alice.open("Bob")
    alice.sees("message 10000")
    for _ in range(120):
        if min(shown(alice)) < 9_000:
            break
        alice.log.evaluate("log => { log.scrollTop = Math.min(log.scrollTop, 350) }")
        seq, before = top_message(alice)
        alice.page.wait_for_timeout(80)
        assert abs(position(alice, seq) - before) < 2, f"message {seq} moved"
        assert len(list(shown(alice))) <= 300
    seqs = list(shown(alice))
    assert seqs[0] < 9_000
    assert seqs == list(range(seqs[0], seqs[-1] + 1))
    alice.log.evaluate("log => { log.scrollTop = log.scrollHeight / 2 }")
    alice.page.wait_for_timeout(200)
    seq, before = top_message(alice)
    for width, height in ((1280, 480), (1280, 800), (900, 800), (1280, 800)):
        alice.page.set_viewport_size({"width": width, "height": height})
        alice.page.wait_for_timeout(120)
        assert top_message(alice)[0] == seq, f"{width} x {height}"
        assert abs(position(alice, seq) - before) < 30, f"{width} x {height}"  # its own text may break into more lines
    alice.to_end()
    alice.sees("message 10000")


def test_one_lands_on_the_first_unread(people: Cast, enter: Enter) -> None:
    conversation = long_history(people, 120)
    Conversation.objects.get(pk=conversation).memberships.filter(user_id=people.alice.id).update(read_seq=60)
    alice = enter(people.alice)
    alice.open("Bob")
    line = alice.page.locator(".unread-line")
    expect(line).to_be_in_viewport()
    first = int(line.evaluate("el => el.nextElementSibling.dataset.seq"))
    assert first == 63  # 61 and 62 are Alice's own
    expect(alice.page.locator(".jump")).to_be_visible()
    alice.to_end()
    expect(alice.row("Bob").locator(".badge")).to_have_count(0)
    expect(line).to_have_count(1)


def test_the_log_follows_only_at_its_end(people: Cast, enter: Enter) -> None:
    conversation = long_history(people, 80)
    alice, bob = enter(people.alice), enter(people.bob)
    alice.open("Bob")
    bob.open("Alice")
    bob.say("follow me")
    alice.sees("follow me")
    expect(alice.message("follow me")).to_be_in_viewport()
    alice.log.evaluate("log => { log.scrollTop -= 600 }")
    alice.page.wait_for_timeout(100)
    seq, before = top_message(alice)
    for number in range(3):
        bob.say(f"unseen {number}")
    jump = alice.page.get_by_role("button", name="3 new messages, jump to the latest")
    expect(jump).to_be_visible()
    assert abs(position(alice, seq) - before) < 2
    bob.tick("unseen 2", "Delivered")
    jump.click()
    bob.tick("unseen 2", "Read")
    alice.log.evaluate("log => { log.scrollTop = 0 }")
    alice.page.wait_for_timeout(100)
    alice.say("own messages go to the end")
    expect(alice.message("own messages go to the end")).to_be_in_viewport()
    # The window changes its size: the end stays the end.
    alice.page.set_viewport_size({"width": 900, "height": 500})
    expect(alice.message("own messages go to the end")).to_be_in_viewport()
    assert conversation


def leave_unread(people: Cast, count: int, read: int) -> None:
    """A conversation of which Alice has read the first `read` messages."""
    conversation = long_history(people, count)
    Membership.objects.filter(conversation_id=conversation, user_id=people.alice.id).update(read_seq=read)


def below_the_line(screen: Screen) -> int:
    return int(screen.page.locator(".unread-line").evaluate("el => el.nextElementSibling.dataset.seq"))


@pytest.mark.parametrize("phone", [False, True])
def test_more_unread_than_a_page(people: Cast, enter: Enter, phone: bool) -> None:
    """The line stands before the first unread message, and both ends can be reached from there."""
    leave_unread(people, 700, read=101)
    alice = enter(people.alice, phone=phone)
    alice.open("Bob")
    expect(alice.page.locator(".unread-line")).to_be_in_viewport()
    assert below_the_line(alice) == 102
    assert len(list(shown(alice))) <= 300
    alice.page.wait_for_timeout(600)
    assert Membership.objects.get(user_id=people.alice.id).read_seq == 101
    read_upwards(alice, until='.msg[data-seq="1"]')
    assert below_the_line(alice) == 102
    for _ in range(60):
        assert 700 in shown(alice) or alice.page.locator(".jump").is_visible()
        alice.log.evaluate("log => { log.scrollTop = log.scrollHeight }")
        alice.page.wait_for_timeout(120)
        if 700 in shown(alice):
            break
    assert 102 not in shown(alice)
    expect(alice.page.locator(".unread-line")).to_have_count(0)
    alice.log.evaluate("log => { log.scrollTop = log.scrollHeight }")
    wait_for(alice, lambda: Membership.objects.get(user_id=people.alice.id).read_seq == 700)


def read_upwards(screen: Screen, until: str) -> None:
    """Whatever is loaded on the way, nothing jumps."""
    for _ in range(80):
        if screen.page.locator(until).count():
            return
        screen.log.evaluate("log => { log.scrollTop = Math.max(0, log.scrollTop - 500) }")
        seq, before = top_message(screen)
        screen.log.dispatch_event("wheel", {"deltaY": -500})
        screen.page.wait_for_timeout(120)
        assert abs(position(screen, seq) - before) < 2, f"message {seq} moved"
    raise AssertionError("It was not reached.")


def test_more_unread_than_is_loaded_at_once(people: Cast, enter: Enter) -> None:
    """No line between messages that are both unread: it comes with the first of them."""
    leave_unread(people, 2500, read=300)
    alice = enter(people.alice)
    alice.open("Bob")
    expect(alice.page.locator(".msg").first).to_be_visible()
    expect(alice.page.locator(".unread-line")).to_have_count(0)
    wait_for(alice, lambda: min(shown(alice)) < 501)  # at the top, older ones come by themselves
    assert Membership.objects.get(user_id=people.alice.id).read_seq == 300
    read_upwards(alice, until=".unread-line")
    assert below_the_line(alice) == 303
    alice.to_end()
    alice.unread("Bob", 0)


def test_the_top_asks_again_after_a_failure(people: Cast, enter: Enter) -> None:
    """Nothing scrolls at the very top any more: the wheel is enough."""
    long_history(people, 200)
    alice = enter(people.alice)
    alice.allow("ERR_FAILED")
    alice.open("Bob")
    alice.sees("message 200")
    alice.page.route("**/messages?*before=*", lambda route: route.abort())
    alice.log.evaluate("log => { log.scrollTop = 0 }")
    alice.page.wait_for_timeout(300)
    assert min(shown(alice)) == 141
    alice.page.unroute_all()
    alice.page.wait_for_timeout(300)
    alice.log.hover()
    alice.page.mouse.wheel(0, -100)
    wait_for(alice, lambda: min(shown(alice)) == 81)
