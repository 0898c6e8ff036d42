"""Calls of the REST interface within the test process."""

import json
import urllib.request
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


def say_live(url: str, sender: Person, to: Person, text: str, **more: Any) -> None:
    """Send a text through the server at `url`, which tells everybody at once: what `say` stores, its sweep finds later.

    `more`: other fields of the message."""

    def post(path: str, body: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {sender.access}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{url}{API}{path}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    conversation = post("conversations", {"kind": "direct", "userId": to.id})["id"]
    post(f"conversations/{conversation}/messages", {"content": text, **more})
