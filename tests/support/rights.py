"""Who may use what: a row for every endpoint and every frame. See `tests.test_authorisation`, which holds the product to it."""

from typing import Any, NamedTuple

ROLES = ("anonymous", "stranger", "blocked", "former", "member", "admin", "owner")
CODES = {400: "bad_frame", 401: "unauthorized", 403: "forbidden", 404: "not_found", 409: "too_many"}


class Row(NamedTuple):
    """An endpoint, and what each of ROLES is answered: a status, with the code behind a slash where it is not that of CODES.

    `on`: which conversation the address names (World); `names`: other values for its parameters."""

    endpoint: str
    outcomes: str
    body: Any = None
    on: str = "group"
    names: dict[str, Any] = {}  # noqa: RUF012 - nobody changes it


PNG = bytes.fromhex(  # one pixel
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)

# `blocked`: the owner has blocked them. In the group they are strangers; the direct chat is theirs and the owner's.
# fmt: off
MATRIX = [
    # a conversation and its messages
    Row("GET conversations", "401 200 200 200 200 200 200"),
    Row("POST conversations", "401 201 200 201 201 201 201", {"kind": "direct", "userId": "@owner"}),
    Row("POST conversations", "401 201 201 201 201 201 201", {"kind": "group", "title": "x"}),
    Row("GET conversations/{conversation_id}", "401 404 404 404 200 200 200"),
    Row("GET conversations/{conversation_id}", "401 404 200 404 404 404 200", on="direct"),
    Row("GET conversations/{conversation_id}", "401 404 404 404 200 200 200", on="open"),
    Row("PATCH conversations/{conversation_id}", "401 404 404 404 403 200 200", {"title": "x"}),
    Row("PATCH conversations/{conversation_id}", "401 404 404 404 404 404 404", {"title": "x"}, on="direct"),
    Row("GET conversations/{conversation_id}/messages", "401 404 404 404 200 200 200"),
    Row("GET conversations/{conversation_id}/messages", "401 404 200 404 404 404 200", on="direct"),
    Row("GET conversations/{conversation_id}/messages", "401 404 404 404 200 200 200", on="open"),
    Row("POST conversations/{conversation_id}/messages", "401 404 404 404 201 201 201", {"content": "x"}),
    Row("POST conversations/{conversation_id}/messages", "401 404 404 404 403 201 201", {"content": "x"}, on="news"),
    Row("POST conversations/{conversation_id}/messages", "401 404 403 404 404 404 403/blocked", {"content": "x"}, on="direct"),
    Row("POST conversations/{conversation_id}/read", "401 404 404 404 200 200 200", {}),
    Row("POST conversations/{conversation_id}/read", "401 404 200 404 404 404 200", {}, on="direct"),
    Row("PATCH conversations/{conversation_id}/state", "401 404 404 404 200 200 200", {"pinned": True}),
    # a group
    Row("PUT conversations/{conversation_id}/picture", "401 404 404 404 403 200 200", PNG),
    Row("DELETE conversations/{conversation_id}/picture", "401 404 404 404 403 200 200"),
    Row("GET conversations/{conversation_id}/picture/{digest}", "401 404 404 404 200 200 200"),
    Row("GET conversations/{conversation_id}/picture/{digest}", "401 200 200 200 200 200 200", on="open"),
    Row("GET groups", "401 200 200 200 200 200 200"),
    Row("GET conversations/{conversation_id}/members", "401 404 404 404 200 200 200"),
    Row("GET conversations/{conversation_id}/members", "401 404 404 404 200 200 200", on="open"),
    Row("POST conversations/{conversation_id}/members", "401 404 404 404 403 200 200", {"userIds": ["@extra"]}),
    Row("POST conversations/{conversation_id}/members", "401 404 404 404 200 200 200", {"userIds": ["@extra"]}, on="open"),
    Row("POST conversations/{conversation_id}/members", "401 404 404 404 404 404 404", {"userIds": ["@extra"]}, on="direct"),
    Row("GET conversations/{conversation_id}/members/{user_id}", "401 404 404 404 200 200 200"),
    Row("PUT conversations/{conversation_id}/members/{user_id}", "401 404 404 404 403 403 200", {"role": "admin"}),
    Row("PUT conversations/{conversation_id}/members/{user_id}", "401 404 404 404 403 403 200", {"role": "owner"}),
    Row("PUT conversations/{conversation_id}/members/{user_id}", "401 404 404 404 403 200 200", {"silencedUntil": 2**42}),
    Row("PUT conversations/{conversation_id}/members/{user_id}", "401 404 404 404 403 200 200",
        {}, names={"user_id": "@extra"}),
    Row("PUT conversations/{conversation_id}/members/{user_id}", "401 404 404 404 403 403 403",
        {"role": "member"}, names={"user_id": "@owner"}),
    Row("DELETE conversations/{conversation_id}/members/{user_id}", "401 404 404 404 403 204 204"),
    Row("DELETE conversations/{conversation_id}/members/{user_id}", "401 404 404 404 403 403 204", names={"user_id": "@owner"}),
    Row("DELETE conversations/{conversation_id}/members/{user_id}", "401 404 404 404 204 204 204", names={"user_id": "@me"}),
    Row("POST conversations/{conversation_id}/join", "401 404 404 404 200 200 200", {}),
    Row("POST conversations/{conversation_id}/join", "401 200 200 200 200 200 200", {}, on="open"),
    Row("POST conversations/{conversation_id}/join", "401 202 202 202 200 200 200", {}, on="asked"),
    Row("GET conversations/{conversation_id}/requests", "401 404 404 404 403 200 200", on="asked"),
    Row("POST conversations/{conversation_id}/requests/{user_id}", "401 404 404 404 403 204 204",
        {"accept": True}, on="asked", names={"user_id": "@extra"}),
    Row("DELETE conversations/{conversation_id}/requests/mine", "401 404 404 404 404 404 404", on="asked"),
    Row("GET conversations/{conversation_id}/invites", "401 404 404 404 403 200 200"),
    Row("POST conversations/{conversation_id}/invites", "401 404 404 404 403 201 201", {}),
    Row("POST conversations/{conversation_id}/invites", "401 404 404 404 201 201 201", {}, on="open"),
    Row("DELETE conversations/{conversation_id}/invites/{invite_id}", "401 404 404 404 403 204 204"),
    Row("GET invites/{code}", "401 200 200 200 200 200 200"),
    Row("POST invites/{code}", "401 200 200 200 200 200 200"),
    Row("GET invites/{code}/picture/{digest}", "401 200 200 200 200 200 200"),
    # a message that somebody else wrote in the group
    Row("GET messages/{msg_id}", "401 404 404 404 200 200 200"),
    Row("PATCH messages/{msg_id}", "401 404 404 404 403 403 403", {"content": "x"}),
    Row("DELETE messages/{msg_id}", "401 404 404 404 403 200 200"),
    Row("GET messages/{msg_id}/edits", "401 404 404 404 200 200 200"),
    Row("GET messages/{msg_id}/reactions", "401 404 404 404 200 200 200"),
    Row("PUT messages/{msg_id}/reactions/{emoji}", "401 404 404 404 200 200 200", names={"emoji": "👍"}),
    Row("DELETE messages/{msg_id}/reactions/{emoji}", "401 404 404 404 200 200 200", names={"emoji": "👍"}),
    Row("GET messages/{msg_id}/readers", "401 404 404 404 404 404 404"),
    Row("POST messages/{msg_id}/forward", "401 404 404 404 200 200 200", {"to": [{"userId": "@extra"}]}),
    Row("PUT messages/{msg_id}/pin", "401 404 404 404 403 204 204"),
    Row("DELETE messages/{msg_id}/pin", "401 404 404 404 403 204 204"),
    Row("GET conversations/{conversation_id}/pins", "401 404 404 404 200 200 200"),
    Row("PUT messages/{msg_id}/star", "401 404 404 404 204 204 204"),
    Row("DELETE messages/{msg_id}/star", "401 404 404 404 204 204 204"),
    Row("GET users/{user_id}/groups", "401 200 200 200 200 200 200"),
]
# fmt: on

