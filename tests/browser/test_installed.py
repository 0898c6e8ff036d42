"""The installed page: it opens without a network, loses nothing there, and leaves nothing behind."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Browsers, Screen
from tests.browser.test_leaving import is_nobodys, sign_out
from tests.support import servers
from tests.support.people import Cast, Person
from tests.support.rest import say
from tests.support.servers import ROOT, Server, running

COPY = "async () => Boolean(await caches.match('/', {cacheName: 'skyeim-page'}))"
WHOSE = """async () => {
  const copy = await caches.match("/", { cacheName: "skyeim-page" });
  return copy && [copy.headers.get("X-SkyeIM-User"), copy.headers.get("X-SkyeIM-Release")];
}"""
REMEMBERED = """() => new Promise((resolve, reject) => {
  const request = indexedDB.open("skyeim", 1);
  request.onerror = reject;
  request.onsuccess = () => {
    const all = request.result.transaction("memory").objectStore("memory").getAll();
    all.onsuccess = () => (request.result.close(), resolve(JSON.stringify(all.result)));
  };
})"""

Install = Callable[[Person], Screen]


@pytest.fixture
def away() -> Iterator[Server]:
    """A server that can be away: Chromium's own switch leaves open sockets open."""
    with running(IM_RATE_SIGN_IN_ADDRESS="1000/s:100000") as (started,):
        yield started


@pytest.fixture
def install(browsers: Browsers, away: Server) -> Iterator[Install]:
    """Sign somebody in, with a worker that has its files and its copy of the page."""
    screens: list[Screen] = []

    def sign_in(who: Person) -> Screen:
        screen = Screen(browsers, away.url, service_workers="allow")
        screens.append(screen)
        screen.page.goto(away.url)
        screen.sign_in(who)
        screen.ready()
        has_copy(screen)
        return screen

    yield sign_in
    for screen in screens:
        screen.close()


def eventually(screen: Screen, script: str, check: Callable[[Any], bool]) -> None:
    """Wait until what the script says passes the check."""
    deadline = time.monotonic() + 15
    while not check(found := screen.page.evaluate(script)):
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


def has_copy(screen: Screen) -> None:
    eventually(screen, COPY, bool)


def remembers(screen: Screen, text: str) -> None:
    """The memory is lazy."""
    eventually(screen, REMEMBERED, lambda found: text in found)


def test_a_start_without_network_shows_everything_and_what_is_written_goes_out(
    people: Cast, install: Install, away: Server
) -> None:
    say(people.carol, people.alice, "not opened before", "the last line")
    say(people.bob, people.alice, "the boat leaves at eight", "bring a coat")
    alice = install(people.alice)
    alice.open("Bob")
    alice.sees("the boat leaves at eight", "bring a coat")
    remembers(alice, "not opened before")
    away.stop()
    alice.allow("ERR_CONNECTION_REFUSED", "Failed to load resource")
    alice.page.reload()
    alice.sees("the boat leaves at eight", "bring a coat")
    expect(alice.row("Bob")).to_contain_text("bring a coat")
    alice.say("written at sea")
    alice.tick("written at sea", "Sending")
    expect(alice.pill).to_contain_text("No connection", timeout=10_000)
    alice.page.goto(away.url + "/")
    expect(alice.row("Bob")).to_contain_text("written at sea")
    alice.open("Carol")
    alice.sees("not opened before", "the last line")
    say(people.bob, people.alice, "said meanwhile")
    away.start()
    alice.open("Bob")
    alice.sees("said meanwhile", "written at sea")
    expect(alice.message("written at sea").locator(".tick-icon")).not_to_have_attribute("aria-label", "Sending", timeout=40_000)
    assert alice.texts()[:4] == ["the boat leaves at eight", "bring a coat", "said meanwhile", "written at sea"]
    # What is remembered is shown first; the server continues it, and only what was seen counts as read.
    alice.unread("Bob", 0)
    remembers(alice, '"readSeq":4')
    path = alice.page.url
    alice.page.goto("about:blank")
    say(people.bob, people.alice, *(f"missed {number}" for number in range(30)))
    alice.page.goto(path)
    expect(alice.page.locator(".unread-line + .msg .bubble__text")).to_contain_text("missed 0")
    alice.unread("Bob", 30)
    alice.to_end()
    alice.unread("Bob", 0)


def test_a_sign_out_leaves_nothing_with_the_browser(people: Cast, install: Install, away: Server) -> None:
    say(people.bob, people.alice, "confidential words")
    alice = install(people.alice)
    alice.open("Bob")
    alice.sees("confidential words")
    remembers(alice, "confidential words")
    tab = alice.another_tab()
    tab.ready()
    sign_out(tab)
    expect(alice.pill).to_contain_text("You were signed out on this device")
    is_nobodys(alice)
    eventually(tab, REMEMBERED, lambda found: found == "[]")
    assert not tab.page.evaluate(COPY)
    alice.page.close()
    tab.sign_in(people.carol)
    tab.ready()
    has_copy(tab)
    assert tab.page.evaluate(WHOSE)[0] == str(people.carol.id)
    sign_out(tab)
    away.stop()
    tab.allow("ERR_CONNECTION_REFUSED", "Failed to load resource")
    tab.page.goto(away.url + "/")
    expect(tab.page.get_by_role("heading", name="No connection")).to_be_visible()
    away.start()


SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, tag }) => [title, body, tag]).sort()"""


def test_what_is_pushed_is_shown_once_a_chat_and_goes_when_it_is_read(people: Cast, install: Install, away: Server) -> None:
    with_bob, with_carol = say(people.bob, people.alice, "one", "two"), say(people.carol, people.alice, "three")
    alice = install(people.alice)
    alice.context.grant_permissions(["notifications"], origin=away.url)
    deliver = pusher(alice)
    told = {"type": "message", "userId": people.alice.id, "at": 1, "unread": [with_bob, with_carol]}
    bob = {**told, "conversationId": with_bob, "title": "Bob", "seq": 1, "body": "one"}
    deliver(bob)
    deliver({**told, "conversationId": with_carol, "title": "Carol", "seq": 1, "body": "three"})
    deliver({**bob, "seq": 2, "body": "two"})
    both = [["Bob", "two", f"chat-{with_bob}"], ["Carol", "three", f"chat-{with_carol}"]]
    eventually(alice, SHOWN, lambda found: found == both)
    deliver({**bob, "seq": 1, "body": "overtaken"})  # it must show something, and shows the newer one again
    alice.page.wait_for_timeout(300)
    assert alice.page.evaluate(SHOWN) == both
    alice.open("Bob")  # read here: the notification goes
    alice.unread("Bob", 0)
    eventually(alice, SHOWN, lambda found: found == both[1:])
    deliver({**bob, "seq": 3, "body": "four", "unread": [with_bob]})  # Carol's was read elsewhere
    eventually(alice, SHOWN, lambda found: found == [["Bob", "four", f"chat-{with_bob}"]])
    deliver({**told, "userId": people.bob.id, "conversationId": 1, "title": "Zoe", "seq": 1, "body": "not for Alice"})
    eventually(alice, SHOWN, lambda found: len(found) == 2)
    assert "not for Alice" not in str(alice.page.evaluate(SHOWN))
    alice.page.evaluate("dispatchEvent(new Event('focus'))")
    worker = alice.context.service_workers[0]
    worker.evaluate(
        """async id => { for (const tab of await clients.matchAll()) tab.postMessage({ type: "go", conversationId: id }); }""",
        with_carol,
    )
    expect(alice.page.locator(".thread-head__name")).to_have_text("Carol")
    panel = """async () => {
      const { pushPanel } = await import(`${document.body.dataset.static}js/ui/push-panel.js`);
      const client = document.querySelector("sky-chats").client;
      document.querySelector(".list-pane").append(pushPanel(client));
    }"""
    alice.page.evaluate(panel)
    expect(alice.page.locator("sky-push-panel")).to_contain_text("This server sends no notifications.")
    sign_out(alice)
    eventually(alice, SHOWN, lambda found: found == [])


def pusher(screen: Screen) -> Callable[[Any], None]:
    """Push to the worker, as the browser does when its push service has something."""
    session = screen.context.new_cdp_session(screen.page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(r["registrationId"] for r in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    screen.page.wait_for_timeout(200)

    def deliver(body: Any) -> None:
        parameters = {"origin": screen.url, "registrationId": found[-1], "data": json.dumps(body)}
        session.send("ServiceWorker.deliverPushMessage", parameters)

    return deliver


def test_a_new_release_takes_the_place_of_the_old_one(
    people: Cast, install: Install, away: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = install(people.alice)
    before = alice.page.evaluate(WHOSE)[1]
    ignored = shutil.ignore_patterns(".*", "var", "node_modules", "benchmarks", "tests", "__pycache__")
    shutil.copytree(ROOT, tmp_path / "next", ignore=ignored)
    with (tmp_path / "next/static/js/main.js").open("a") as script:
        script.write('document.documentElement.dataset.release = "next";\n')
    away.stop()
    monkeypatch.setattr(servers, "ROOT", tmp_path / "next")
    away.start()
    alice.allow("ERR_CONNECTION_REFUSED", "Failed to load resource")
    alice.page.reload()
    next_one = alice.page.locator('html[data-release="next"]')
    expect(next_one).to_have_count(1)
    alice.ready()
    eventually(alice, WHOSE, lambda found: found is not None and found[1] != before)
    away.stop()
    alice.page.reload()
    expect(next_one).to_have_count(1)
    expect(alice.page.get_by_role("heading", name="Chats", exact=True)).to_be_visible()
    broken = alice.page.evaluate(
        "performance.getEntriesByType('resource').map(one => one.name).filter(name => /static/.test(name))"
    )
    assert broken
    assert not [name for name in broken if before in name]
    away.start()
