"""What goes wrong while a batch is stored: the process dies at a statement, or the database refuses one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, OperationalError, connection


class Death(BaseException):
    """The process is gone: nothing that it would do after an exception happens either."""


RAISES: dict[str, Callable[[], BaseException]] = {
    "death": lambda: Death(),
    "refusal": lambda: IntegrityError("somebody else has stored this id"),
    "outage": lambda: OperationalError("the server closed the connection unexpectedly"),
}


@contextmanager
def fault(kind: str, number: int) -> Iterator[list[str]]:
    """Raise once, before the statement with this number or after it. Yields what happened: the kind, or nothing.

    Savepoints are not counted: they are how the test stands in for transactions."""
    happened: list[str] = []
    left = number

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if happened or "SAVEPOINT" in sql:
            return execute(sql, params, many, context)
        left -= 1
        if left >= 0:
            return execute(sql, params, many, context)
        happened.append(kind)
        if number % 2:
            execute(sql, params, many, context)
        raise RAISES[kind]()

    if kind not in RAISES:
        yield happened
        return
    with connection.execute_wrapper(wrapper):
        yield happened
