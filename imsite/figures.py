"""The figures on the first page of the admin, and the picture of the messages of a month, drawn without a script."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from chat import figures
from presence.models import LiveConnection, Presence

WIDTH, HEIGHT, GAP = 720, 140, 4  # of the picture, in its own units


def of(request: HttpRequest) -> dict[str, Any]:
    """What this person may know of: people, who is online, connections, and the messages of thirty days."""
    may = request.user.has_perm
    numbers: list[tuple[Any, int, str]] = []
    if may("accounts.view_user"):
        numbers.append((_("People"), User.objects.filter(is_active=True).count(), "admin:accounts_user_changelist"))
    if may("presence.view_liveconnection"):
        online, open_now = Presence.objects.filter(online=True).count(), LiveConnection.objects.count()
        numbers.append((_("Online"), online, "admin:presence_liveconnection_changelist"))
        numbers.append((_("Connections"), open_now, "admin:presence_liveconnection_changelist"))
    if not may("chat.view_message"):
        return {"numbers": numbers}
    days = figures.per_day()
    numbers.append((_("Messages today"), days[-1][1], "admin:chat_message_changelist"))
    return {"numbers": numbers, "picture": picture(days)}


def picture(days: list[tuple[date, int]]) -> dict[str, Any]:
    """Bars for an SVG: each with its place, its size, its day and its number; and the highest number."""
    most = max(count for _day, count in days)
    step = WIDTH / len(days)
    bars = []
    for number, (day, count) in enumerate(days):
        height = round(HEIGHT * count / most, 1) if most else 0
        if count:
            height = max(height, 2)
        left = round(number * step + GAP / 2, 1)
        bars.append({"x": left, "y": HEIGHT - height, "width": step - GAP, "height": height, "day": day, "count": count})
    total = sum(count for _day, count in days)
    return {"bars": bars, "most": most, "total": total, "width": WIDTH, "height": HEIGHT, "base": HEIGHT + 1}
