// Who has read a message, and what it said before it was changed.
import { fullTime } from "../core/days.js";
import { avatar, h } from "../lib/dom.js";
import { gettext, language } from "../lib/i18n.js";
import { sheet } from "./sheet.js";

const person = ({ id, displayName: name, avatar: picture }, sub) =>
  h(
    "li", { class: "person" }, avatar({ id, name, size: "38", picture }),
    h("span", { class: "person__text" }, h("span", { class: "person__name", dir: "auto" }, name), sub && h("span", { class: "person__sub" }, sub)),
  );

const part = (title, people) => (people.length ? [h("h3", { class: "list-label" }, title), h("ul", { class: "people-list" }, ...people)] : []);

/** Everybody who has read an own message of a group, with times, and whom it has reached. */
export function showReaders(client, message) {
  sheet(gettext("Read by"), async () => {
    const { results, delivered } = await client.acts.readers(message);
    const known = new Set(results.map(({ user }) => user.id));
    const parts = [
      ...part(gettext("Read"), results.map(({ user, readAt }) => person(user, readAt && fullTime(readAt, language)))),
      ...part(gettext("Delivered"), delivered.filter(({ id }) => !known.has(id)).map((user) => person(user))),
    ];
    return parts.length ? parts : [h("p", { class: "sheet__none" }, gettext("Nobody yet"))];
  });
}

/** What a message said, oldest first. */
export function showHistory(client, message) {
  sheet(gettext("Edit history"), async () => {
    const results = await client.acts.history(message);
    const now = { content: message.content, at: message.editedAt };
    const texts = results.at(-1)?.content === now.content ? results : [...results, now];
    return [h("ol", { class: "edits" }, ...texts.map(({ content, at }) => h("li", {}, h("time", {}, fullTime(at, language)), h("p", { dir: "auto" }, content))))];
  });
}

/** Everybody who has reacted to a message. */
export function showReactions(client, message, ask) {
  sheet(gettext("Reactions"), async () => {
    const { results } = await ask();
    client.persons.note(...results.map(({ user }) => user));
    return [h("ul", { class: "people-list" }, ...results.map(({ emoji, user, at }) => h("li", { class: "person" }, h("span", { class: "reaction__big" }, emoji), ...person(user, fullTime(at, language)).childNodes)))];
  });
}