# What is one's own, or is answered to everybody who is signed in: what is in it, the tests of these endpoints say.
SIGNED_IN = {
    "GET sessions", "POST sessions/end-others", "DELETE sessions/{session}", "DELETE me", "POST ws-tickets", "GET users/me",
    "PATCH users/me", "GET users", "GET users/{user_id}", "GET users/{user_id}/avatar/{digest}", "PUT me/avatar",
    "DELETE me/avatar", "GET friends", "DELETE friends/{user_id}", "GET friend-requests", "POST friend-requests",
    "DELETE friend-requests/{request_id}", "POST friend-requests/{request_id}/accept",
    "POST friend-requests/{request_id}/decline", "GET blocks", "PUT blocks/{user_id}", "DELETE blocks/{user_id}",
    "GET me/preferences", "PATCH me/preferences", "GET presence", "GET push-subscriptions", "POST push-subscriptions",
    "DELETE push-subscriptions", "GET push-subscriptions/key", "POST push-subscriptions/test",
    "DELETE push-subscriptions/{subscription_id}", "GET push-settings", "PATCH push-settings", "POST auth/logout-all",
    "GET stars", "GET emoji", "POST highlight",
}  # fmt: skip
# These let people in, or describe the interface.
PUBLIC = {"POST auth/token", "POST auth/token/refresh", "POST auth/token/blacklist", "GET schema", "GET docs"}

# What a frame is answered, for all of ROLES but the first (one word: for each of them): the type of the reply, the code of an
# error, or "-" for none.
# fmt: off
FRAMES = [
    ("chat",     {"conversationId": "@group", "content": "x"},  "not_found not_found not_found ack ack ack"),
    ("chat",     {"toUserId": "@owner", "content": "x"},        "ack forbidden ack ack ack ack"),
    ("read",     {"conversationId": "@group", "seq": 1},        "not_found not_found not_found - - -"),
    ("received", {"conversationId": "@group", "seq": 1},        "not_found not_found not_found - - -"),
    ("typing",   {"conversationId": "@group", "typing": True},  "not_found not_found not_found - - -"),
    ("sync",     {"cursors": {"@group": 1}},                    "synced"),
    ("join",     {"conversationId": "@group"},                  "not_found not_found not_found joined joined joined"),
    ("leave",    {"conversationId": "@group"},                  "not_found not_found not_found left left left"),
    ("edit",     {"msgId": "@msg", "content": "x"},             "not_found not_found not_found forbidden forbidden forbidden"),
    ("recall",   {"msgId": "@msg"},                             "not_found not_found not_found forbidden update update"),
    ("react",    {"msgId": "@msg", "emoji": "👍", "on": True},  "not_found not_found not_found update update update"),
    ("ping",     None,                                         "pong"),
    ("looking",  {"looking": True},                            "-"),
    ("auth",     {"token": "x"},                               "unauthorized"),
]
# fmt: on
