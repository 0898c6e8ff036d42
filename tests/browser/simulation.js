// The page's own client against a server in memory. No network and no time: the test says what happens next, and when a
// timer is due.
import { ME, PEER, Server, Talk } from "./simulated_server.js";

let now, timers, counter, server, client;

/** Let everything run that waits for nothing but a promise. */
const turn = async () => {
  for (let number = 0; number < 3; number += 1) {
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (port1.close(), resolve());
      port2.postMessage(0);
    });
  }
};

Date.now = () => now;
window.setInterval = () => 0;
window.clearTimeout = (id) => timers.delete(id);
window.setTimeout = (act, milliseconds = 0) => {
  timers.set((counter += 1), { at: now + milliseconds, act });
  return counter;
};

async function advance(milliseconds) {
  const until = now + milliseconds;
  for (;;) {
    const due = [...timers].filter(([, { at }]) => at <= until).sort((one, other) => one[1].at - other[1].at)[0];
    if (!due) break;
    timers.delete(due[0]);
    now = Math.max(now, due[1].at);
    due[1].act();
    await turn();
  }
  now = until;
}

window.fetch = async (url) => server.fetch(url);
window.WebSocket = class {
  constructor() {
    server.accept(this);
  }
  send(text) {
    if (server.connection?.socket === this) server.connection.up.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
};
const { Client } = await import("/static/js/app/client.js");
const { keep, restore } = await import("/static/js/core/keepsake.js");

/** The page is closed and opened again: what waits to be sent was kept, and of the chats what the memory keeps. */
function reopen() {
  const kept = structuredClone([...client.chats.values()].map((chat) => keep(chat, chat.timeline, client.sync.epoch)));
  timers.clear();
  server.held = [];
  server.cut();
  const { epoch } = client.sync;
  client = new Client({ id: ME });
  client.sync.epoch = epoch;
  for (const record of kept) {
    const chat = restore(record, ME);
    client.chats.set(chat.id, chat);
    client.arrivals.placed(chat);
  }
  client.start();
}

const operations = {
  theirs: (id, count) => {
    for (let number = 0; number < count; number += 1) server.talks.get(id).add(PEER, `theirs ${(counter += 1)}`, crypto.randomUUID());
  },
  mine: (id) => client.chats.has(id) && client.sender.send(client.chats.get(id), `mine ${(counter += 1)}`),
  edit: (id, back) => {
    const message = server.talks.get(id).log.at(-1 - back);
    if (message) server.talks.get(id).edit(message);
  },
  process: (count) => server.process(count),
  finish: () => server.finish(),
  store: (count) => server.store(count),
  push: (id, count) => server.push(id, count, false),
  repair: (id) => server.push(id, 0, true),
  deliver: (count) => server.deliver(count, turn),
  /** Everything that needs nobody's push: the server answers, and the client hears it. */
  exchange: () => {
    server.process(Infinity);
    server.store(Infinity);
    server.finish();
    return server.deliver(Infinity, turn);
  },
  cut: async (processed, milliseconds) => {
    if (processed) server.process(Infinity); // the client will not hear what becomes of it
    else server.journal = []; // the process is gone, and what it had not stored
    server.cut();
    await advance(milliseconds);
  },
  select: (id) => client.select(client.chats.get(id) ?? null),
  older: (id) => void (client.chats.has(id) && client.history.older(client.chats.get(id))),
  respond: (how) => server.respond(how),
  refuse: (code) => server.refusals.push(code),
  wait: (milliseconds) => advance(milliseconds),
  reopen,
};

/** What is wrong with what the page holds, or null. */
function problem() {
  for (const { id, timeline } of client.chats.values()) {
    const talk = server.talks.get(id);
    const first = timeline?.messages[0]?.seq ?? 1;
    if (timeline?.messages.some((m, at) => m.seq !== first + at)) return `${id}: not in order, or with a hole`;
    if (timeline?.rev > talk.rev) return `${id}: the cursor is ahead of the database`;
    for (const stored of timeline ? talk.log : []) {
      const held = timeline.messages[stored.seq - first];
      if (stored.seq < first || stored.rev > timeline.rev) continue;
      if (!held) return `${id}: seq ${stored.seq} is missing, cursor ${timeline.rev}`;
      if (held.rev !== stored.rev || held.content !== stored.content) return `${id}: seq ${stored.seq} is stale, cursor ${timeline.rev}`;
    }
  }
  return null;
}

/** Everything is answered and pushed until nothing is left; pings get their pong in time, so no reconnect hides anything. */
async function rest() {
  server.refusals = [];
  for (let round = 0; round < 12; round += 1) {
    await operations.exchange();
    for (const id of server.talks.keys()) server.push(id, Infinity, false);
    await server.deliver(Infinity, turn);
    while (server.held.length) {
      server.respond("now");
      await turn();
    }
    await advance(4_000);
  }
}

/** Play one example: `before` messages in each conversation, then the operations; returns what the page and the server hold. */
export async function play(before, script) {
  localStorage.clear();
  [now, timers, counter, server] = [1_000_000, new Map(), 0, new Server()];
  for (const [id, count] of Object.entries(before)) {
    server.talks.set(Number(id), new Talk(Number(id)));
    operations.theirs(Number(id), count);
  }
  client = new Client({ id: ME });
  client.start();
  await turn();
  for (const [name, ...parameters] of script) {
    await operations[name](...parameters);
    await turn();
    const found = problem();
    if (found) return { problem: `after ${name}: ${found}` };
  }
  for (const id of server.talks.keys()) {
    await rest();
    operations.select(id);
    if (client.selected?.problem) client.history.load(client.selected); // somebody clicks on "Try again"
    await rest();
  }
  const row = ({ seq, msgId, rev, content }) => [seq, msgId, rev, content];
  const chats = [...client.chats.values()].map((chat) => [
    chat.id,
    { held: chat.timeline?.messages.map(row) ?? null, rev: chat.timeline?.rev, atStart: chat.timeline?.atStart, unread: chat.unread },
  ]);
  const stored = [...server.talks.values()].map((talk) => [talk.id, { log: talk.log.map(row), rev: talk.rev, unread: talk.unread }]);
  return {
    problem: problem(), chats: Object.fromEntries(chats), stored: Object.fromEntries(stored),
    outbox: client.outbox.entries.map(({ content, state }) => [content, state]),
  };
}
