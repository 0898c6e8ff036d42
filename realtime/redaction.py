"""Keeps credentials out of every log: servers print request lines, and a socket's credential stands in its query."""

import logging
import re
from typing import Any

_CREDENTIAL = re.compile(r"(?i)\b(token|ticket|access|refresh|password)=[^&\s\"']*")
_LINK = re.compile(r"(/(?:join|confirm-address)/|/forgot/[0-9A-Za-z]+-)(?!set-password)[^\s\"'?&]+")  # of mails and invitations
_BEARER = re.compile(r"(?i)\bbearer\s+[A-Za-z0-9._~+/=-]+")


def redact(text: str) -> str:
    """`text` without the values of credential parameters and bearer tokens."""
    if "/" in text:
        text = _LINK.sub(r"\1[redacted]", text)
    if "=" in text or "earer" in text:
        text = _CREDENTIAL.sub(r"\1=[redacted]", text)
        text = _BEARER.sub("Bearer [redacted]", text)
    return text


def _clean(value: Any) -> Any:
    return redact(value) if isinstance(value, str) else value


def install() -> None:
    """Redact in the record factory, so that no logger, handler or library of this process can be forgotten."""
    make_record = logging.getLogRecordFactory()
    if getattr(make_record, "redacts", False):
        return

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make_record(*args, **kwargs)
        record.msg = _clean(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_clean(value) for value in record.args)
        return record

    factory.redacts = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(factory)
