"""The REST interface as a whole: its errors have one shape with the codes of the protocol, and it describes itself."""

from typing import Any

import pytest
from django.test import Client

from accounts import friends
from tests.support.people import Cast
from tests.support.rest import API, ok, refused, say


def test_errors_have_one_shape(cast: Cast) -> None:
    api = cast.alice.api
    refused(api.get(API + "nonsense"), 404, "not_found")
    refused(api.get(API), 404, "not_found")
    refused(api.delete(API + "users/me"), 405, "bad_frame")
    refused(api.post(API + "friend-requests", "{", content_type="application/json"), 400, "bad_json")
    refused(api.post(API + "friend-requests", b"\xff", content_type="application/json"), 400, "bad_json")
    refused(api.post(API + "friend-requests", "[" * 50_000, content_type="application/json"), 400, "bad_json")
    refused(api.post(API + "friend-requests", "a=1", content_type="application/x-www-form-urlencoded"), 415, "bad_frame")
    refused(api.post(API + "friend-requests", "[1]", content_type="application/json"), 400, "bad_frame")
    refused(api.post(API + "friend-requests", '{"userId": 1e400}', content_type="application/json"), 400, "bad_frame")
    refused(api.post(API + "friend-requests", '{"userId": "\\ud800"}', content_type="application/json"), 400, "bad_frame")
    refused(api.post(API + "friend-requests", {"userId": 1, "x": "a" * 300_000}), 413, "bad_frame")
    refused(api.get(API + "users/me", headers={"Host": "evil.example"}), 400, "bad_frame")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("conversations/{c}/messages", {"content": 5}, "content"),
        ("conversations/{c}/messages", {"content": "a\x00b"}, "content"),
        ("conversations/{c}/messages", {"content": "x", "msgId": 5}, "msgId"),
        ("conversations/{c}/messages", {"content": "x", "contentType": "1"}, "contentType"),
        ("conversations/{c}/messages", {"content": "x", "contentType": 1.0}, "contentType"),
        ("conversations/{c}/read", {"seq": "1"}, "seq"),
        ("conversations/{c}/read", {"seq": True}, "seq"),
        ("friend-requests", {"userId": "2"}, "userId"),
        ("friend-requests", {"userId": 2.0}, "userId"),
        ("auth/token", {"username": 5, "password": "x"}, "username"),
    ],
)
def test_types_are_taken_at_their_word(cast: Cast, path: str, body: dict[str, Any], field: str) -> None:
    """As on the socket (protocol, conventions): nothing is converted."""
    conversation = say(cast.alice, cast.bob, "hello")
    answer = refused(cast.alice.api.post(API + path.format(c=conversation), body), 400, "bad_frame")
    assert answer["field"] == field


@pytest.mark.parametrize("body", [{"pinned": "yes"}, {"pinned": 1}, {"draft": 5}, {"mutedUntil": "0"}])
def test_the_types_of_a_view_are_taken_at_their_word(cast: Cast, body: dict[str, Any]) -> None:
    conversation = say(cast.alice, cast.bob, "hello")
    answer = refused(cast.alice.api.patch(f"{API}conversations/{conversation}/state", body), 400, "bad_frame")
    assert answer["field"] == next(iter(body))


def test_a_slash_at_the_end_is_forgiven(cast: Cast) -> None:
    ok(cast.alice.api.get(API + "users/me/"))
    ok(cast.alice.api.post(API + "ws-tickets/"), 201)


def test_a_page_names_the_person_it_is_made_for(cast: Cast, client: Client) -> None:
    client.force_login(cast.alice.user)
    own, other = {"X-SkyeIM-User": str(cast.alice.id)}, {"X-SkyeIM-User": str(cast.bob.id)}
    ok(client.get(API + "users/me"))
    ok(client.get(API + "users/me", headers=own))
    for name in ("users/me", "conversations"):
        assert refused(client.get(API + name, headers=other), 401, "unauthorized")["field"] == "X-SkyeIM-User"
    body = refused(client.post(API + "ws-tickets", headers=other), 401, "unauthorized")
    assert body["field"] == "X-SkyeIM-User"
    client.logout()
    assert "field" not in refused(client.get(API + "users/me", headers=own), 401, "unauthorized")


def test_a_crash_gives_a_reference_and_no_internals(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(friends, "friendships", crash)
    answer = cast.alice.api.get(API + "friends")
    body = refused(answer, 500, "server_error")
    assert "secret" not in answer.content.decode()
    assert "Reference" in body["message"]


def test_the_openapi_document_is_complete(client: Client, capfd: pytest.CaptureFixture[str]) -> None:
    document = client.get(API + "schema", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    paths = set(document["paths"])
    for path in ("users/me", "conversations/{conversation_id}/messages", "auth/token", "presence", "ws-tickets"):
        assert API + path in paths
    assert "bearer" in document["components"]["securitySchemes"]
    assert "Warning" not in capfd.readouterr().err


def test_the_page_of_the_document_needs_nobody_else(client: Client) -> None:
    page = client.get(API + "docs")
    assert page.status_code == 200
    assert b"https://" not in page.content
