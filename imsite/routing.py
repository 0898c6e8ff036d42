"""The `urls.py` of the socket: which handler a frame goes to, which limit it counts against, and what happens when a
connection opens and ends. The services are what a process does besides, as long as it lives."""

import accounts.changes
import accounts.credentials
import accounts.expiry
import accounts.mail
import accounts.news
import accounts.usage
import announcements.services
import chat.act_frames
import chat.backlog
import chat.consumers
import chat.frames
import chat.history
import chat.journal
import chat.readers
import chat.rights
import chat.sweep
import chat.typing
import presence.consumers
import presence.frames
import presence.services
import push.consumers
import push.frames
import push.services
import push.subscriptions
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
        chat.act_frames.Edit: (chat.consumers.edit, "FRAMES"),
        chat.act_frames.Recall: (chat.consumers.recall, "FRAMES"),
        chat.act_frames.React: (chat.consumers.react, "FRAMES"),
        chat.act_frames.Join: (chat.consumers.join, "FRAMES"),
        chat.act_frames.Leave: (chat.consumers.leave, "FRAMES"),
        presence.frames.Ping: (presence.consumers.ping, "FRAMES"),
        push.frames.Looking: (push.consumers.looking, "FRAMES"),
        realtime.frames.Auth: (accounts.credentials.renew, "FRAMES"),
    },
    authenticate=accounts.credentials.authenticate,
    # Protocol §1.2: the lease, the backlog, then `connected`.
    connect=[
        presence.consumers.connect,
        chat.backlog.connect,
        presence.consumers.welcome,
        accounts.expiry.connect,
        announcements.services.connect,
    ],
    disconnect=[chat.typing.disconnect, presence.consumers.disconnect, push.consumers.disconnect],
)

services = [
    accounts.changes.follow,
    accounts.expiry.run,
    accounts.usage.run,
    presence.services.renew,
    presence.services.sweep,
    presence.services.settle,
    chat.sweep.run,
    chat.readers.run,
    announcements.services.follow,
    push.services.run,
    realtime.checkpoint.run,
]
# At a stop: store and publish what is in flight, then give the leases back,
# and mails some seconds to go out.
stopping = [chat.journal.lane.drain, presence.services.release, push.services.release, accounts.mail.drain]

accounts.changes.listeners += [
    presence.services.on_access_change,
    accounts.news.on_access_change,
    push.subscriptions.on_access_change,
    chat.rights.on_access_change,
]
hub.streams.read_changes = chat.history.read_changes_async
