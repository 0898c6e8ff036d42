"""Pushes on their way: what waits and is tried again, and what reaches a push service, which decrypts what it gets."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import override_settings

from accounts import sessions
from accounts.models import Session
from push import endpoints, outbox, recipients, services, subscriptions
from push.models import Away, Subscription
from push.recipients import Delivery
from realtime.database import in_database
from tests.environment import POSTGRES
from tests.support.client import Device
from tests.support.http import call
from tests.support.people import Cast, Person
from tests.support.push import GOOD, PushService, push_service
from tests.support.rest import API, say
from tests.support.servers import Server, running

# ---- the outbox --------------------------------------------------------------------------------------------------------


def a_delivery(number: int = 1, topic: str = "chat-1", text: bytes = b"{}") -> Delivery:
    return Delivery(Subscription(pk=number, endpoint=GOOD["endpoint"], **GOOD["keys"]), topic, text)


async def run_outbox(
    monkeypatch: pytest.MonkeyPatch, answers: list[int], add: Callable[[outbox.Outbox], None], seconds: float
) -> list[bytes]:
    """What was sent, while the push service answered with these one after the other."""
    sent: list[bytes] = []

    def send(delivery: Delivery) -> endpoints.Answer:
        sent.append(delivery.text)
        return endpoints.Answer(answers.pop(0) if answers else 201)

    async def heard(*args: Any) -> None:
        pass

    monkeypatch.setattr(outbox, "in_database", heard)
    monkeypatch.setattr(outbox, "FIRST", 0.05)
    box = outbox.Outbox(send)
    add(box)
    task = asyncio.create_task(box.run())
    await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert len(box) == 0
    return sent


@pytest.mark.parametrize(("answers", "tries"), [([201], 1), ([503, 429, 201], 3), ([0, 201], 2), ([410], 1), ([400], 1)])
async def test_what_may_pass_is_tried_again(monkeypatch: pytest.MonkeyPatch, answers: list[int], tries: int) -> None:
    sent = await run_outbox(monkeypatch, answers, lambda box: box.add(a_delivery()), 1.5)
    assert len(sent) == tries


async def test_the_newest_of_a_topic_is_sent_and_the_queue_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    def add(box: outbox.Outbox) -> None:
        for number in range(5):
            box.add(a_delivery(text=str(number).encode()))
        assert len(box) == 1

    assert await run_outbox(monkeypatch, [], add, 0.3) == [b"4"]

    def flood(box: outbox.Outbox) -> None:
        for number in range(9):
            box.add(a_delivery(topic=f"chat-{number}", text=str(number).encode()))

    with override_settings(IM_PUSH_QUEUE=3):
        assert sorted(await run_outbox(monkeypatch, [], flood, 0.3)) == [b"6", b"7", b"8"]


# ---- all of it ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def senders(live_database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PushService, list[Server]]]:
    """A push service, and the server processes that call it: one on the embedded default, two on PostgreSQL and Redis."""
    folder: Path = tmp_path_factory.mktemp("push")
    with push_service(folder) as started:
        environment = {
            "IM_PUSH": "1", "IM_PUSH_PRIVATE_HOSTS": "localhost", "IM_PUSH_DELAY": "1s",
            "SSL_CERT_FILE": str(folder / "push.crt"),
        }  # fmt: skip
        with running(2 if POSTGRES else 1, **environment) as servers:
            yield started, servers


def subscribe(service: PushService, who: Person, name: str) -> Any:
    browser = service.browser(f"{name}-{who.id}")
    with override_settings(IM_PUSH=True, IM_PUSH_PRIVATE_HOSTS=["localhost"]):
        keys = browser.subscription["keys"]
        subscriptions.subscribe(
            user_id=who.id, session_id=str(who.session.pk), endpoint=browser.url, p256dh=keys["p256dh"], auth=keys["auth"]
        )
    return browser


def endpoints_of(who: Person) -> list[str]:
    return list(Subscription.objects.filter(user_id=who.id).values_list("endpoint", flat=True))


async def test_a_message_reaches_the_browser_of_somebody_who_is_not_there(
    senders: tuple[PushService, list[Server]], people: Cast
) -> None:
    service, servers = senders
    browser = await in_database(subscribe, service, people.alice, "laptop")
    bob = await Device.open(servers[0].ws_url, people.bob.access)
    ack = await bob.chat("are you there?", to=people.alice.id)
    (push,) = await asyncio.to_thread(service.wait, browser)
    assert push.body["title"] == "Bob"
    assert push.body["body"] == "are you there?"
    assert (push.body["conversationId"], push.body["seq"]) == (ack["conversationId"], ack["seq"])
    assert push.headers["topic"] == f"chat-{ack['conversationId']}"
    assert push.headers["urgency"] == "high"
    await asyncio.sleep(3)
    assert len(service.of(browser)) == 1  # one process sends, and only once
    assert all("are you there?" not in server.log for server in servers)
    await bob.close()


async def test_who_looks_at_a_page_is_not_pushed_to_and_who_looks_away_is(
    senders: tuple[PushService, list[Server]], people: Cast
) -> None:
    service, servers = senders
    browser = await in_database(subscribe, service, people.alice, "laptop")
    alice = await Device.open(servers[-1].ws_url, people.alice.access)
    bob = await Device.open(servers[0].ws_url, people.bob.access)
    await bob.chat("seen", to=people.alice.id)
    await alice.get("chat")
    await asyncio.sleep(3)
    assert service.of(browser) == []
    await alice.send("looking", {"looking": False})
    await alice.settled()
    await bob.chat("not seen", to=people.alice.id)
    (push,) = await asyncio.to_thread(service.wait, browser)
    assert push.body["body"] == "not seen"
    await alice.send("looking", {"looking": True})
    await alice.settled()
    ack = await bob.chat("seen again", to=people.alice.id)
    await asyncio.sleep(3)
    assert len(service.of(browser)) == 1
    connection = (await alice.get("connected"))["data"]["connectionId"]
    await alice.send("looking", {"looking": False})
    await alice.settled()
    assert await in_database(Away.objects.filter(pk=connection).exists)
    await bob.chat("read in time", to=people.alice.id)
    await alice.send("read", {"conversationId": ack["conversationId"], "seq": ack["seq"] + 1})
    await asyncio.sleep(3)
    assert len(service.of(browser)) == 1
    await alice.close()
    for _ in range(100):
        if not await in_database(Away.objects.filter(pk=connection).exists):
            break
        await asyncio.sleep(0.05)
    assert not await in_database(Away.objects.filter(pk=connection).exists)
    refusal = await bob.ask("looking", {"looking": "no"})
    assert (refusal["data"]["code"], refusal["data"]["field"]) == ("bad_frame", "data.looking")
    await bob.close()


async def test_a_page_whose_line_is_dead_does_not_count_as_looking(
    senders: tuple[PushService, list[Server]], people: Cast
) -> None:
    """It confirms nothing, and the server will only notice after its heartbeat."""
    service, servers = senders
    browser = await in_database(subscribe, service, people.alice, "laptop")
    alice = await Device.open(servers[-1].ws_url, people.alice.access, receipts=1)
    bob = await Device.open(servers[0].ws_url, people.bob.access)
    ack = await bob.chat("confirmed", to=people.alice.id)
    await alice.send("received", {"conversationId": ack["conversationId"], "seq": ack["seq"]})
    await asyncio.sleep(3)
    assert service.of(browser) == []
    await bob.chat("into the dark", to=people.alice.id)
    (push,) = await asyncio.to_thread(service.wait, browser)
    assert push.body["body"] == "into the dark"
    await alice.close()
    await bob.close()


async def test_a_browser_that_is_gone_is_forgotten_and_one_that_is_busy_tried_again(
    senders: tuple[PushService, list[Server]], people: Cast
) -> None:
    service, servers = senders
    gone = await in_database(subscribe, service, people.alice, "gone")
    busy = await in_database(subscribe, service, people.alice, "busy")
    service.answers = {gone.name: [(410, {})], busy.name: [(429, {"Retry-After": "1"}), (503, {})]}
    bob = await Device.open(servers[0].ws_url, people.bob.access)
    await bob.chat("knock knock", to=people.alice.id)
    tried = await asyncio.to_thread(service.wait, busy, 3, 40)
    assert {push.body["body"] for push in tried} == {"knock knock"}
    assert len(service.of(gone)) == 1
    left = await in_database(endpoints_of, people.alice)
    assert left == [busy.url]
    await bob.close()


async def test_a_sign_out_ends_the_pushes_of_that_session_alone(
    senders: tuple[PushService, list[Server]], people: Cast
) -> None:
    service, servers = senders
    laptop = await in_database(subscribe, service, people.alice, "laptop")
    other = await in_database(sessions.begin, user=people.alice.user, kind=Session.Kind.TOKEN)
    second = Person(people.alice.user, other, "", "")
    phone = service.browser(f"phone-{people.alice.id}")
    with override_settings(IM_PUSH_PRIVATE_HOSTS=["localhost"], IM_PUSH=True):
        await in_database(
            subscriptions.subscribe, user_id=second.id, session_id=str(other.pk), endpoint=phone.url,
            p256dh=phone.subscription["keys"]["p256dh"], auth=phone.subscription["keys"]["auth"],
        )  # fmt: skip
    await in_database(sessions.end, session_id=str(people.alice.session.pk), user_id=people.alice.id)
    bob = await Device.open(servers[0].ws_url, people.bob.access)
    await bob.chat("only the phone", to=people.alice.id)
    (push,) = await asyncio.to_thread(service.wait, phone)
    assert push.body["body"] == "only the phone"
    assert service.of(laptop) == []
    assert await in_database(endpoints_of, people.alice) == [phone.url]
    await bob.close()


async def test_a_test_arrives_and_may_not_be_asked_for_too_often(
    senders: tuple[PushService, list[Server]], people: Cast
) -> None:
    service, servers = senders
    browser = await in_database(subscribe, service, people.alice, "laptop")
    status, body = await call(servers[0], "POST", API + "push-subscriptions/test", people.alice.access)
    assert (status, body) == (200, {"sent": 1, "failed": 0})
    (push,) = await asyncio.to_thread(service.wait, browser)
    assert push.body["type"] == "test"
    assert push.body["body"] == "Notifications work on this device."
    status, body = await call(servers[0], "POST", API + "push-subscriptions/test", people.alice.access)
    assert (status, body["code"]) == (429, "rate_limited")
    status, body = await call(servers[0], "POST", API + "push-subscriptions/test", people.bob.access)
    assert (status, body["code"]) == (404, "not_found")


async def test_messages_that_could_not_be_looked_at_are_looked_at_again(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is away for a moment, just when it is asked whom a message must be pushed to."""
    added: list[Delivery] = []
    asked: list[int] = []
    real = recipients.deliveries

    def deliveries(stored: Any) -> list[Delivery]:
        asked.append(len(list(stored)))
        if len(asked) == 1:
            raise OperationalError("away")
        return real(stored)

    class Listening(outbox.Outbox):
        def add(self, delivery: Delivery) -> None:
            added.append(delivery)

    monkeypatch.setattr(recipients, "deliveries", deliveries)
    monkeypatch.setattr(services, "Outbox", Listening)
    monkeypatch.setattr(services, "PERIOD", 0.05)
    monkeypatch.setattr(services, "PROCESS_ID", f"test-{people.alice.id}")
    monkeypatch.setattr(services, "take_turn", lambda: before)
    before = await in_database(recipients.newest)
    with override_settings(IM_PUSH=True, IM_PUSH_DELAY=0, IM_PUSH_PRIVATE_HOSTS=["push.example.org"]):
        keys = {"p256dh": GOOD["keys"]["p256dh"], "auth": GOOD["keys"]["auth"]}
        address = {"user_id": people.alice.id, "session_id": str(people.alice.session.pk)}
        endpoint = f"https://push.example.org/{people.alice.id}"
        await in_database(subscriptions.subscribe, **address, endpoint=endpoint, **keys)
        await in_database(say, people.bob, people.alice, "hello")
        task = asyncio.create_task(services.run())
        for _ in range(100):
            if added:
                break
            await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert asked[0] >= 1
    assert [one.subscription.user_id for one in added if one.subscription.user_id == people.alice.id] == [people.alice.id]
