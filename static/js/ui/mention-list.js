// "@" in the composer of a group: a list of its members above the caret, and everybody at once for those who may.
import { ALL } from "../core/mentions.js";
import { isAdmin } from "../core/rights.js";
import { avatar, icon, h } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import * as api from "../net/api.js";
import { attachCompletion } from "./completion.js";

const MOST = 8;

/** Offer the members of `chat` in `field`. */
export function completeMentions(client, chat, field) {
  if (chat.kind !== "group") return;
  attachCompletion(field, { trigger: "@", name: gettext("Members"), find: (text) => find(client, chat, text) });
}

async function find(client, chat, text) {
  const { results } = await api.get(`conversations/${chat.id}/members?limit=${MOST + 1}&search=${encodeURIComponent(text)}`);
  const people = results.map(({ user }) => user).filter(({ id }) => id !== client.me.id).slice(0, MOST);
  client.persons.note(...people);
  const found = people.map(({ id, displayName, username, avatar: picture }) => ({
    label: displayName, sub: username, insert: `@${username}`, picture: avatar({ id, name: displayName, size: "28", picture }),
  }));
  return mayAll(chat, text) ? [...found, everybody()] : found;
}

const mayAll = (chat, text) => isAdmin(chat) && (ALL.startsWith(text.toLowerCase()) || gettext("Everyone here").toLowerCase().startsWith(text.toLowerCase()));

const everybody = () => ({
  label: gettext("Everyone here"), sub: ALL, insert: `@${ALL}`,
  picture: h("span", { class: "av av--28 av--group", "aria-hidden": "true" }, icon("group", "icon--s")),
});
