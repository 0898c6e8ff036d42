"""The REST interface as a whole: its errors have one shape with the codes of the protocol, and it describes itself."""

from typing import Any

import pytest
from django.test import Client

from accounts import friends
from tests.support.people import Cast
from tests.support.rest import API, ok, refused


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


def test_a_slash_at_the_end_is_forgiven(cast: Cast) -> None:
    ok(cast.alice.api.get(API + "users/me/"))
    ok(cast.alice.api.post(API + "ws-tickets/"), 201)


def test_a_crash_gives_a_reference_and_no_internals(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(friends, "friendships", crash)
    answer = cast.alice.api.get(API + "friends")
    body = refused(answer, 500, "server_error")
    assert "secret" not in answer.content.decode()
    assert "Reference" in body["message"]


def test_the_openapi_document_is_complete(client: Client) -> None:
    document = client.get(API + "schema", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    paths = set(document["paths"])
    for path in ("users/me", "conversations/{conversation_id}/messages", "auth/token", "presence", "ws-tickets"):
        assert API + path in paths
    assert "bearer" in document["components"]["securitySchemes"]


def test_the_page_of_the_document_needs_nobody_else(client: Client) -> None:
    page = client.get(API + "docs")
    assert page.status_code == 200
    assert b"https://" not in page.content
