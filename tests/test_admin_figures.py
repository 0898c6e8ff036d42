"""The figures on the first page of the admin: true, permitted, and cheap."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from chat import figures
from chat.models import Message
from chat.sending import send_message
from realtime.clock import now_ms
from tests.support.people import Cast

DAY = figures.DAY


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another test's database held is not remembered."""
    monkeypatch.setattr(figures, "_past", {})


def _some_days_ago(cast: Cast, *days: int) -> None:
    """A message sent so many days ago each, the newest first, as no clock would have it."""
    for number in days:
        draft = send_message(sender_id=cast.bob.id, to_user_id=cast.carol.id, content="x")
        Message.objects.filter(msg_id=draft.msg_id).update(created_at=now_ms() - number * DAY)


def test_messages_are_counted_by_day(cast: Cast) -> None:
    before = dict(figures.per_day())
    figures._past.clear()
    _some_days_ago(cast, 0, 0, 1, 29, 29, 29, 30)
    after = figures.per_day()
    assert len(after) == 30
    assert after[-1][0] == datetime.now(UTC).date()
    grown = [count - before[day] for day, count in after]
    assert (grown[-1], grown[-2], grown[0], sum(grown)) == (2, 1, 3, 6)


def test_the_past_is_counted_once(cast: Cast) -> None:
    _some_days_ago(cast, 3)
    first = figures.per_day()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert figures.per_day() == first
    assert len(queries) <= 45
    counted = [query["sql"] for query in queries if "GROUP BY" in query["sql"]]
    assert len(counted) == 1
    today = now_ms() // DAY * DAY
    assert str(today) in counted[0] or str(today - DAY) in counted[0]  # just after midnight yesterday is not settled


def test_the_search_for_a_first_id_ends_where_time_says(cast: Cast) -> None:
    _some_days_ago(cast, 20, 10, 5, 0)
    mine = list(Message.objects.filter(sender_id=cast.bob.id).order_by("pk").values_list("pk", "created_at"))
    assert figures._first_id(0) <= mine[0][0]
    assert figures._first_id(now_ms() + DAY) == mine[-1][0] + 1


def page(client: Client, user_id: int, *names: str) -> Any:
    User.objects.filter(pk=user_id).update(is_staff=True)
    user = User.objects.get(pk=user_id)
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(User.objects.get(pk=user_id))
    return client.get("/admin/")


def test_each_sees_the_figures_of_what_they_may_see(cast: Cast, client: Client) -> None:
    _some_days_ago(cast, 0)
    assert 'class="figures"' not in page(client, cast.carol.id).content.decode()
    some = page(client, cast.carol.id, "view_user")
    assert [label for label, _, _ in some.context["figures"]["numbers"]] == ["People"]
    assert "<figure" not in some.content.decode()
    whole = page(client, cast.carol.id, "view_user", "view_liveconnection", "view_message")
    labels = [label for label, _, _ in whole.context["figures"]["numbers"]]
    assert labels == ["People", "Online", "Connections", "Messages today"]
    text = whole.content.decode()
    assert text.count("<rect ") == 30
    assert "style=" not in text.split("<figure")[1].split("</figure")[0]
    assert '<th scope="row">' in text


def test_a_month_without_messages_is_drawn_too(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_count", lambda since: {})
    assert "0 messages in 30 days" in page(client, cast.carol.id, "view_message").content.decode()
