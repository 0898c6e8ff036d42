// What one can do with groups and their members. Each says what did not work; what can't be undone asks first.
import { call, get, patch, post, upload } from "../net/api.js";
import { format, gettext } from "../lib/i18n.js";
import { confirm } from "../ui/dialog.js";
import { toast } from "../ui/toasts.js";
import { go, leave as leaveView } from "../ui/views.js";
import { firstName, titleOf } from "../ui/words.js";
import { refusal } from "./words.js";

const named = (text, person) => format(text, { name: firstName(person.displayName) });

/** Do it; returns its answer, or undefined where it did not work, which is said. */
export async function attempt(deed) {
  try {
    return (await deed()) ?? null;
  } catch (error) {
    toast(refusal(error), { error: true });
    return undefined;
  }
}

/** Make a group and open it. Raises ApiError. Returns the people who could not be added, `[id]`. */
export async function create(client, { picture, ...wanted }) {
  const { skipped = [], ...body } = await post("conversations", { kind: "group", ...wanted });
  const chat = client.groups.changed(body);
  if (picture) await attempt(() => setPicture(client, chat, picture));
  await go(chat.id);
  return skipped;
}

/** Change title, description, access, posting or history. Raises ApiError. */
export async function change(client, chat, changes) {
  client.groups.changed(await patch(`conversations/${chat.id}`, changes));
}

/** Raises ApiError. */
export async function setPicture(client, chat, file) {
  await upload(`conversations/${chat.id}/picture`, file);
  await client.groups.refresh(chat.id);
}

/** Raises ApiError. */
export async function removePicture(client, chat) {
  await call("DELETE", `conversations/${chat.id}/picture`);
  await client.groups.refresh(chat.id);
}

/** Add people to a group. Raises ApiError. Returns `{added, skipped}`, ids. */
export async function add(client, chat, userIds) {
  const answer = await post(`conversations/${chat.id}/members`, { userIds });
  await client.groups.refresh(chat.id);
  return answer;
}

const member = (chat, person) => `conversations/${chat.id}/members/${person.id}`;

/** Change what a member is: `{role}` or `{silencedUntil}`. */
export async function setMember(client, chat, person, changes) {
  const done = await attempt(() => call("PUT", member(chat, person), changes));
  if (done !== undefined) await client.groups.refresh(chat.id);
}

export async function handOver(client, chat, person) {
  const sure = await confirm({
    title: format(gettext("Hand %(title)s over to %(name)s?"), { title: titleOf(chat), name: firstName(person.displayName) }),
    text: gettext("They become the owner. You stay as an admin. Only they can give it back."),
    deed: gettext("Hand over"), stay: gettext("Cancel"),
  });
  if (sure) await setMember(client, chat, person, { role: "owner" });
}

export async function remove(client, chat, person) {
  const sure = await confirm({
    title: format(gettext("Remove %(name)s from %(title)s?"), { title: titleOf(chat), name: firstName(person.displayName) }),
    text: gettext("They see nothing of the group from now on, until somebody adds them again."),
    deed: named(gettext("Remove %(name)s"), person), stay: gettext("Cancel"),
  });
  if (!sure) return;
  const done = await attempt(() => call("DELETE", member(chat, person)));
  if (done !== undefined) await client.groups.refresh(chat.id);
}

/** Leave the group, after a question. */
export async function leave(client, chat) {
  const back = chat.access === "private" ? gettext("To come back, someone in the group has to add you.") : gettext("You can find it again under Find groups.");
  const heir = chat.role === "owner" && chat.memberCount > 1 ? gettext("Another member becomes the owner.") : "";
  const sure = await confirm({
    title: format(gettext("Leave %(title)s?"), { title: titleOf(chat) }), text: [heir, back].filter(Boolean).join(" "),
    deed: gettext("Leave group"), stay: gettext("Stay"),
  });
  if (!sure) return;
  const done = await attempt(() => call("DELETE", `conversations/${chat.id}/members/${client.me.id}`));
  if (done === undefined) return;
  client.remove(chat.id);
  if (client.selected === chat) leaveView();
}

/** Answer somebody who asks to join. */
export const answer = (client, chat, user, accept) => attempt(async () => {
  await post(`conversations/${chat.id}/requests/${user.id}`, { accept });
  await client.groups.refresh(chat.id);
  return true;
});

/** Come into a group that was found: it opens, or, where one asks first, "requested" is returned. Raises ApiError. */
export async function join(client, { conversationId, access }, note = "") {
  const body = await post(`conversations/${conversationId}/join`, access === "request" && note ? { note } : {});
  if (body?.status === "requested") return "requested";
  await go(client.groups.changed(body).id);
  return "joined";
}

export const takeBack = ({ conversationId }) => attempt(async () => (await call("DELETE", `conversations/${conversationId}/requests/mine`), true));

/** The group that a link leads to. Raises ApiError. */
export const invited = (code) => get(`invites/${encodeURIComponent(code)}`);

/** Come into a group by a link. Raises ApiError. */
export async function follow(client, code) {
  await go(client.groups.changed(await post(`invites/${encodeURIComponent(code)}`)).id);
}
