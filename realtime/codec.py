"""Text to typed frames and back (protocol, conventions): one msgspec Struct per wire type, camelCase on the wire."""

import json
import re
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from realtime.errors import BadFrame, Code

# Ids fit a signed 64-bit column on both databases; anything larger would be an error there.
Id = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Seq = Annotated[int, Meta(ge=0, le=2**63 - 1)]
FrameId = Annotated[str, Meta(max_length=64)]

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_FIELD = re.compile(r" - at `(?P<path>[^`]*)`$")
_MISSING = re.compile(r"missing required field `(?P<name>[^`]+)`")
_encode = msgspec.json.Encoder().encode


class ClientFrame(Struct, tag_field="type", rename="camel", kw_only=True):
    """What a client sends: `{"type": …, "data": …, "id"?: …}`. Unknown fields are ignored; `id` is echoed in the reply."""

    id: FrameId | None = None


class ServerFrame(Struct, tag_field="type", rename="camel", omit_defaults=True, kw_only=True):
    """What the server sends: `{"type": …, "data": …, "id"?: …}`; subclasses add `data` without a default."""

    id: str | None = None


class _Readable(Struct):
    """What can still be read of a frame that is not valid, so that the reply finds its sender."""

    id: Any = None
    data: Any = None


def encode(frame: Struct) -> str:
    """One text frame. Encoded once, however many connections it goes to."""
    return _encode(frame).decode()


class Decoder:
    """Decodes the frames of a routing table."""

    def __init__(self, types: Iterable[type[ClientFrame]]) -> None:
        self._decode = msgspec.json.Decoder(reduce(or_, types)).decode

    def decode(self, text: str) -> ClientFrame:
        """The typed frame. Raises BadFrame with bad_json, unknown_type, or bad_frame that names the field."""
        try:
            frame = self._decode(text)
        except msgspec.ValidationError as error:
            _refuse_strings(text)
            raise _explain(error, text) from None
        except RecursionError:
            raise BadFrame(Code.BAD_FRAME, "The frame is nested too deeply.") from None
        except msgspec.DecodeError as error:
            raise _malformed(str(error), text) from None
        if "\\u" in text:
            _refuse_strings(text)
        return frame


def _explain(error: msgspec.ValidationError, text: str) -> BadFrame:
    """From msgspec's sentence to the code and field of the protocol."""
    message = str(error)
    found = _FIELD.search(message)
    path = found["path"].removeprefix("$").removeprefix(".") if found else ""
    if path == "type" and message.startswith("Invalid value"):
        return _readable(BadFrame(Code.UNKNOWN_TYPE, "This type of frame is not known.", field="type"), text)
    missing = _MISSING.search(message)
    if missing:
        path = f"{path}.{missing['name']}" if path else missing["name"]
    sentence = _FIELD.sub("", message)
    return _readable(BadFrame(Code.BAD_FRAME, f"{path or 'frame'}: {sentence}", field=path or None), text)


def _refuse_strings(text: str) -> None:
    """Raises BadFrame where a string, known or not, holds U+0000 or a lone surrogate (protocol, conventions)."""
    if "\\u0000" in text and _NUL.search(text):
        raise _readable(BadFrame(Code.BAD_FRAME, "A string holds U+0000."), text)
    if ("\\ud" in text or "\\uD" in text) and _holds_lone_surrogate(text):
        raise _readable(BadFrame(Code.BAD_FRAME, "A string holds a lone surrogate."), text)


def _holds_lone_surrogate(text: str) -> bool:
    """Whether this JSON does; what is no JSON does not."""
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    except (ValueError, RecursionError):
        pass
    return False


def _malformed(message: str, text: str) -> BadFrame:
    """msgspec calls a lone surrogate malformed JSON; it is well-formed JSON with a string we refuse."""
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return BadFrame(Code.BAD_JSON, f"This is not JSON: {message}.")
    return _readable(BadFrame(Code.BAD_FRAME, "A string holds a lone surrogate."), text)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _peek(text: str) -> _Readable | None:
    """The id and data of a frame, where it can be read at all. What cannot be said again is left out."""
    try:
        return msgspec.json.decode(text, type=_Readable)
    except (msgspec.MsgspecError, RecursionError):
        pass
    try:  # msgspec reads no lone surrogates
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    return _Readable(_sayable(found.get("id")), {"msgId": _sayable(_dict(found.get("data")).get("msgId"))})


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _sayable(value: Any) -> Any:
    try:
        str(value).encode()
    except UnicodeEncodeError:
        return None
    return value


def _readable(error: BadFrame, text: str) -> BadFrame:
    """`error` with the frame's id and msgId, as far as they are strings of a sane length."""
    seen = _peek(text)
    if seen is None:
        return error
    if isinstance(seen.id, str) and len(seen.id) <= 64:
        error.frame_id = seen.id
    msg_id = seen.data.get("msgId") if isinstance(seen.data, dict) else None
    if isinstance(msg_id, str) and len(msg_id) <= 64:
        error.msg_id = msg_id
    return error
