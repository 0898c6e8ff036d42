"""The process that finds the colours of code: `python -m chat.highlighter` reads a request a line and answers with a line.

A grammar is made of regular expressions, and no thread can stop one of them that takes for ever; a process can be ended."""

import json
import os
import select
import sys
from collections.abc import Iterator
from itertools import groupby

from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String, _TokenType
from pygments.util import ClassNotFound

IDLE = 60.0  # seconds without a request after which the process ends by itself

# What tokens are shown as: of those that fit, the first.
KINDS = (
    (Comment.Preproc, "k"), (Comment, "c"), (Keyword.Constant, "n"), (Keyword, "k"), (Operator.Word, "k"), (String, "s"),
    (Number, "n"), (Name.Function, "f"), (Name.Class, "f"), (Name.Tag, "f"), (Name.Builtin, "f"), (Name.Decorator, "f"),
    (Name.Attribute, "n"), (Name.Constant, "n"), (Generic.Inserted, "s"), (Generic.Deleted, "d"), (Generic.Heading, "k"),
    (Generic.Subheading, "k"),
)  # fmt: skip


def pieces(language: str, text: str) -> list[tuple[str, str]] | None:
    """The text cut into (kind, part): keyword, string, number, function, comment, deleted by their first letters, "" for the
    rest. None when nobody knows the language, or its grammar changes the text."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    tokens = groupby(lexer.get_tokens(text), key=lambda token: _kind(token[0]))
    found = [(kind, "".join(part for _, part in group)) for kind, group in tokens]
    return found if "".join(part for _, part in found) == text else None


def _kind(token: _TokenType) -> str:
    return next((kind for parent, kind in KINDS if token in parent), "")


def _requests() -> Iterator[bytes]:
    """What comes in, a line each, until nothing has come for long or the other side is gone."""
    while select.select([sys.stdin.buffer], [], [], IDLE)[0]:
        line = sys.stdin.buffer.readline()
        if not line:
            return
        yield line


def main() -> None:
    os.nice(5)
    for line in _requests():
        language, text = json.loads(line)
        sys.stdout.write(json.dumps(pieces(language, text)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
