"""The SQL of arrivals and departures: a few statements per batch, whatever its size. `leases` decides, this only reads and
writes. With the ORM a connect cost twice as much in all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from realtime import sql

CONNECTION = (
    ("id", "text"), ("lease_id", "text"), ("user_id", "bigint"), ("device", "text"), ("address", "text"),
    ("user_agent", "text"), ("opened_at", "bigint"),
)  # fmt: skip
STATE = (("online", "boolean"), ("online_since", "bigint"), ("gone_at", "bigint"), ("last_seen", "bigint"))

Held = dict[int, dict[str, tuple[str, str]]]  # user → connection → (device, process)


@dataclass(slots=True)
class State:
    """A person's presence, locked."""

    user_id: int
    online: bool
    online_since: int | None
    gone_at: int | None
    last_seen: int | None
    changed: bool = False


def lock_states(cursor: Any, user_ids: Iterable[int]) -> dict[int, State]:
    """Lock the presence of these people in the order of their ids, so that two processes never wait for each other in a
    circle; who has none yet gets one."""
    ids = sorted(user_ids)
    fresh = [(user_id, False) for user_id in ids]
    columns = (("user_id", "bigint"), ("online", "boolean"))
    sql.insert(cursor, "presence_presence", columns, fresh, "ON CONFLICT DO NOTHING")
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    cursor.execute(
        "SELECT user_id, online, online_since, gone_at, last_seen FROM presence_presence "
        f"WHERE {sql.among('user_id')} ORDER BY user_id{lock}",
        [sql.values(ids)],
    )
    return {row[0]: State(row[0], bool(row[1]), *row[2:]) for row in sql.rows(cursor)}


def save_states(cursor: Any, states: Iterable[State]) -> None:
    rows = [(s.online, s.online_since, s.gone_at, s.last_seen, s.user_id) for s in states if s.changed]
    sql.update(cursor, "presence_presence", STATE, (("user_id", "bigint"),), rows)


def held(cursor: Any, user_ids: Iterable[int]) -> Held:
    """The open connections of these people, on every process."""
    ids = list(user_ids)
    found: Held = {user_id: {} for user_id in ids}
    cursor.execute(
        f"SELECT user_id, id, device, lease_id FROM presence_liveconnection WHERE {sql.among('user_id')}", [sql.values(ids)]
    )
    for user_id, pk, device, process in sql.rows(cursor):
        found[user_id][pk] = (device, process)
    return found


def insert_lease(cursor: Any, process: str, now: int) -> None:
    columns = (("process", "text"), ("started_at", "bigint"), ("renewed_at", "bigint"))
    sql.insert(cursor, "presence_lease", columns, [(process, now, now)], "ON CONFLICT DO NOTHING")


def insert_connections(cursor: Any, rows: Sequence[Sequence[Any]]) -> None:
    """Rows as in CONNECTION; one that is there already stays as it is."""
    sql.insert(cursor, "presence_liveconnection", CONNECTION, rows, "ON CONFLICT DO NOTHING")


def delete_connections(cursor: Any, ids: Iterable[str]) -> None:
    gone = list(ids)
    if gone:
        cursor.execute(f"DELETE FROM presence_liveconnection WHERE {sql.among('id', 'text')}", [sql.values(gone)])
