"""Plain HTTP against a server process."""

import asyncio
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from tests.support.people import PASSWORD, Person
from tests.support.servers import Server


def _call(server: Server, method: str, path: str, token: str | None, body: Any, headers: dict[str, str]) -> tuple[int, Any]:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(server.url + path, data=data, method=method)
    request.add_header("Content-Type", "application/json")
    if token is not None:
        request.add_header("Authorization", f"Bearer {token}")
    for name, value in headers.items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    try:
        return status, json.loads(text) if text else None
    except ValueError:
        return status, text.decode(errors="replace")


async def call(
    server: Server, method: str, path: str, token: str | None = None, body: Any = None, **headers: str
) -> tuple[int, Any]:
    """(status, body) of a request."""
    return await asyncio.to_thread(_call, server, method, path, token, body, headers)


async def post(server: Server, path: str, token: str | None = None, body: Any = None) -> Any:
    """The body of the answer to a POST that must succeed."""
    status, found = await call(server, "POST", path, token, body)
    assert status < 300, (status, found)
    return found


def _sign_in(server: Server, who: Person) -> str:
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{server.url}/sign-in", timeout=20).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "username": who.user.username, "password": PASSWORD, "stay": "on"}
    request = urllib.request.Request(f"{server.url}/sign-in", data=urllib.parse.urlencode(form).encode())
    request.add_header("Referer", f"{server.url}/sign-in")
    opener.open(request, timeout=20).read()
    assert any(cookie.name == "skyeim_session" for cookie in jar), "signing in failed"
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


async def sign_in(server: Server, who: Person) -> str:
    """The cookies of a browser in which somebody has signed in on the page."""
    return await asyncio.to_thread(_sign_in, server, who)
