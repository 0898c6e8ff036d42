"""What a push says: JSON that only the browser can read, in the language that it was set to when it subscribed."""

import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from chat.models import Message
from chat.plain import one_line
from push.encryption import MOST
from push.models import Subscription

NAME = 80  # characters
TEXT = 300

# The page may show these as well; which words stand for them is said here, as the worker knows no languages.
KIND = Message.ContentType


def message(found: Message, *, browser: Subscription, preview: bool, unread: list[int]) -> bytes:
    """A message. `unread`: all conversations of the person with something unread. Without `preview` it holds no text."""
    conversation = found.conversation
    sender = found.sender.name[:NAME]
    with override(browser.language):
        text = _text(found) if preview else _("New message")
    is_group = conversation.kind == "group"
    title = conversation.title[:NAME] if is_group and conversation.title else sender
    body = f"{sender}: {text}" if is_group and conversation.title else text
    return _encode(
        {
            "type": "message",
            "userId": browser.user_id,
            "conversationId": conversation.pk,
            "seq": found.seq,
            "title": title,
            "body": body,
            "at": found.created_at,
            "unread": unread,
        }
    )


def _text(found: Message) -> str:
    """One line of what was said."""
    text = one_line(found.content)
    if len(text) > TEXT:
        text = text[: TEXT - 1] + "…"
    match found.content_type:
        case KIND.IMAGE:
            return text or _("Photo")
        case KIND.FILE:
            return text or _("File")
        case KIND.VOICE:
            return text or _("Voice message")
    return text or _("New message")


def test(browser: Subscription) -> bytes:
    """What "Send a test" sends."""
    with override(browser.language):
        body = _("Notifications work on this device.")
    return _encode({"type": "test", "userId": browser.user_id, "title": "SkyeIM", "body": body})


def _encode(body: dict[str, Any]) -> bytes:
    """As UTF-8, shortened until it fits into one push."""
    while len(text := json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()) > MOST:
        body["body"] = body["body"][: len(body["body"]) // 2]
    return text
