"""The emoji that one can pick: in groups, in Unicode's order, with names in English and Chinese."""

import json
from functools import cache
from pathlib import Path

import emoji

from chat.emoji import SELECTOR, is_emoji

NEWEST = 15.1  # of the versions of Unicode's emoji; what is newer many devices cannot show yet
TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
FOLDER = Path(__file__).parent


def _lines(name: str) -> list[str]:
    """The lines of one of the lists beside this file, without comments."""
    return [line for line in (FOLDER / name).read_text("utf-8").splitlines() if line and not line.startswith("# ")]


def _groups() -> dict[str, list[str]]:
    """The order's file: group → its emoji."""
    found: dict[str, list[str]] = {}
    for line in _lines("emoji-order.txt"):
        if line.endswith(":"):
            group = found.setdefault(line.removesuffix(":"), [])
        else:
            group += line.split()
    return found


def _has_tones(text: str) -> bool:
    """Whether a skin tone behind its first character makes it another emoji."""
    rest = text[1:].removeprefix(SELECTOR)
    return all(is_emoji(text[0] + tone + rest) for tone in TONES)


def _entry(text: str, words: dict[str, str]) -> list[str | int]:
    data = emoji.EMOJI_DATA[text]
    chinese = data.get("zh", "").strip(":").replace("_", " ")
    other = [*(alias.strip(":").replace("_", " ") for alias in data.get("alias", [])), *words.get(text, "").split()]
    return [text, data["en"].strip(":").replace("_", " "), chinese, ",".join(other), int(_has_tones(text))]


@cache
def catalogue() -> bytes:
    """JSON: `{groups: [{id, emoji: [[emoji, English name, Chinese name, "other,words", 1 where it has skin tones]]}]}`."""
    emoji.config.load_language("zh")
    words = dict(line.split(" ", 1) for line in _lines("emoji-words.txt"))
    groups = [
        {"id": group, "emoji": [_entry(text, words) for text in texts if float(emoji.EMOJI_DATA[text]["E"]) <= NEWEST]}
        for group, texts in _groups().items()
    ]
    return json.dumps({"groups": groups}, ensure_ascii=False, separators=(",", ":")).encode()
