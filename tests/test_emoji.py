"""What the server takes for one emoji, and which ones there are to pick."""

import gzip
import json
from typing import Any

import pytest
from django.test import Client
from emoji import EMOJI_DATA, STATUS

from chat.emoji import is_emoji, qualified
from chat.emoji_catalogue import NEWEST, TONES, catalogue
from tests.support.people import Cast
from tests.support.rest import API, ok, refused


@pytest.mark.parametrize(
    "text",
    ["👍", "👍🏽", "❤️", "❤", "😀", "👨‍👩‍👧‍👦", "🧑🏿‍🚀", "🏳️‍🌈", "🏳‍🌈", "🇳🇿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "#️⃣", "1️⃣", "☎️", "🫱🏻‍🫲🏿", "👁️‍🗨️", "©️"],
)
def test_one_emoji(text: str) -> None:
    assert is_emoji(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "a", "👍👍", "👍 ", " 👍", "1", "#", "🏽", "\ufe0f", "🇳", "<b>", "👍a", ":+1:", "👍\u200d", "👍" * 5_000],
)
def test_anything_else(text: str) -> None:
    assert not is_emoji(text)


def test_two_ways_to_write_one_are_the_same() -> None:
    assert qualified("❤") == qualified("❤️") == "❤️"
    assert qualified("🏳‍🌈") == "🏳️‍🌈"
    assert qualified("👍🏽") == "👍🏽" != qualified("👍")
    assert qualified("x") is None


def groups() -> dict[str, list[list[Any]]]:
    return {group["id"]: group["emoji"] for group in json.loads(catalogue())["groups"]}


def test_every_emoji_can_be_picked_once() -> None:
    """All that the package knows up to a version, each in one group, without those that only differ in skin tone."""
    picked = [entry[0] for group in groups().values() for entry in group]
    whole = {text for text, data in EMOJI_DATA.items() if data["status"] == STATUS["fully_qualified"] and data["E"] <= NEWEST}
    assert len(picked) == len(set(picked))
    assert set(picked) == {text for text in whole if not any(tone in text for tone in TONES)}
    assert all(is_emoji(text) for text in picked)


def test_names_and_tones() -> None:
    entries = {entry[0]: entry for group in groups().values() for entry in group}
    assert entries["😀"] == ["😀", "grinning face", "嘿嘿", "grinning", 0]
    assert entries["👍"][1:3] == ["thumbs up", "拇指向上"]
    assert "赞" in entries["👍"][3]
    assert entries["👍"][4] == entries["🧑‍🚀"][4] == entries["☝️"][4] == 1
    assert entries["🧑‍🤝‍🧑"][4] == entries["🐶"][4] == 0
    assert all(entry[1] and entry[2] for entry in entries.values())
    assert list(groups()) == ["smileys", "people", "nature", "food", "travel", "activities", "objects", "symbols", "flags"]


def test_browsers_keep_the_list(cast: Cast) -> None:
    answer = cast.alice.api.get(API + "emoji")
    assert ok(answer) == json.loads(catalogue())
    again = cast.alice.api.get(API + "emoji", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    packed = cast.alice.api.get(API + "emoji", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == catalogue()
    assert len(packed.content) < 60_000
    refused(Client().get(API + "emoji"), 401, "unauthorized")
