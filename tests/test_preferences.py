"""What people prefer: kept for all their devices, heard by those that asked, and on their pages from the first paint on."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from preferences import languages
from preferences.models import Preferences
from tests.conftest import Open
from tests.support.http import call
from tests.support.people import PASSWORD, Cast, Person
from tests.support.rest import API, ok, refused
from tests.support.servers import Server

MINE = API + "me/preferences"


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """What a request has activated in this thread does not stay."""
    with translation.override("en"):
        yield


def browser(who: Person, **headers: Any) -> Client:
    """A browser in which somebody is signed in."""
    client = Client(headers=headers)
    assert client.login(username=who.user.username, password=PASSWORD)
    return client


def test_whoever_has_chosen_nothing_has_defaults(cast: Cast) -> None:
    assert ok(cast.alice.api.get(MINE)) == {
        "theme": "auto", "textSize": "normal", "rising": "green", "language": "", "sounds": True,
        "desktopNotifications": True, "notificationPreview": True, "changedAt": 0,
    }  # fmt: skip
    assert not Preferences.objects.filter(pk=cast.alice.id).exists()


def test_what_is_changed_stays_and_the_rest_stays_as_it_was(cast: Cast) -> None:
    first = ok(cast.alice.api.patch(MINE, {"theme": "dark", "textSize": "largest", "sounds": False}))
    second = ok(cast.alice.api.patch(MINE, {"rising": "red", "language": "zh-hans"}))
    assert second["changedAt"] > first["changedAt"] > 0
    assert ok(cast.alice.api.get(MINE)) == {**first, "rising": "red", "language": "zh-hans", "changedAt": second["changedAt"]}
    assert ok(cast.alice.api.patch(MINE, {}))["changedAt"] == second["changedAt"]
    assert ok(cast.alice.api.patch(MINE, {"language": ""}))["language"] == ""
    assert ok(cast.bob.api.get(MINE))["theme"] == "auto"


@pytest.mark.parametrize(
    "body",
    [
        {"theme": "pink"}, {"theme": 1}, {"theme": None}, {"theme": ""}, {"textSize": "huge"}, {"rising": "blue"},
        {"rising": ""}, {"language": "de"}, {"language": None}, {"sounds": "true"}, {"sounds": 1},
        {"desktopNotifications": None}, {"notificationPreview": []}, [], "dark", 5,
    ],
)  # fmt: skip
def test_what_is_no_choice_is_refused(cast: Cast, body: Any) -> None:
    answer = refused(cast.alice.api.patch(MINE, body, format="json"), 400, "bad_frame")
    if isinstance(body, dict):
        assert answer["field"] == next(iter(body))
    assert ok(cast.alice.api.get(MINE))["changedAt"] == 0


def test_only_people_have_preferences(db: None) -> None:
    for answer in (Client().get(MINE), Client().patch(MINE, "{}", content_type="application/json")):
        refused(answer, 401, "unauthorized")


def test_in_chinese_red_rises_until_somebody_chooses(cast: Cast) -> None:
    assert ok(cast.alice.api.patch(MINE, {"language": "zh-hans"}))["rising"] == "red"
    assert ok(cast.bob.api.get(MINE, headers={"Accept-Language": "zh-CN"}))["rising"] == "red"
    assert ok(cast.alice.api.patch(MINE, {"rising": "green"}))["rising"] == "green"


def test_a_page_is_right_before_any_script_runs(cast: Cast) -> None:
    """The root element says what the style sheets need, in the chosen language, whatever the browser asks for."""
    client = browser(cast.alice, accept_language="en")
    plain = client.get("/").content.decode()
    assert 'lang="en"' in plain
    assert "data-theme" not in plain
    chosen = {"theme": "dark", "textSize": "large", "language": "zh-hans"}
    changed = ok(cast.alice.api.patch(MINE, chosen))
    for path in ("/", "/settings/appearance", "/nowhere"):
        page = client.get(path)
        text = page.content.decode()
        for attribute in ('lang="zh-hans"', 'data-theme="dark"', 'data-text="large"', 'data-ticks="red-up"'):
            assert attribute in text, (path, attribute)
        assert f'data-look="{cast.alice.id}"' in text
        assert f'data-look-at="{changed["changedAt"]}"' in text
        assert page["Content-Language"] == "zh-hans"
    assert "聊天" in client.get("/").content.decode()
    assert r"\u804a\u5929" in client.get("/strings.js").content.decode()
    assert 'lang="en"' in browser(cast.bob, accept_language="en").get("/").content.decode()
    assert 'lang="en"' in Client(headers={"accept-language": "en"}).get("/sign-in").content.decode()


def test_letters_are_in_the_language_of_whom_they_go_to(cast: Cast) -> None:
    ok(cast.alice.api.patch(MINE, {"language": "zh-hans"}))
    with translation.override("en"):
        with languages.spoken_to(cast.alice.id):
            assert translation.get_language() == "zh-hans"
        with languages.spoken_to(cast.bob.id):
            assert translation.get_language() == "en"
        assert translation.get_language() == "en"


async def test_a_change_reaches_my_connections_that_asked_and_nobody_else(
    people: Cast, servers: list[Server], device: Open
) -> None:
    asking = await device(people.alice, preferences=1)
    elsewhere = await device(people.alice, on=servers[-1], preferences=1)
    original, refusing = await device(people.alice), await device(people.alice, preferences=0)
    bob = await device(people.bob, preferences=1)
    status, body = await call(servers[0], "PATCH", MINE, people.alice.access, {"theme": "light"})
    assert status == 200
    for one in (asking, elsewhere):
        assert (await one.get("preferences"))["data"] == body
    for other in (original, refusing, bob):
        await other.settled()
        assert other.all("preferences") == []
