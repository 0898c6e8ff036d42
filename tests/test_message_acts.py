"""Edit, take back, react, reply and mention: what is stored, who may, and what everybody is told (protocol §2, §3)."""

import time
import uuid
from typing import Any

import pytest

from accounts import friends
from chat import journal, recalling
from chat.emoji import qualified
from chat.entries import Draft
from chat.models import Conversation, Edition, Membership, Message, Reaction
from chat.sending import send_message
from realtime.database import in_database
from tests.conftest import Open
from tests.support.people import Cast, Person, make_person
from tests.support.rest import API, ok, refused, say
from tests.test_groups import make_group
from tests.test_resume import sync

DAY = 86_400_000


def newest(who: Person, conversation: int) -> dict[str, Any]:
    found: dict[str, Any] = ok(who.api.get(f"{API}conversations/{conversation}/messages"))["results"][-1]
    return found


def path(message: dict[str, Any], rest: str = "") -> str:
    return f"{API}messages/{message['msgId']}{rest}"


def group_of(cast: Cast) -> int:
    """Alice owns it."""
    group = make_group(cast.alice, cast.bob, cast.carol)
    Membership.objects.filter(conversation_id=group, user_id=cast.alice.id).update(role="owner")
    return group


def told(sender: Person, conversation: int, content: str, **more: Any) -> dict[str, Any]:
    body = {"content": content, **more}
    found: dict[str, Any] = ok(sender.api.post(f"{API}conversations/{conversation}/messages", body), 201)
    return found


# ---- editing -------------------------------------------------------------------------------------------------------------


def test_an_edit_keeps_what_was_said(cast: Cast) -> None:
    conversation = say(cast.alice, cast.bob, "one", "two")
    first = ok(cast.bob.api.get(f"{API}conversations/{conversation}/messages"))["results"][0]
    edited = ok(cast.alice.api.patch(path(first), {"content": "uno"}))
    assert (edited["content"], edited["seq"], edited["rev"]) == ("uno", 1, 3)
    assert edited["editedAt"] >= edited["createdAt"] == first["createdAt"]
    assert ok(cast.bob.api.get(path(first))) == edited
    # The same words change nothing.
    assert ok(cast.alice.api.patch(path(first), {"content": "uno"})) == edited
    again = ok(cast.alice.api.patch(path(first), {"content": "eins"}))
    assert again["rev"] == 4
    versions = ok(cast.bob.api.get(path(first, "/edits")))["results"]
    assert [one["content"] for one in versions] == ["one", "uno", "eins"]
    assert [one["at"] for one in versions] == [first["createdAt"], edited["editedAt"], again["editedAt"]]
    assert Message.objects.get(msg_id=first["msgId"]).changed_at is not None


def test_only_its_writer_edits_a_message_and_only_for_a_while(cast: Cast, settings: Any) -> None:
    message = newest(cast.bob, say(cast.alice, cast.bob, "one"))
    refused(cast.bob.api.patch(path(message), {"content": "x"}), 403, "forbidden")
    refused(cast.carol.api.patch(path(message), {"content": "x"}), 404, "not_found")
    refused(cast.alice.api.patch(f"{API}messages/{uuid.uuid4()}", {"content": "x"}), 404, "not_found")
    refused(cast.alice.api.patch(path(message), {"content": " "}), 400, "content_empty")
    refused(cast.alice.api.patch(path(message), {"content": "x" * 10_001}), 400, "content_too_long")
    for asked in ("", "/edits", "/reactions"):
        refused(cast.carol.api.get(path(message, asked)), 404, "not_found")
    Message.objects.update(created_at=message["createdAt"] - 2 * DAY)
    refused(cast.alice.api.patch(path(message), {"content": "x"}), 409, "too_late")
    refused(cast.alice.api.delete(path(message)), 409, "too_late")
    settings.IM_EDIT_WINDOW = settings.IM_RECALL_WINDOW = 3 * 86400.0
    ok(cast.alice.api.patch(path(message), {"content": "x"}))
    ok(cast.alice.api.delete(path(message)))
    refused(cast.alice.api.patch(path(message), {"content": "y"}), 409, "too_late")


