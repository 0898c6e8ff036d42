"""The page itself, and the answers to what goes wrong."""

import logging
import uuid
from typing import Any

import msgspec
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie

from accounts.api.bodies import MeBody
from imsite import install
from preferences.store import data_of
from realtime.errors import Code
from realtime.rest import refusal

logger = logging.getLogger(__name__)

# The page's style sheets, one per component; those that every page has stand in templates/parts/head.html.
STYLES = [
    f"css/{name}.css"
    for name in (
        "rail", "avatar", "badge", "list", "row", "thread", "log", "message", "markup", "message-parts", "mention", "tools",
        "typing", "jump", "composer", "context", "completion", "emoji", "pill", "menu", "toast", "announcement", "dialog",
        "switcher", "sheet", "page", "details", "groups", "people", "settings", "push-panel", "motion", "adapt",
    )
]  # fmt: skip


@never_cache
@ensure_csrf_cookie
@login_required
def app(request: HttpRequest, **place: object) -> HttpResponse:
    """The whole page: everything else is fetched by its modules, what its address names too."""
    user: Any = request.user
    preferences: Any = request.preferences  # type: ignore[attr-defined]
    boot = {
        "me": MeBody(user).data,
        "preferences": msgspec.to_builtins(data_of(preferences)),
        "friendsOnly": settings.IM_DIRECT_MESSAGES == "friends",
        "windows": {"edit": settings.IM_EDIT_WINDOW * 1000, "recall": settings.IM_RECALL_WINDOW * 1000},  # ms
    }
    answer = render(request, "app.html", {"boot": boot, "styles": STYLES})
    # The service worker keeps a copy for a start without network: it must know of which release it is, and whose.
    answer["X-SkyeIM-Release"] = install.release()
    answer["X-SkyeIM-User"] = str(user.pk)
    return answer


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


def too_many(request: HttpRequest) -> HttpResponse:
    """One of the account pages was sent too often."""
    return _problem(request, 429, Code.RATE_LIMITED, _("A little slower"), _("Wait a minute, then try again."))


def server_error(request: HttpRequest) -> HttpResponse:
    """The trace stands in the log already, just before this line that ties it to the reference."""
    reference = uuid.uuid4().hex[:8]
    logger.error("The page %s failed, reference %s.", request.path, reference)
    text = _("It is not you. Try again in a moment. Reference %(reference)s.") % {"reference": reference}
    return _problem(request, 500, Code.SERVER_ERROR, _("Something went wrong here"), text)
