"""Calls of the REST interface within the test process."""

from typing import Any

from chat.sending import send_message
from tests.support.people import Person

API = "/api/v1/"


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, (answer.status_code, answer.content)
    return answer.json() if answer.content else None


def refused(answer: Any, status: int, code: str) -> Any:
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), (answer.status_code, body)
    assert body["message"]
    return body


def say(sender: Person, to: Person, *texts: str) -> int:
    """Send texts; returns the conversation."""
    for text in texts:
        draft = send_message(sender_id=sender.id, to_user_id=to.id, content=text)
    assert draft.conversation_id is not None
    return draft.conversation_id
