// What the details of chats are made of: the round of deeds, blocks with a head, rows of people.
import { avatar, h, icon } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { trouble } from "../people/words.js";

export const deed = (name, symbol, text, act) =>
  h("button", { class: "action", type: "button", "data-deed": name, onclick: (event) => act(event.currentTarget) }, icon(symbol), text);

/** A block: its title, a count, what stands at the end of its head, and its content. */
export const block = (title, count, end, ...content) =>
  h("section", { class: "block" }, h("h3", { class: "block__head" }, h("span", {}, title, count !== null && h("span", { class: "num" }, String(count))), end), ...content);

export const small = (text, act, kind = "btn--plain") => h("button", { class: `btn btn--s ${kind}`, type: "button", onclick: (event) => act(event.currentTarget) }, text);

/** A row that is a button. */
export const line = (symbol, text, sub, act, isDanger = false) =>
  h(
    "button", { class: `person${isDanger ? " person--danger" : ""}`, type: "button", onclick: (event) => act(event.currentTarget) }, icon(symbol, "icon--flip"),
    h("span", { class: "person__text" }, h("span", { class: "person__name" }, text), sub && h("span", { class: "person__sub" }, sub)),
  );

/** Picture, name and a line below of somebody or something. */
export const face = ({ id, name, sub = "", picture = null, group = false, presence = "", size = 34 }) => [
  avatar({ id, name, size, picture, group }, presence),
  h("span", { class: "person__text" }, h("span", { class: "person__name", dir: "auto" }, name), sub && h("span", { class: "person__sub", dir: "auto" }, sub)),
];

/** What did not load, in a block or a dialog. */
export const problem = (error, again) =>
  h("div", { class: "details__problem", role: "alert" }, h("p", {}, trouble(error)), small(gettext("Try again"), again));
