"""Pages look and speak as their person prefers."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from preferences import store


class Preferred:
    """Gives the requests for pages their person's `preferences` (None for nobody), and the language that these name. The REST
    interface, whose words are for developers, is spared the query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/") and request.user.is_authenticated:
            preferences = store.of(request.user.pk)
            request.preferences = preferences  # type: ignore[attr-defined]
            if preferences.language:
                translation.activate(preferences.language)
                request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


def look(request: HttpRequest) -> dict[str, Any]:
    """A template's context: `look`, the attributes (name, value) of the root element, so that the first paint is right."""
    preferences = getattr(request, "preferences", None)
    if preferences is None:
        return {"look": []}
    data = store.data_of(preferences)
    found = [("look", str(preferences.pk)), ("look-at", str(data.changed_at)), ("text", data.text_size)]
    if data.theme != preferences.Theme.AUTO:
        found.append(("theme", data.theme))
    if data.rising == preferences.Rising.RED:
        found.append(("ticks", "red-up"))
    return {"look": found}
