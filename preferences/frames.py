"""The frame of preferences (protocol §3), whose data is the body of the REST endpoint too."""

from msgspec import Struct

from realtime.codec import ServerFrame

OPTION = "preferences"  # `preferences=1` of the socket's query asks for the frame


class PreferencesData(Struct, rename="camel"):
    """Everything that a person prefers. `language` is "" where the browser decides; `rising` is never blank."""

    theme: str
    text_size: str
    rising: str
    language: str
    sounds: bool
    desktop_notifications: bool
    notification_preview: bool
    changed_at: int


class PreferencesFrame(ServerFrame, tag="preferences"):
    data: PreferencesData
