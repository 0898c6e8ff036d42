"""What the server takes for one emoji."""

import pytest

from chat.emoji import is_emoji, qualified

pytestmark = pytest.mark.once


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
