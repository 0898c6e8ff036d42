"""What makes the page installable: its manifest, the service worker, and the page without network or copy."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

SURFACE = {"light": "#ffffff", "dark": "#11181c"}  # --surface of tokens.css: what the head of the page looks like
GROUND = "#eff4f7"  # --canvas
WORKER = ("js/worker/shell.js", "js/worker/notify.js")
KINDS = (".js", ".css", ".svg", ".png")
# Of other pages, or asked for by the browser itself.
NOT_OF_THE_PAGE = ("css/admin", "css/api-docs.css", "icons/", "js/worker/")


def release() -> str:
    """The name of this release's static files, as it stands in their addresses."""
    return str(settings.STATIC_URL.strip("/").rpartition("/")[2])


@cache
def shell_files() -> list[str]:
    """The addresses of all files that the page may ask for."""
    folder = settings.BASE_DIR / "static"
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix in KINDS)
    return [static(name) for name in names if not name.startswith(NOT_OF_THE_PAGE)]


def manifest(request: HttpRequest) -> HttpResponse:
    """`/manifest.webmanifest`: how the page is called and looks when it is installed."""
    icons = [
        {"src": static(f"icons/{kind}-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for kind, purpose in (("icon", "any"), ("maskable", "maskable"))
        for size in (192, 512)
    ]
    shortcut_icon = {"src": static("icons/icon-192.png"), "sizes": "192x192", "type": "image/png"}
    body: dict[str, Any] = {
        "id": "/",
        "name": "SkyeIM",
        "short_name": "SkyeIM",
        "description": _("A messenger that loses nothing."),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": SURFACE["light"],
        "categories": ["social", "productivity"],
        "icons": [{"src": static("logo.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}, *icons],
        "shortcuts": [{"name": _("New chat"), "url": "/?new", "icons": [shortcut_icon]}],
    }
    answer = JsonResponse(body, content_type="application/manifest+json")
    answer["Cache-Control"] = "no-cache"  # the addresses of its icons change with every release
    answer["Vary"] = "Accept-Language, Cookie"
    return answer


def worker(request: HttpRequest) -> HttpResponse:
    """`/sw.js`: the service worker. What differs between releases stands in it, so that browsers notice a new one.

    With IM_DEBUG it keeps no files: they change without a new release."""
    files = [] if settings.DEBUG else shell_files()
    facts = {"version": release(), "static": settings.STATIC_URL, "files": files}
    imports = ", ".join(json.dumps(static(name)) for name in WORKER)
    script = f"self.RELEASE = {json.dumps(facts)};\nimportScripts({imports});\n"
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@never_cache
def offline(request: HttpRequest) -> HttpResponse:
    """`/offline`: what the worker shows where there is no network and no copy of the page."""
    context = {"title": _("No connection"), "text": _("SkyeIM opens here again when there is a network.")}
    return render(request, "error.html", context)
