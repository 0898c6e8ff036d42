"""Reading and changing what a person prefers."""

from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from preferences.frames import OPTION, PreferencesData, PreferencesFrame
from preferences.models import Preferences
from realtime.clock import now_ms
from realtime.codec import encode
from realtime.hub import frame, hub, user_group


def of(user_id: int) -> Preferences:
    """What a person prefers; the defaults where they have chosen nothing."""
    return Preferences.objects.filter(pk=user_id).first() or Preferences(user_id=user_id)


@transaction.atomic
def change(*, user_id: int, changes: dict[str, Any]) -> Preferences:
    """Set some fields of Preferences to values that are valid for them, and tell the person's connections that asked."""
    found, _ = Preferences.objects.select_for_update().get_or_create(user_id=user_id)
    for name, value in changes.items():
        setattr(found, name, value)
    if changes:
        found.changed_at = max(now_ms(), found.changed_at + 1)
        found.save(update_fields=[*changes, "changed_at"])
        text = encode(PreferencesFrame(data=data_of(found)))
        transaction.on_commit(lambda: hub.publish([frame(user_group(user_id), text, wanted=OPTION)]))
    return found


def data_of(preferences: Preferences) -> PreferencesData:
    """As clients are told. In Chinese red is the colour of what rises, until somebody chooses."""
    language = preferences.language or get_language() or ""
    habit = Preferences.Rising.RED if language.startswith("zh") else Preferences.Rising.GREEN
    return PreferencesData(
        theme=preferences.theme,
        text_size=preferences.text_size,
        rising=preferences.rising or habit,
        language=preferences.language,
        sounds=preferences.sounds,
        desktop_notifications=preferences.desktop_notifications,
        notification_preview=preferences.notification_preview,
        changed_at=preferences.changed_at,
    )
