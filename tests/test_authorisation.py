"""Who may do what: every endpoint and every frame has a row, and what each kind of person is answered.

A new endpoint or frame fails the first tests here until somebody has said, in one line, who may use it."""

import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver
from rest_framework.test import APIClient

from accounts import friends
from chat import directs, invites, joining, members, sending
from chat.models import Conversation, Message
from imsite import urls
from imsite.routing import routes
from realtime.database import in_database
from tests.conftest import Open
from tests.support.client import Device
from tests.support.groups import make_group
from tests.support.people import Cast, Person, make_person
from tests.support.rest import API
from tests.support.rights import CODES, FRAMES, MATRIX, PUBLIC, ROLES, SIGNED_IN, Row

# ---- the rows are complete -----------------------------------------------------------------------------------------------


def endpoints(patterns: Any = urls.api, before: str = "") -> Iterator[str]:
    """Every method of every endpoint under /api/v1/, like `GET users/{user_id}`."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from endpoints(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and (view := getattr(pattern.callback, "cls", None)) is not None:
            named = "/".join(
                "{" + part[1:-1].partition(":")[2] + "}" if part.startswith("<") else part for part in route.split("/")
            )
            yield from (f"{m.upper()} {named}" for m in view.http_method_names if hasattr(view, m) and m != "options")


def test_every_endpoint_has_a_row() -> None:
    known = {row.endpoint for row in MATRIX} | SIGNED_IN | PUBLIC
    found = set(endpoints())
    assert not found - known, f"Who may use these? See tests.support.rights, MATRIX: {sorted(found - known)}"
    assert not known - found, f"These rows are about endpoints that do not exist: {sorted(known - found)}"


def test_every_frame_has_a_row() -> None:
    found = {kind.__struct_config__.tag for kind in routes.handlers}
    known = {tag for tag, _, _ in FRAMES}
    assert not found - known, f"Who may send these? See tests.support.rights, FRAMES: {sorted(map(str, found - known))}"
    assert not known - found, f"These rows are about frames that do not exist: {sorted(map(str, known - found))}"


def test_every_row_speaks_of_everybody() -> None:
    for row in MATRIX:
        assert len(row.outcomes.split()) == len(ROLES), row
    for tag, _, outcomes in FRAMES:
        assert len(outcomes.split()) in (1, len(ROLES) - 1), tag


# ---- REST ----------------------------------------------------------------------------------------------------------------


class World(NamedTuple):
    """People by role (and `victim`, a member, and `extra`, who is in nothing), conversations by name, and other things that
    addresses speak of. All groups have the same owner, admin, members and former member."""

    people: dict[str, Person]
    conversations: dict[str, int]
    things: dict[str, Any]


def make_world() -> World:
    people = {role: make_person(role) for role in (*ROLES[1:], "victim", "extra")}
    owner = people["owner"]
    direct = directs.open_direct(user_id=owner.id, other_id=people["blocked"].id)
    sending.send_message(sender_id=owner.id, conversation_id=direct, content="hello")
    friends.block(user_id=owner.id, other_id=people["blocked"].id)
    conversations = {"direct": direct, "group": make_full(people)}
    conversations["open"] = make_full(people, access="open")
    conversations["asked"] = make_full(people, access="request")
    conversations["news"] = make_full(people, posting="admins")
    joining.join(user_id=people["extra"].id, conversation_id=conversations["asked"])
    invite = invites.make(user_id=owner.id, conversation_id=conversations["group"])
    said = sending.send_message(sender_id=people["victim"].id, conversation_id=conversations["group"], content="hello")
    things = {"invite_id": invite.pk, "code": invite.code, "digest": "0" * 32, "msg_id": said.msg_id}
    return World(people, conversations, things)


def make_full(people: dict[str, Person], **settings: Any) -> int:
    """A group with somebody of each role."""
    others = [people[name] for name in ("member", "former", "victim") if name in people]
    group = make_group(people["owner"], *others, admins=(people["admin"],), **settings)
    members.remove(user_id=people["owner"].id, conversation_id=group, member_id=people["former"].id)
    return group


@pytest.fixture
def world(cast: Cast, tmp_path: Any, settings: Any) -> World:
    """A world whose groups have a picture, in a transaction that is rolled back."""
    settings.IM_MEDIA_DIR = tmp_path
    made = make_world()
    for group in (made.conversations["group"], made.conversations["open"]):
        folder = tmp_path / "groups" / str(group)
        folder.mkdir(parents=True)
        (folder / f"{made.things['digest']}-256.webp").write_bytes(b"a picture")
        Conversation.objects.filter(pk=group).update(avatar=made.things["digest"])
    return made


def _filled(value: Any, ids: dict[str, Any]) -> Any:
    """A body or address with ids in the places of names like `@owner`."""
    if isinstance(value, dict):
        return {str(_filled(name, ids)): _filled(inner, ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, ids) for inner in value]
    return ids[value[1:]] if isinstance(value, str) and value.startswith("@") else value


def _call(world: World, row: Row, role: str) -> Any:
    """The answer that somebody of a role gets."""
    method, _, path = row.endpoint.partition(" ")
    me = world.people.get(role)
    ids = {name: person.id for name, person in world.people.items()}
    ids["me"] = ids.get(role, 1)
    names = {"user_id": "@victim", **world.things, "conversation_id": world.conversations[row.on], **row.names}
    api: Any = me.api if me is not None else APIClient()
    kind = {"content_type": "image/png"} if isinstance(row.body, bytes) else {"format": "json"}
    return getattr(api, method.lower())(API + path.format(**_filled(names, ids)), _filled(row.body, ids), **kind)


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: f"{row.endpoint} on {row.on}")
def test_who_may_do_what_by_rest(world: World, row: Row) -> None:
    for role, outcome in zip(ROLES, row.outcomes.split(), strict=True):
        with transaction.atomic():
            answer = _call(world, row, role)
            transaction.set_rollback(True)
        status, _, code = outcome.partition("/")
        assert answer.status_code == int(status), f"{role}: {answer.status_code} {answer.content[:200]!r}, not {outcome}"
        if answer.status_code >= 400:
            assert answer.json()["code"] == (code or CODES[int(status)]), f"{role}: {answer.json()}"


@pytest.mark.django_db
@pytest.mark.parametrize("endpoint", sorted(SIGNED_IN))
def test_what_is_mine_takes_signing_in(endpoint: str) -> None:
    method, _, path = endpoint.partition(" ")
    values = {"session": uuid.uuid4(), "digest": "0" * 32, "user_id": 1, "request_id": 1, "subscription_id": 1}
    answer = getattr(APIClient(), method.lower())(API + path.format(**values), {}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


def test_nothing_was_changed_by_those_who_may_not(world: World) -> None:
    """The refused ones leave no trace: no member, no message, no other title."""
    before = _state(world)
    for row in MATRIX:
        for role, outcome in zip(ROLES, row.outcomes.split(), strict=True):
            if outcome.startswith("4") and not row.endpoint.startswith("GET "):
                _call(world, row, role)
    assert _state(world) == before


def _state(world: World) -> list[Any]:
    ids = list(world.conversations.values())
    found = Conversation.objects.filter(pk__in=ids).order_by("pk")
    messages = Message.objects.filter(conversation_id__in=ids).order_by("pk")
    return [
        list(found.values()),
        list(messages.values()),
        sorted(found.values_list("pk", "memberships__user_id", "memberships__role")),
    ]


# ---- the socket ----------------------------------------------------------------------------------------------------------


async def test_who_may_do_what_by_socket(people: Cast, device: Open) -> None:
    """One device each, and a group anew for every frame."""
    world = {role: await in_database(make_person, role) for role in (*ROLES[1:], "victim")}
    await in_database(friends.block, user_id=world["owner"].id, other_id=world["blocked"].id)
    sockets = {role: await device(world[role]) for role in ROLES[1:]}
    for tag, data, outcomes in FRAMES:
        group = await in_database(make_full, world)
        said = await in_database(sending.send_message, sender_id=world["victim"].id, conversation_id=group, content="hello")
        ids = {"group": group, "msg": str(said.msg_id), **{role: person.id for role, person in world.items()}}
        for role, outcome in zip(ROLES[1:], _each(outcomes), strict=True):
            assert await _reply(sockets[role], tag, _filled(data, ids)) == outcome, f"{tag} by {role}"
            if tag == "sync":
                heard = {f["data"]["conversationId"] for f in sockets[role].frames if f["type"] in ("chat", "removed")}
                assert group in heard


def _each(outcomes: str) -> list[str]:
    words = outcomes.split()
    return words * (len(ROLES) - 1) if len(words) == 1 else words


async def _reply(device: Device, tag: str, data: Any) -> str:
    """The type of the reply to a frame, or the code of its error; "-" for none."""
    marker = uuid.uuid4().hex
    await device.send(tag, data, id=marker)
    if tag in ("read", "received"):  # these are answered, if at all, when the journal has looked
        await device.ask("chat", {"toUserId": 2**40, "content": "x"})
    await device.settled()
    if tag == "sync":
        await device.answer(marker)
    found = next((frame for frame in device.frames if frame.get("id") == marker), None)
    if found is None and tag in ("chat", "join", "leave", "edit", "recall", "react"):
        found = await device.answer(marker)
    if found is None:
        return "-"
    return str(found["data"]["code"] if found["type"] == "error" else found["type"])


async def test_without_credentials_there_is_no_socket(servers: Any) -> None:
    socket = await Device.open(servers[0].ws_url, wait=False)
    assert await socket.closed() == 4500
