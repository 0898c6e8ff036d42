// What one can do with people. Each says what it did, can be undone or asks first, and brings all lists up to date.
import { call, post } from "../net/api.js";
import { format, gettext } from "../lib/i18n.js";
import { confirm } from "../ui/dialog.js";
import { toast } from "../ui/toasts.js";
import { go } from "../ui/views.js";
import { firstName } from "../ui/words.js";
import { refusal } from "./words.js";

const SECOND_THOUGHTS = 5_000; // milliseconds in which a declined request can be had back

const put = (path) => call("PUT", path);
const remove = (path) => call("DELETE", path);
const named = (text, person) => format(text, { name: firstName(person.displayName) });

/** Do it; returns whether it worked. What did not is said. */
async function attempt(client, deed) {
  let done = true;
  try {
    await deed();
  } catch (error) {
    done = false;
    toast(refusal(error), { error: true });
  }
  await client.people.load();
  return done;
}

/** Open the chat with somebody. */
export async function message(client, person) {
  try {
    await go((await client.openDirect(person.id)).id);
  } catch (error) {
    toast(refusal(error), { error: true });
  }
}

/** Ask somebody to be friends. Raises ApiError. Returns whether you are friends now. */
export async function ask(client, person, note = "") {
  const { status } = await post("friend-requests", { userId: person.id, note });
  await client.people.load();
  if (status === "accepted") befriended(client, person);
  else toast(named(gettext("You asked %(name)s"), person));
  return status === "accepted";
}

const befriended = (client, person) =>
  toast(gettext("You are now friends"), { action: gettext("Say hello"), act: () => message(client, person) });

export async function accept(client, { id, user }) {
  if (await attempt(client, () => post(`friend-requests/${id}/accept`))) befriended(client, user);
}

/** Decline a request. It is only sent when it can no longer be undone: nobody but the sender could ask again. */
export function decline(client, { id }) {
  const { people } = client;
  const send = (options) => call("POST", `friend-requests/${id}/decline`, undefined, options);
  const leaving = () => send({ keepalive: true }).catch(() => null);
  const end = () => {
    clearTimeout(timer);
    removeEventListener("pagehide", leaving);
  };
  const timer = setTimeout(async () => {
    end();
    const quietly = (error) => error.code === "not_found" || Promise.reject(error); // taken back, or answered elsewhere
    if (!(await attempt(client, () => send().catch(quietly)))) people.declining.delete(id);
    client.tell("people");
  }, SECOND_THOUGHTS);
  addEventListener("pagehide", leaving);
  people.declining.add(id);
  client.tell("people");
  toast(gettext("Request declined"), {
    action: gettext("Undo"),
    act: () => {
      end();
      people.declining.delete(id);
      client.tell("people");
    },
  });
}

export async function takeBack(client, { id, user, note }) {
  if (!(await attempt(client, () => remove(`friend-requests/${id}`)))) return;
  const again = () => post("friend-requests", { userId: user.id, note });
  toast(gettext("Request taken back"), { action: gettext("Undo"), act: () => attempt(client, again) });
}

export async function unfriend(client, person) {
  const sure = await confirm({
    title: named(gettext("Remove %(name)s from your friends?"), person),
    text: gettext("You no longer see each other come and go. Your chat stays. They are not told."),
    deed: gettext("Remove friend"), stay: gettext("Keep"),
  });
  if (sure && (await attempt(client, () => remove(`friends/${person.id}`)))) toast(gettext("Friend removed"));
}

export async function block(client, person) {
  const sure = await confirm({
    title: named(gettext("Block %(name)s?"), person),
    text: gettext("No messages, no requests, no presence. They are not told."),
    deed: named(gettext("Block %(name)s"), person), stay: gettext("Cancel"),
  });
  if (sure && (await attempt(client, () => put(`blocks/${person.id}`)))) toast(named(gettext("%(name)s is blocked"), person));
}

export async function unblock(client, person) {
  if (!(await attempt(client, () => remove(`blocks/${person.id}`)))) return;
  toast(named(gettext("%(name)s is no longer blocked"), person), {
    action: gettext("Undo"), act: () => attempt(client, () => put(`blocks/${person.id}`)),
  });
}
