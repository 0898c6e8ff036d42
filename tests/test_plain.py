"""One line of a message for a push, without the marks of its format. That it is as the page's own, tests/browser compares."""

import json
import time

import pytest

from chat.models import Message
from chat.plain import one_line
from push import payloads
from push.models import Subscription
from tests.support.people import Cast
from tests.support.rest import say


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("**Plan**:\n- _one_\n- ~~two~~", "Plan: one two"),
        ("`a*b*c` and ```\nx = 1\n```", "a*b*c and x = 1"),
        ("```py\nx = **y\n```\n> yes", "x = **y yes"),
        ("2*3*4 snake_case **no end", "2*3*4 snake_case **no end"),
        ("[docs](https://a.bc/_x_) https://a.bc/_y_z", "docs https://a.bc/_y_z"),
        ("你好**世界**吧", "你好世界吧"),
        ("```\n\n```", "``` ```"),
    ],
)
def test_without_marks(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize("piece", ["*a ", "_a ", "**a *b ", "`", "`a``b", "```\n", "[", "[a](https://(", "> ", "- ", "~~", "*"])
def test_no_text_takes_long(piece: str) -> None:
    began = time.perf_counter()
    one_line((piece * 10_000)[:10_000])
    assert time.perf_counter() - began < 0.5


def test_a_push_says_it_without_marks(cast: Cast) -> None:
    say(cast.bob, cast.alice, "see **this** `code`")
    browser = Subscription(user_id=cast.alice.id, language="en")
    message = Message.objects.select_related("sender", "conversation").get()
    assert json.loads(payloads.message(message, browser=browser, preview=True, unread=[]))["body"] == "see this code"
