"""Set-based SQL for both databases: whole batches in one statement, whose text does not change with their size.

A batch travels as one parameter, JSON or the literal of an array: psycopg takes five times as long to write the same rows as
a list for every column."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

Column = tuple[str, str]  # name, PostgreSQL type

_encode = msgspec.json.Encoder().encode
_pipeline: ContextVar[Any] = ContextVar("pipeline", default=None)


def among(column: str, type: str = "bigint") -> str:
    """A condition: `column` is one of the values given as one parameter by `values`."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s::{type}[])"
    return f"{column} IN (SELECT value FROM json_each(%s))"


def values(items: Iterable[Any]) -> Any:
    """The parameter of `among`."""
    if connection.vendor == "postgresql":
        return "{" + ",".join(map(_element, items)) + "}"
    return json.dumps([to_db(item) for item in items])


def _element(item: Any) -> str:
    """One element of an array's literal."""
    if isinstance(item, str):
        return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(item)


def _recordset(alias: str, columns: Sequence[Column]) -> str:
    """A FROM clause of PostgreSQL that reads rows from the parameter made by `_objects`."""
    return f"json_to_recordset(%s::json) AS {alias}({', '.join(f'{name} {type}' for name, type in columns)})"


def _objects(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> str:
    names = [name for name, _ in columns]
    return _encode([dict(zip(names, row, strict=True)) for row in rows]).decode()


@contextmanager
def together() -> Iterator[None]:
    """Where the database can be far away, statements travel together until somebody asks for a result."""
    if connection.vendor == "postgresql":
        with connection.wrap_database_errors, connection.connection.pipeline() as pipeline:
            token = _pipeline.set(pipeline)
            try:
                yield
            finally:
                _pipeline.reset(token)
    else:
        yield


def rows(cursor: Any) -> list[Any]:
    """All rows of the last statement, for those who hold locks in a transaction that travels `together`.

    Only after a Sync does PostgreSQL count a wait for the next statement as standing still, which `realtime.commit` limits;
    after the Flush that psycopg sends for a fetch alone it would keep the locks of a stopped process for ever."""
    if connection.vendor == "postgresql" and (pipeline := _pipeline.get()) is not None:
        pipeline.sync()
    return list(cursor.fetchall())


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
        return _recordset(alias, columns), [_objects(columns, rows)]
    fields = ", ".join(f"json_extract(value, '$[{number}]') AS {name}" for number, (name, _) in enumerate(columns))
    return f"(SELECT {fields} FROM json_each(%s)) {alias}", [json.dumps([[to_db(value) for value in row] for row in rows])]


def insert(cursor: Any, table: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]], tail: str = "") -> None:
    """Insert rows in one go. `tail`: for instance `ON CONFLICT DO NOTHING`."""
    if not rows:
        return
    names = ", ".join(name for name, _ in columns)
    if connection.vendor == "postgresql":
        source = _recordset("v", columns)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {source} {tail}", [_objects(columns, rows)])
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
        assign = ", ".join(f"{name} = v.{name}" for name, _ in values)
        match = " AND ".join(f"t.{name} = v.{name}" for name, _ in keys)
        source = _recordset("v", columns)
        cursor.execute(f"UPDATE {table} t SET {assign} FROM {source} WHERE {match}", [_objects(columns, rows)])
    else:
        assign = ", ".join(f"{name} = %s" for name, _ in values)
        match = " AND ".join(f"{name} = %s" for name, _ in keys)
        cursor.executemany(f"UPDATE {table} SET {assign} WHERE {match}", [[to_db(value) for value in row] for row in rows])
