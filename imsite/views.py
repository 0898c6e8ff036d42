"""The page itself, and the answers to what goes wrong."""

import logging
import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie

from realtime.errors import Code
from realtime.rest import refusal

logger = logging.getLogger(__name__)

# The page's style sheets, one per component; those that every page has stand in templates/parts/head.html.
STYLES = [
    f"css/{name}.css"
    for name in (
        "rail", "avatar", "badge", "list", "row", "thread", "log", "message", "typing", "jump", "composer", "pill", "menu",
        "toast", "dialog", "switcher", "motion", "adapt",
    )
]  # fmt: skip


@never_cache
@ensure_csrf_cookie
@login_required
def app(request: HttpRequest, conversation_id: int | None = None) -> HttpResponse:
    """The whole page: everything else is fetched by its modules, the conversation of its address too."""
    user: Any = request.user
    person = {"id": user.pk, "username": user.username, "displayName": user.name, "isStaff": user.is_staff}
    return render(request, "app.html", {"boot": {"me": person}, "styles": STYLES})


def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look without being told. Not permanent: the static address changes with every release."""
    return HttpResponseRedirect(static("logo.svg"))


@csrf_exempt
def no_endpoint(request: HttpRequest) -> HttpResponse:
    """An address under /api/v1/ that does not exist."""
    return refusal(request, Code.NOT_FOUND, "There is no such endpoint.")


def _problem(request: HttpRequest, status: int, code: Code, title: str, text: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        answer: HttpResponse = refusal(request, code, f"{title}.")
        answer.status_code = status
        return answer
    return render(request, "error.html", {"title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem(request, 400, Code.BAD_FRAME, _("This request was not understood"), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem(request, 403, Code.FORBIDDEN, _("You may not do this"), _("Ask an administrator if you should."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem(request, 404, Code.NOT_FOUND, _("There is nothing here"), _("The address may be old or mistyped."))


def server_error(request: HttpRequest) -> HttpResponse:
    """The trace stands in the log already, just before this line that ties it to the reference."""
    reference = uuid.uuid4().hex[:8]
    logger.error("The page %s failed, reference %s.", request.path, reference)
    text = _("It is not you. Try again in a moment. Reference %(reference)s.") % {"reference": reference}
    return _problem(request, 500, Code.SERVER_ERROR, _("Something went wrong here"), text)
