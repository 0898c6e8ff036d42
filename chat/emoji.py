"""What counts as one emoji: those of the emoji package, which follows Unicode."""

from functools import cache

from emoji import EMOJI_DATA, STATUS

SELECTOR = "\N{VARIATION SELECTOR-16}"


@cache
def _qualified() -> dict[str, str]:
    """Each emoji without its variation selectors → the one way to write it that Unicode calls fully qualified."""
    whole = STATUS["fully_qualified"]
    return {text.replace(SELECTOR, ""): text for text, entry in EMOJI_DATA.items() if entry["status"] == whole}


def qualified(text: str) -> str | None:
    """The one way to write this emoji, so that two ways of typing it count as the same; None when it is not one emoji."""
    if len(text) > 16:
        return None
    return _qualified().get(text.replace(SELECTOR, ""))


def is_emoji(text: str) -> bool:
    """Whether a text is one emoji and nothing else, with or without its variation selectors, in any skin tone."""
    return qualified(text) is not None
