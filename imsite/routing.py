"""The `urls.py` of the socket: which handler a frame goes to, which limit it counts against, and what happens when a
connection opens and ends. The services are what a process does besides, as long as it lives."""

import accounts.changes
import accounts.credentials
import accounts.expiry
import chat.backlog
import chat.consumers
import chat.frames
import chat.history
import chat.journal
import chat.sweep
import chat.typing
import presence.consumers
import presence.frames
import presence.services
import realtime.checkpoint
import realtime.frames
from realtime.consumer import Routes
from realtime.hub import hub

routes = Routes(
    handlers={
        # frame type: (handler, limit: IM_RATE_…)
        chat.frames.Chat: (chat.consumers.chat, "CHAT"),
        chat.frames.Read: (chat.consumers.read, "FRAMES"),
        chat.frames.Received: (chat.consumers.received, "FRAMES"),
        chat.frames.Typing: (chat.consumers.typing_, "TYPING"),
        chat.frames.Sync: (chat.consumers.sync, "FRAMES"),
        presence.frames.Ping: (presence.consumers.ping, "FRAMES"),
        realtime.frames.Auth: (accounts.credentials.renew, "FRAMES"),
    },
    authenticate=accounts.credentials.authenticate,
    # Protocol §1.2: the lease, the backlog, then `connected`.
    connect=[presence.consumers.connect, chat.backlog.connect, presence.consumers.welcome, accounts.expiry.connect],
    disconnect=[chat.typing.disconnect, presence.consumers.disconnect],
)

services = [
    accounts.changes.follow,
    accounts.expiry.run,
    presence.services.renew,
    presence.services.sweep,
    presence.services.settle,
    chat.sweep.run,
    realtime.checkpoint.run,
]
# At a stop: store and publish what is in flight, then give the leases back.
stopping = [chat.journal.lane.drain, presence.services.release]

accounts.changes.listeners.append(presence.services.on_access_change)
hub.streams.read_changes = chat.history.read_changes_async