def test_a_message_has_so_many_versions(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.editing.MOST", 2)
    message = newest(cast.bob, say(cast.alice, cast.bob, "0"))
    for text in ("1", "2"):
        ok(cast.alice.api.patch(path(message), {"content": text}))
    refused(cast.alice.api.patch(path(message), {"content": "3"}), 409, "too_many")
    assert ok(cast.alice.api.get(path(message)))["content"] == "2"


@pytest.mark.parametrize("blocker", ["alice", "bob"])
def test_a_block_ends_what_both_could_do(cast: Cast, blocker: str) -> None:
    mine, theirs = say(cast.alice, cast.bob, "mine"), say(cast.bob, cast.alice, "theirs")
    assert mine == theirs
    first, second = ok(cast.alice.api.get(f"{API}conversations/{mine}/messages"))["results"]
    one, other = (cast.alice, cast.bob) if blocker == "alice" else (cast.bob, cast.alice)
    friends.block(user_id=one.id, other_id=other.id)
    for who, code in ((one, "blocked"), (other, "forbidden")):
        message = first if who is cast.alice else second
        refused(who.api.patch(path(message), {"content": "x"}), 403, code)
        refused(who.api.delete(path(message)), 403, code)
        refused(who.api.put(path(message, "/reactions/👍")), 403, code)


def test_who_is_muted_or_came_later_changes_nothing(cast: Cast) -> None:
    group = group_of(cast)
    message = told(cast.bob, group, "hello")
    mine = Membership.objects.filter(conversation_id=group, user_id=cast.bob.id)
    mine.update(silenced_until=int(time.time() * 1000) + 60_000)
    assert refused(cast.bob.api.patch(path(message), {"content": "x"}), 403, "forbidden")["retryAfterMs"] > 0
    refused(cast.bob.api.put(path(message, "/reactions/👍")), 403, "forbidden")
    ok(cast.bob.api.delete(path(message)))
    later = told(cast.alice, group, "not for carol")
    Membership.objects.filter(conversation_id=group, user_id=cast.carol.id).update(joined_seq=later["seq"])
    for answer in (
        cast.carol.api.get(path(later)), cast.carol.api.get(path(later, "/edits")),
        cast.carol.api.put(path(later, "/reactions/👍")),
    ):  # fmt: skip
        refused(answer, 404, "not_found")
    Membership.objects.filter(conversation_id=group, user_id=cast.carol.id).delete()
    refused(cast.carol.api.get(path(later)), 404, "not_found")


def test_where_only_admins_write_only_they_edit(cast: Cast) -> None:
    group = group_of(cast)
    by_bob, by_alice = told(cast.bob, group, "mine"), told(cast.alice, group, "news")
    Conversation.objects.filter(pk=group).update(posting="admins")
    refused(cast.bob.api.patch(path(by_bob), {"content": "x"}), 403, "forbidden")
    ok(cast.alice.api.patch(path(by_alice), {"content": "x"}))
    ok(cast.bob.api.put(path(by_alice, "/reactions/👍")))


# ---- taking back ---------------------------------------------------------------------------------------------------------


def test_everything_of_a_message_goes_with_it(cast: Cast) -> None:
    group = group_of(cast)
    message = told(cast.bob, group, "a secret", mentions=[cast.carol.id])
    ok(cast.bob.api.patch(path(message), {"content": "another secret"}))
    ok(cast.carol.api.put(path(message, "/reactions/👍")))
    gone = ok(cast.bob.api.delete(path(message)))
    assert (gone["content"], gone["seq"], gone["rev"]) == ("", 1, 4)
    assert gone["recalledAt"] >= message["createdAt"]
    assert not {"mentions", "reactions", "moderated", "recalledBy"} & gone.keys()
    assert ok(cast.bob.api.delete(path(message))) == gone
    assert ok(cast.carol.api.get(path(message, "/edits")))["results"] == []
    assert ok(cast.carol.api.get(path(message, "/reactions")))["results"] == []
    assert not Edition.objects.exists()
    assert not Reaction.objects.exists()
    refused(cast.carol.api.put(path(message, "/reactions/👍")), 409, "too_late")


def test_admins_of_a_group_take_back_what_anybody_said(cast: Cast) -> None:
    group = group_of(cast)
    message = told(cast.bob, group, "rude")
    refused(cast.carol.api.delete(path(message)), 403, "forbidden")
    Message.objects.update(created_at=message["createdAt"] - 30 * DAY)
    gone = ok(cast.alice.api.delete(path(message)))
    assert (gone["recalledBy"], gone["fromUserId"], "moderated" in gone) == (cast.alice.id, cast.bob.id, False)
    assert ok(cast.bob.api.delete(path(message))) == gone


def test_nobody_changes_what_the_server_says(cast: Cast) -> None:
    group = group_of(cast)
    message = told(cast.alice, group, "joined")
    Message.objects.update(content_type=5)
    refused(cast.alice.api.patch(path(message), {"content": "x"}), 403, "forbidden")
    refused(cast.alice.api.delete(path(message)), 403, "forbidden")
    refused(cast.bob.api.put(path(message, "/reactions/👍")), 403, "forbidden")


# ---- reactions -----------------------------------------------------------------------------------------------------------


def test_reactions_are_summed_up_and_counted_once(cast: Cast) -> None:
    group = group_of(cast)
    message = told(cast.alice, group, "hello")
    ok(cast.bob.api.put(path(message, "/reactions/👍")))
    ok(cast.alice.api.put(path(message, "/reactions/❤")))
    both = ok(cast.carol.api.put(path(message, "/reactions/👍")))
    heart = qualified("❤")
    assert both["reactions"] == {
        "👍": {"count": 2, "userIds": [cast.bob.id, cast.carol.id]},
        heart: {"count": 1, "userIds": [cast.alice.id]},
    }
    assert both["rev"] == 4
    assert "editedAt" not in both
    assert ok(cast.carol.api.put(path(message, "/reactions/👍"))) == both
    listed = ok(cast.bob.api.get(path(message, "/reactions")))["results"]
    assert [(one["emoji"], one["user"]["id"]) for one in listed] == [
        ("👍", cast.bob.id), (heart, cast.alice.id), ("👍", cast.carol.id),
    ]  # fmt: skip
    ok(cast.bob.api.delete(path(message, "/reactions/👍")))
    left = ok(cast.carol.api.delete(path(message, "/reactions/👍")))
    assert list(left["reactions"]) == [heart]
    assert ok(cast.carol.api.delete(path(message, "/reactions/👍"))) == left
    assert "reactions" not in ok(cast.alice.api.delete(path(message, f"/reactions/{heart}")))


def test_a_message_carries_so_many_kinds_and_names_so_many_people(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.reacting.KINDS", 2)
    monkeypatch.setattr("chat.reacting.NAMED", 2)
    people = [cast.alice, cast.bob, cast.carol]
    message = told(cast.alice, make_group(*people), "hello")
    ok(cast.alice.api.put(path(message, "/reactions/🎉")))
    for person in people:
        found = ok(person.api.put(path(message, "/reactions/👍")))
    assert found["reactions"]["👍"] == {"count": 3, "userIds": [cast.alice.id, cast.bob.id]}
    refused(cast.bob.api.put(path(message, "/reactions/😀")), 409, "too_many")
    found = ok(cast.alice.api.delete(path(message, "/reactions/👍")))
    assert found["reactions"]["👍"] == {"count": 2, "userIds": [cast.bob.id, cast.carol.id]}
    for wrong in ("x", "👍👍", "%20", "1"):
        assert refused(cast.bob.api.put(path(message, f"/reactions/{wrong}")), 400, "bad_frame")["field"] == "emoji"


# ---- replies and mentions ------------------------------------------------------------------------------------------------


def test_a_reply_is_to_a_message_of_the_same_conversation(cast: Cast) -> None:
    group = group_of(cast)
    asked = told(cast.bob, group, "lunch?")
    answer = told(cast.carol, group, "yes", replyTo=asked["msgId"])
    assert answer["replyTo"] == asked["msgId"]
    assert newest(cast.bob, group) == answer
    elsewhere = newest(cast.bob, say(cast.alice, cast.bob, "psst"))
    for wrong in (elsewhere["msgId"], str(uuid.uuid4())):
        body = {"content": "x", "replyTo": wrong}
        assert refused(cast.bob.api.post(f"{API}conversations/{group}/messages", body), 404, "not_found")["field"] == "replyTo"
    # To one that was taken back, fine; to one from before I came, not.
    ok(cast.bob.api.delete(path(asked)))
    told(cast.carol, group, "why?", replyTo=asked["msgId"])
    Membership.objects.filter(conversation_id=group, user_id=cast.carol.id).update(joined_seq=asked["seq"])
    body = {"content": "x", "replyTo": asked["msgId"]}
    refused(cast.carol.api.post(f"{API}conversations/{group}/messages", body), 404, "not_found")
    # Sent again, a message gets its first answer, whatever has become of what it replies to.
    again = {"content": "yes", "msgId": answer["msgId"], "replyTo": asked["msgId"]}
    assert ok(cast.carol.api.post(f"{API}conversations/{group}/messages", again)) == answer


def test_a_reply_may_come_in_the_batch_of_what_it_replies_to(cast: Cast) -> None:
    conversation = say(cast.alice, cast.bob, "before")
    first, second = (
        Draft(sender_id=cast.alice.id, conversation_id=conversation, content="x", msg_id=uuid.uuid4()) for _ in range(2)
    )
    second.extras = {"reply_to": first.msg_id}
    journal.lane._commit([first, second])
    assert (first.refused, second.refused, second.seq) == (None, None, 3)


def test_mentions_mark_members_until_they_are_read_or_gone(cast: Cast) -> None:
    group, stranger = group_of(cast), make_person("dave")

    def mark(who: Person) -> int:
        return int(ok(who.api.get(f"{API}conversations/{group}"))["mentionSeq"])

    first = told(cast.alice, group, "@bob", mentions=[cast.bob.id, cast.bob.id, stranger.id])
    assert first["mentions"] == [cast.bob.id]
    everybody = told(cast.alice, group, "@all", mentionAll=True)
    assert everybody["mentionAll"] is True
    third = told(cast.carol, group, "@bob", mentions=[cast.bob.id, cast.carol.id])
    assert [mark(who) for who in (cast.alice, cast.bob, cast.carol)] == [0, 3, 2]
    # Mentioned no more: the one before is the newest.
    edited = ok(cast.carol.api.patch(path(third), {"content": "never mind", "mentions": [cast.alice.id]}))
    assert edited["mentions"] == [cast.alice.id]
    assert [mark(who) for who in (cast.alice, cast.bob, cast.carol)] == [3, 2, 2]
    ok(cast.alice.api.delete(path(everybody)))
    assert [mark(who) for who in (cast.alice, cast.bob, cast.carol)] == [3, 1, 0]
    body = {"content": "x", "mentionAll": True}
    for place in (group, say(cast.bob, cast.carol, "hi")):
        answer = cast.bob.api.post(f"{API}conversations/{place}/messages", body)
        assert refused(answer, 403, "forbidden")["field"] == "mentionAll"
    body = {"content": "x", "mentions": list(range(1, 52))}
    assert refused(cast.bob.api.post(f"{API}conversations/{group}/messages", body), 400, "bad_frame")["field"] == "mentions"


def test_a_page_around_a_message(cast: Cast) -> None:
    conversation = say(cast.alice, cast.bob, *map(str, range(1, 21)))

    def around(seq: int, limit: int) -> list[int]:
        answer = cast.bob.api.get(f"{API}conversations/{conversation}/messages?around={seq}&limit={limit}")
        return [message["seq"] for message in ok(answer)["results"]]

    assert around(10, 5) == [8, 9, 10, 11, 12]
    assert around(10, 4) == [9, 10, 11, 12]
    assert around(10, 1) == [10]
    assert around(1, 5) == [1, 2, 3, 4, 5]
    assert around(20, 5) == [16, 17, 18, 19, 20]
    assert around(19, 5) == [16, 17, 18, 19, 20]
    assert around(99, 3) == [18, 19, 20]
    assert around(0, 3) == [1, 2, 3]
    assert around(10, 200) == list(range(1, 21))


# ---- over the socket -----------------------------------------------------------------------------------------------------


async def test_everybody_is_told_and_who_asks_is_answered(people: Cast, device: Open) -> None:
    group = await in_database(group_of, people)
    alice, phone, bob = await device(people.alice), await device(people.alice), await device(people.bob)
    sent = await alice.chat("helo", conversation=group)
    answer = await alice.ask("edit", {"msgId": sent["msgId"], "content": "hello"})
    assert (answer["type"], answer["data"]["content"], answer["data"]["rev"]) == ("update", "hello", 2)
    for other in (phone, bob):
        assert (await other.get("update"))["data"] == answer["data"]
    reacted = await bob.ask("react", {"msgId": sent["msgId"], "emoji": "👍", "on": True})
    assert (await alice.get("update", lambda data: data["rev"] == 3))["data"] == reacted["data"]
    assert (await bob.ask("react", {"msgId": sent["msgId"], "emoji": "👍", "on": True}))["data"] == reacted["data"]
    gone = await alice.ask("recall", {"msgId": sent["msgId"]})
    assert (gone["data"]["content"], gone["data"]["rev"]) == ("", 4)
    assert (await alice.ask("recall", {"msgId": sent["msgId"]}))["data"] == gone["data"]
    await bob.get("update", lambda data: data["rev"] == 4)
    await phone.get("update", lambda data: data["rev"] == 4)
    for each, revs in ((phone, [2, 3, 4]), (bob, [2, 3, 3, 4])):
        assert [data["rev"] for data in each.all("update")] == revs
    late = await bob.ask("edit", {"msgId": sent["msgId"], "content": "x"})
    assert (late["type"], late["data"]["code"], late["data"]["msgId"]) == ("error", "forbidden", sent["msgId"])
    wrong = await bob.ask("react", {"msgId": sent["msgId"], "emoji": "no", "on": True})
    assert (wrong["data"]["code"], wrong["data"]["field"]) == ("bad_frame", "emoji")
    stranger = await device(await in_database(make_person, "dave"))
    for type, data in (("edit", {"content": "x"}), ("recall", {}), ("react", {"emoji": "👍", "on": True})):
        assert (await stranger.ask(type, {"msgId": sent["msgId"], **data}))["data"]["code"] == "not_found"


async def test_who_was_away_holds_the_truth_after_a_sync(people: Cast, device: Open) -> None:
    def talk() -> tuple[int, list[uuid.UUID]]:
        group = group_of(people)
        return group, [send_message(sender_id=people.alice.id, conversation_id=group, content=str(n)).msg_id for n in range(4)]

    group, ids = await in_database(talk)
    alice = await device(people.alice)
    bob = await device(people.bob)
    await bob.close()
    await alice.ask("edit", {"msgId": str(ids[1]), "content": "new words", "mentions": [people.bob.id]})
    await alice.ask("react", {"msgId": str(ids[0]), "emoji": "🎉", "on": True})
    await alice.ask("recall", {"msgId": str(ids[2])})
    await alice.ask("edit", {"msgId": str(ids[1]), "content": "newer words"})
    back = await device(people.bob, backlog=0)
    await sync(back, {group: 4})
    updates = back.all("update")
    assert [(data["seq"], data["rev"], data["content"]) for data in updates] == [
        (1, 5 + 1, "0"), (3, 7, ""), (2, 8, "newer words"),
    ]  # fmt: skip
    assert updates[0]["reactions"] == {"🎉": {"count": 1, "userIds": [people.alice.id]}}
    assert "recalledAt" in updates[1]
    assert updates[2]["mentions"] == [people.bob.id]
    assert not back.all("chat")


def test_an_administrators_taking_back_needs_no_membership(cast: Cast) -> None:
    message = newest(cast.bob, say(cast.alice, cast.bob, "x"))
    recall = recalling.Recall(msg_id=uuid.UUID(message["msgId"]))
    journal.lane.write_blocking(recall, None)
    assert ok(cast.bob.api.get(path(message)))["moderated"] is True
