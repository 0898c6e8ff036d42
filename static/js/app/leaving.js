// The end of a person's time on this page: they were signed out, or somebody else is signed in with this browser. From then on
// nothing of theirs is shown, sent or written.
import * as api from "../net/api.js";
import * as storage from "../lib/storage.js";
import { forgetPage } from "./installed.js";

const USER = "user"; // whose page was connected last in this browser: the other tabs hear when that changes
const ENDS = new Set(["revoked", "signed-out", "disabled", "somebody-else"]);

/** Follow what ends it: the server's word, and what other tabs say, which is heard at once and without a server. */
export function attachLeaving(client) {
  const somebodyElse = () => client.socket.end("somebody-else");
  api.actFor(client.me.id, somebodyElse);
  client.socket.addEventListener("state", ({ detail: { kind, reason } }) => {
    if (kind === "open") storage.write(USER, client.me.id);
    if (kind === "ended" && ENDS.has(reason)) leave(client, reason);
  });
  storage.follow(USER, (rest, id) => {
    if (rest !== "" || id === client.me.id) return;
    if (id !== null) somebodyElse();
    else if (!client.gone) client.socket.end("revoked");
  });
}

/** Write nothing of this person any more, and ask for nothing. */
function close(client) {
  api.close();
  client.outbox.close();
  client.drafts.close();
  client.memory.close();
  forgetPage(client.me.id);
}

/** Nothing of this person stays in the browser. */
function forget(client) {
  storage.forget(`outbox.${client.me.id}.`);
  storage.forget(`draft.${client.me.id}.`);
  storage.forget(`edit.${client.me.id}.`);
}

/** The person signs out here: their other tabs hear it too. */
export function signingOut(client) {
  close(client);
  forget(client);
  client.push.close({ isOver: true });
  if (storage.read(USER, null) === client.me.id) storage.write(USER, null);
}

function leave(client, reason) {
  if (client.gone === reason) return;
  const isKept = client.gone !== "revoked" && reason !== "revoked";
  client.gone = reason;
  close(client);
  // Where the session was ended on purpose, nothing stays. One that ran out, or was taken over, must not cost what waits to be
  // sent: it goes out when its writer signs in again.
  if (!isKept) forget(client);
  client.push.close({ isOver: !isKept });
  client.chats.clear();
  client.online.clear();
  client.lastSeen.clear();
  client.selected = null;
  client.tell("gone", { isKept });
  for (const type of ["select", "list"]) client.tell(type);
}
