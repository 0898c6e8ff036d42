"""Set-based SQL for both databases: whole batches in one statement, whose text does not change with their size."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

Column = tuple[str, str]  # name, PostgreSQL type


def among(column: str, type: str = "bigint") -> str:
    """A condition: `column` is one of the values given as one parameter by `values`."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s::{type}[])"
    return f"{column} IN (SELECT value FROM json_each(%s))"


def values(items: Iterable[Any]) -> Any:
    """The parameter of `among`."""
    found = [to_db(item) for item in items]
    return found if connection.vendor == "postgresql" else json.dumps(found)


def to_db(value: Any) -> Any:
    """SQLite keeps a UUID as 32 hex digits, as Django does."""
    if isinstance(value, UUID) and connection.vendor != "postgresql":
        return value.hex
    return value


def to_uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(hex=value)


def table(alias: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
    """(a FROM clause that holds `rows` as a table, its parameters), for a join with rows that we bring along."""
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{type}[]" for _, type in columns)
        names = ", ".join(name for name, _ in columns)
        return f"unnest({arrays}) AS {alias}({names})", _transpose(rows)
    fields = ", ".join(f"json_extract(value, '$[{number}]') AS {name}" for number, (name, _) in enumerate(columns))
    return f"(SELECT {fields} FROM json_each(%s)) {alias}", [json.dumps([[to_db(value) for value in row] for row in rows])]


def insert(cursor: Any, table: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]], tail: str = "") -> None:
    """Insert rows in one go. `tail`: for instance `ON CONFLICT DO NOTHING`."""
    if not rows:
        return
    names = ", ".join(name for name, _ in columns)
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{type}[]" for _, type in columns)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}) {tail}", _transpose(rows))
    else:
        marks = ", ".join(["%s"] * len(columns))
        converted = [[to_db(value) for value in row] for row in rows]
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks}) {tail}", converted)


def update(cursor: Any, table: str, values: Sequence[Column], keys: Sequence[Column], rows: Sequence[Sequence[Any]]) -> None:
    """Update rows in one go; each row holds the new values and then the key."""
    if not rows:
        return
    columns = [*values, *keys]
    if connection.vendor == "postgresql":
        names = ", ".join(name for name, _ in columns)
        arrays = ", ".join(f"%s::{type}[]" for _, type in columns)
        assign = ", ".join(f"{name} = v.{name}" for name, _ in values)
        match = " AND ".join(f"t.{name} = v.{name}" for name, _ in keys)
        cursor.execute(f"UPDATE {table} t SET {assign} FROM unnest({arrays}) AS v({names}) WHERE {match}", _transpose(rows))
    else:
        assign = ", ".join(f"{name} = %s" for name, _ in values)
        match = " AND ".join(f"{name} = %s" for name, _ in keys)
        cursor.executemany(f"UPDATE {table} SET {assign} WHERE {match}", [[to_db(value) for value in row] for row in rows])


def _transpose(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
