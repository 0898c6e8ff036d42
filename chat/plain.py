"""One line of what was said, without marks, where no page draws them: as `plain` of static/js/core/markup.js, nearly."""

import re

LOOKED_AT = 1000  # characters

# Letters and digits of scripts with spaces between their words: marks stand beside words there, not within.
_WORD = r"[^\W_\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u318f\u3400-\u9fff\uac00-\ud7af]"

_CODE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[ \t]*[\w+#.-]{0,32}[ \t]*\n(?P<block>.*?)^ {0,3}(?P=fence)[ \t]*$"
    r"|(?<![`\\])(?P<mark>`+)(?!`)(?P<span>.+?)(?<!`)(?P=mark)(?!`)",
    re.MULTILINE | re.DOTALL,
)
_BEGIN = re.compile(r"^[ \t]*(?:> |>$|[-*•][ \t]+(?=\S)(?![-*_ \t]*$))", re.MULTILINE)
_LINK = re.compile(r"(?<!\\)\[([^\[\]\n]+)\]\((?:https?://|mailto:)[^\s()]+(?:\([^\s()]*\)[^\s()]*)*\)", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S*[^\s*_~]", re.IGNORECASE)
_HIDDEN = str.maketrans("*_~", "\ufdd0\ufdd1\ufdd2")  # what looks like a mark within an address is none
_SHOWN = str.maketrans("\ufdd0\ufdd1\ufdd2", "*_~")
_STARS = re.compile(
    rf"(?<!\\)(?<!{_WORD})(?<!\*)(\*{{1,3}})(?![\s*])((?:(?!\n\s*\n).)+?)(?<![\s*])\1(?!\*)(?!{_WORD})", re.DOTALL
)
_STRUCK = re.compile(rf"(?<!\\)(?<!{_WORD})(?<!~)(~~)(?![\s~])((?:(?!\n\s*\n).)+?)(?<![\s~])~~(?!~)(?!{_WORD})", re.DOTALL)
_LOW = re.compile(r"(?<!\\)(?<!\w)(_)(?![\s_])((?:(?!\n\s*\n).)+?)(?<![\s_])_(?!\w)", re.DOTALL)
_MARKS = (_STARS, _STRUCK, _LOW)


def one_line(text: str) -> str:
    """The text in one line, without the marks of its format."""
    text = text[:LOOKED_AT]
    found, end = [], 0
    for code in _CODE.finditer(text):
        found += [_unmarked(text[end : code.start()]), code["block"] or code["span"] or ""]
        end = code.end()
    found.append(_unmarked(text[end:]))
    return " ".join("".join(found).split()) or " ".join(text.split())


def _unmarked(text: str) -> str:
    while (shorter := _BEGIN.sub("", text)) != text:  # quotes and lists within each other
        text = shorter
    text = _LINK.sub(r"\1", text)
    text = _ADDRESS.sub(lambda address: address[0].translate(_HIDDEN), text)
    for _ in range(3):  # one within another
        for mark in _MARKS:
            text = mark.sub(r"\2", text)
    return text.translate(_SHOWN)
