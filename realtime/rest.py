"""REST errors in the one shape `{code, message, field?, retryAfterMs?}`, with the codes of the socket (protocol §6)."""

import logging
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions, serializers, status
from rest_framework.parsers import JSONParser
from rest_framework.response import Response

from realtime.errors import Code, Refused

logger = logging.getLogger(__name__)

STATUS = {
    Code.BAD_JSON: 400,
    Code.BAD_FRAME: 400,
    Code.UNKNOWN_TYPE: 400,
    Code.UNAUTHORIZED: 401,
    Code.SECOND_FACTOR_REQUIRED: 401,
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    Code.BLOCKED: 403,
    Code.NOT_FRIENDS: 403,
    Code.NOT_MEMBER: 403,
    Code.CONTENT_EMPTY: 400,
    Code.CONTENT_TOO_LONG: 400,
    Code.BAD_ATTACHMENT: 400,
    Code.MSG_ID_CONFLICT: 409,
    Code.TOO_LATE: 409,
    Code.RATE_LIMITED: 429,
    Code.TOO_MANY: 409,
    Code.OVERLOADED: 503,
    Code.SERVER_ERROR: 500,
}


class ErrorBody(serializers.Serializer[Any]):
    """The body of every error."""

    code = serializers.ChoiceField(choices=[(code.value, code.value) for code in Code])
    message = serializers.CharField(help_text="A sentence for the developer of the client.")
    field = serializers.CharField(required=False, help_text="The offending field.")
    retryAfterMs = serializers.IntegerField(required=False, help_text="With rate_limited.")


class Json(JSONParser):
    """REST framework's parser, for which a body that is nested too deeply is a crash."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError("Nested too deeply.") from error


def body(error: Refused) -> dict[str, Any]:
    found: dict[str, Any] = {"code": error.code.value, "message": error.message}
    if error.field is not None:
        found["field"] = error.field
    if error.retry_after_ms is not None:
        found["retryAfterMs"] = error.retry_after_ms
    return found


def _headers(error: Refused) -> dict[str, str]:
    if error.retry_after_ms is not None:
        return {"Retry-After": str(max(1, -(-error.retry_after_ms // 1000)))}
    return {"WWW-Authenticate": 'Bearer realm="api"'} if error.code is Code.UNAUTHORIZED else {}


def error_response(error: Exception, context: dict[str, Any]) -> Response:
    """Django REST framework's exception handler. Nothing leaves without a code, and no internals leave at all."""
    refused = _refused(error)
    if refused is None:
        reference = uuid.uuid4().hex[:8]
        logger.error("A request failed, reference %s.", reference, exc_info=error)
        refused = Refused(Code.SERVER_ERROR, f"Something went wrong here. Reference {reference}.")
    code = STATUS[refused.code]
    if isinstance(error, (exceptions.MethodNotAllowed, exceptions.NotAcceptable, exceptions.UnsupportedMediaType)):
        code = error.status_code
    elif isinstance(error, RequestDataTooBig):
        code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    return Response(body(refused), status=code, headers=_headers(refused))


def _refused(error: Exception) -> Refused | None:
    match error:
        case Refused():
            return error
        case exceptions.ParseError():
            return Refused(Code.BAD_JSON, "The body is not JSON.")
        case exceptions.ValidationError():
            return _invalid(error.detail)
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return Refused(Code.UNAUTHORIZED, str(error.detail))
        case exceptions.PermissionDenied() | PermissionDenied():
            return Refused(Code.FORBIDDEN, str(getattr(error, "detail", "You may not do this.")))
        case exceptions.NotFound() | Http404():
            return Refused(Code.NOT_FOUND, "There is no such thing, or you may not see it.")
        case RequestDataTooBig():
            return Refused(Code.BAD_FRAME, "The body is too large.")
        case exceptions.APIException() if error.status_code < 500:
            return Refused(Code.BAD_FRAME, str(error.detail))
        case UnicodeDecodeError():
            return Refused(Code.BAD_JSON, "The body is not UTF-8.")
    return None


def _invalid(detail: Any) -> Refused:
    """The first problem of a serializer's errors: its path and its sentence."""
    path: list[str] = []
    while isinstance(detail, (dict, list)) and detail:
        if isinstance(detail, dict):
            key, detail = next(iter(detail.items()))
            if key != "non_field_errors":
                path.append(str(key))
        else:
            detail = detail[0]
    field = ".".join(path)
    return Refused(Code.BAD_FRAME, f"{field}: {detail}" if field else str(detail), field=field or None)


def refusal(request: HttpRequest, code: Code, message: str) -> JsonResponse:
    """The same body from a plain Django view: unknown addresses, failed CSRF checks, crashes outside REST framework."""
    refused = Refused(code, message)
    return JsonResponse(body(refused), status=STATUS[code], headers=_headers(refused))
