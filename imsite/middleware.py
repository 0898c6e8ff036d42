"""Small courtesies of the site."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ForgivingSlash:
    """An API address with a slash at its end is the same address: clients differ, and a redirect would lose a POST."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/") and request.path_info.endswith("/"):
            request.path_info = request.path_info.rstrip("/")
        return self.get_response(request)
