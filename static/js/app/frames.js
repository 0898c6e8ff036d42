// What each frame of the server does here (protocol §3, §4). `frames[type](client, data, frame)`.
import { showProfile } from "./profiles.js";

export const frames = {
  connected(client, data) {
    client.online = new Set(data.onlineFriends);
    client.clockAhead = Date.now() - data.serverTime;
    client.drafts.reconnected();
    if (client.sync.epoch !== null) client.preferences.load().catch(() => null); // connected anew: frames may have been missed
    client.sync.begin(data.epoch);
    client.tell("presence");
    client.people?.load();
  },

  people: (client) => client.people?.load(),

  heads: (client, data) => client.sync.heads(data.items),
  synced: (client, data) => client.sync.end(data),
  reset: (client, data) => client.sync.reset(data),
  removed: (client, data) => client.remove(data.conversationId),

  chat(client, data) {
    client.sync.count();
    client.arrivals.take(data);
  },

  update(client, data) {
    client.sync.count();
    client.arrivals.take(data, true);
  },

  ack(client, data) {
    if (data.status === "sent") {
      client.sender.stored(data);
      return;
    }
    const chat = client.chats.get(data.conversationId);
    if (!chat) return;
    const seq = data.status === "read" ? { othersReadSeq: data.seq, othersDeliveredSeq: data.seq } : { othersDeliveredSeq: data.seq };
    chat.merge(seq);
    client.tell("marks", { id: chat.id });
    client.tell("list");
  },

  read(client, data) {
    const chat = client.chats.get(data.conversationId);
    if (!chat || chat.isGroup) return; // one of many has read: what all have is told by an ack
    chat.merge({ othersReadSeq: data.seq, othersDeliveredSeq: data.seq });
    client.tell("marks", { id: chat.id });
  },

  state(client, data) {
    if (!client.chats.has(data.conversationId)) return;
    client.accept(data);
    client.tell("list");
  },

  preferences: (client, data) => client.preferences.heard(data),
  profile: (client, data) => showProfile(client, data),
  typing: (client, data) => client.typing.heard(data),
  online: (client, data) => client.setOnline(data.userId, true),
  offline: (client, data) => client.setOnline(data.userId, false, data.lastSeen),

  error(client, data, { id = "" }) {
    const [kind, which] = id.split(":");
    if (data.msgId) client.sender.refused(data);
    else if (kind === "sync") client.sync.refused(Number(which), data);
    else if (kind === "read" || kind === "received") client.receipts.refused(id, data);
    else if (data.code === "bad_frame" && client.sender.unanswered) client.sender.suspect(data.code);
    else if (data.code !== "rate_limited") client.tell("refused", data);
  },

  announcement: (client, data) => client.tell("announcement", data),
};
