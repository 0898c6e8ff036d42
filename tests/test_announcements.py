"""What an administrator tells everybody: those who are here at once, and whoever comes until it is over."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from announcements import announcing
from announcements.models import MAX_TEXT, Announcement
from audit.models import AuditEvent
from realtime.clock import now_ms
from realtime.database import in_database
from realtime.errors import Code, Refused
from tests.conftest import Open
from tests.support.client import until
from tests.support.people import Cast

PATH = "/admin/announcements/announcement/add/"
HOUR = 3_600_000


def announce(text: str = "Maintenance at noon", lifetime: int = HOUR) -> Announcement:
    return announcing.announce(text=text, level="warning", lifetime=lifetime, sender_id=None, sender="a test")


async def test_those_who_are_here_and_those_who_come_are_told(people: Cast, device: Open, live_database: None) -> None:
    bob = await device(people.bob)
    made = await in_database(announce)
    try:
        data = (await bob.get("announcement", lambda d: d["id"] == made.pk))["data"]
        assert data == {"id": made.pk, "text": "Maintenance at noon", "level": "warning", "expiresAt": made.expires_at}
        alice = await device(people.alice)
        assert (await alice.get("announcement", lambda d: d["id"] == made.pk))["data"] == data
        kinds = [frame["type"] for frame in alice.frames]
        assert kinds.index("announcement") > kinds.index("connected")
    finally:
        assert await in_database(announcing.end, announcement_id=made.pk)
    over = (await bob.get("announcement", lambda d: d["id"] == made.pk and d["expiresAt"] <= now_ms()))["data"]
    assert over["text"] == data["text"]
    assert not await in_database(announcing.end, announcement_id=made.pk)
    await bob.quiet(1.5)  # the other processes have looked as well
    carol = await device(people.carol)
    await carol.settled()
    assert made.pk not in [d["id"] for d in carol.all("announcement")]


async def test_one_that_ends_by_itself_says_nothing_more(people: Cast, device: Open) -> None:
    bob = await device(people.bob)
    made = await in_database(announce, "short", 1_500)
    await bob.get("announcement", lambda d: d["id"] == made.pk)
    await until(lambda: made.expires_at < now_ms())
    await bob.quiet(1.5)
    assert [d["expiresAt"] for d in bob.all("announcement") if d["id"] == made.pk] == [made.expires_at]


def test_what_cannot_be_announced(db: None) -> None:
    Announcement.objects.all().delete()
    for text, code in (("  ", Code.CONTENT_EMPTY), ("x" * (MAX_TEXT + 1), Code.CONTENT_TOO_LONG)):
        with pytest.raises(Refused) as refused:
            announce(text)
        assert refused.value.code == code
    for number in range(announcing.MOST):
        announce(str(number))
    with pytest.raises(Refused) as refused:
        announce()
    assert refused.value.code == Code.TOO_MANY


def staff(client: Client, user_id: int, *names: str) -> Client:
    User.objects.filter(pk=user_id).update(is_staff=True)
    user = User.objects.get(pk=user_id)
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(User.objects.get(pk=user_id))
    return client


def test_it_is_written_looked_at_and_then_sent(cast: Cast, client: Client) -> None:
    Announcement.objects.all().delete()
    alice = staff(client, cast.alice.id, "add_announcement", "view_announcement", "change_announcement")
    wanted: dict[str, Any] = {"text": "Back at <noon>", "level": "info", "hours": "8"}
    for wrong in ({"text": " "}, {"level": "shout"}, {"hours": "9999"}, {"text": "x" * 501}):
        page = alice.post(PATH, {**wanted, **wrong, "confirmed": "1"})
        assert "errorlist" in page.content.decode()
    look = alice.post(PATH, wanted).content.decode()
    assert "Back at &lt;noon&gt;" in look
    assert 'name="edit"' in look
    assert "errorlist" not in alice.post(PATH, {**wanted, "edit": "1", "confirmed": "1"}).content.decode()
    assert not Announcement.objects.exists()
    assert alice.post(PATH, {**wanted, "confirmed": "1"}).status_code == 302
    made = Announcement.objects.get()
    assert (made.text, made.sender_id, made.expires_at - made.created_at) == ("Back at <noon>", cast.alice.id, 8 * HOUR)
    assert AuditEvent.objects.get(action="announce").target == "Back at <noon>"
    history = alice.get("/admin/announcements/announcement/").content.decode()
    assert cast.alice.user.username in history
    alice.post(f"/admin/announcements/announcement/{made.pk}/act/end_announcement/", {"confirmed": "1"})
    made.refresh_from_db()
    assert made.expires_at <= now_ms()
    assert AuditEvent.objects.filter(action="end_announcement").exists()
    page = alice.post(f"/admin/announcements/announcement/{made.pk}/change/", {"text": "x"})
    assert page.status_code == 403


def test_announcing_takes_rights_of_its_own(cast: Cast, client: Client) -> None:
    made = announce()
    end = f"/admin/announcements/announcement/{made.pk}/act/end_announcement/"
    for names in ([], ["view_announcement"]):
        carol = staff(client, cast.carol.id, *names)
        assert carol.get(PATH).status_code == 403
        wanted = {"text": "x", "level": "info", "hours": "1", "confirmed": "1"}
        assert carol.post(PATH, wanted).status_code == 403
        assert carol.post(end, {"confirmed": "1"}).status_code == 403
    made.refresh_from_db()
    assert made.expires_at > now_ms()
    # Whoever may send, but not look, comes back to the first page.
    sender = staff(client, cast.carol.id, "add_announcement")
    answer = sender.post(PATH, {"text": "x", "level": "info", "hours": "1", "confirmed": "1"})
    assert answer["Location"] == "/admin/"
