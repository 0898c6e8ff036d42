// The dialog that asks somebody to be friends: first who, then a few words to them.
import { sendable } from "../core/text.js";
import { avatar, h } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { get } from "../net/api.js";
import { visit } from "../ui/views.js";
import { ask } from "./deeds.js";
import { foundWords, inCommon, refusal } from "./words.js";

const PAUSE = 150; // milliseconds after the last key
const NOTE = 200; // characters

/** Open it; with a person, at the second step. */
export function openAdd(client, person = null) {
  if (client.gone || document.querySelector("dialog.add")) return;
  const dialog = h("dialog", { class: "dialog add", "aria-labelledby": "add-title" });
  const opener = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (!opener.isConnected) document.querySelector("[data-people-search]")?.focus(); // it was made anew, or is no longer needed
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  if (person) write(client, dialog, person);
  else choose(client, dialog);
}

const title = (text) => h("h2", { id: "add-title" }, text);
const cancel = (dialog) => h("button", { class: "btn", type: "button", onclick: () => dialog.close() }, gettext("Cancel"));

// ---- who ----

function choose(client, dialog) {
  const field = h("input", {
    class: "input", type: "search", maxlength: "80", autocomplete: "off", "aria-label": gettext("Name or username"),
    placeholder: gettext("Name or username"), "aria-describedby": "add-said",
  });
  const hits = h("ul", { class: "add__hits" });
  const said = h("p", { class: "add__said", id: "add-said", role: "status" }, gettext("Type the name of somebody here."));
  let asked = 0;
  let timer = null;
  const say = (text) => {
    said.textContent = text;
    said.hidden = !text;
  };

  async function search() {
    const text = sendable(field.value).trim();
    const mine = (asked += 1);
    if (!text) {
      hits.replaceChildren();
      say(gettext("Type the name of somebody here."));
      return;
    }
    try {
      const { results } = await get(`users?limit=20&search=${encodeURIComponent(text)}`);
      if (mine !== asked || !dialog.open) return;
      hits.replaceChildren(...results.map((person) => h("li", {}, hit(client, dialog, person))));
      say(results.length ? foundWords(results.length) : format(gettext("Nothing for “%(text)s”. Check the spelling."), { text }));
    } catch {
      if (mine === asked) say(gettext("The search did not work. Try again."));
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && event.keyCode !== 229) search();
  });
  dialog.replaceChildren(title(gettext("Add a friend")), field, said, hits, h("div", { class: "dialog__actions" }, cancel(dialog)));
  field.focus();
}

const STANDING = () => ({
  friend: gettext("You are friends"), asks: gettext("Asks to be your friend"), asked: gettext("Asked already"), blocked: gettext("Blocked"),
});

/** Somebody who was found: to be asked, or, where there is something between you, to be looked at. */
function hit(client, dialog, person) {
  const standing = STANDING()[person.relation];
  const sub = [person.username, standing ?? (person.friendsInCommon ? inCommon(person.friendsInCommon) : "")].filter(Boolean).join(" · ");
  const chosen = () => {
    if (!standing) {
      write(client, dialog, person);
      return;
    }
    dialog.close();
    visit(`/people/${person.id}`);
  };
  return h("button", { class: "person", type: "button", onclick: chosen }, ...face(person, sub));
}

const face = (person, sub) => [
  avatar({ id: person.id, name: person.displayName, size: 38, picture: person.avatar }),
  h("span", { class: "person__text" }, h("span", { class: "person__name", dir: "auto" }, person.displayName), h("span", { class: "person__sub" }, sub)),
];

// ---- a few words ----

function write(client, dialog, person) {
  const note = h("textarea", { class: "input", rows: "3", maxlength: String(NOTE), dir: "auto", "aria-describedby": "add-hint" });
  const problem = h("p", { class: "field__error", role: "alert", hidden: true });
  const send = h("button", { class: "btn btn--primary" }, gettext("Send request"));
  const form = h(
    "form", { class: "add__form" },
    h("div", { class: "person" }, ...face(person, person.username)),
    h("label", { class: "field" }, h("span", { class: "field__label" }, gettext("A few words to them")), note),
    h("p", { class: "field__hint", id: "add-hint" }, format(gettext("Not needed. Up to %(count)s characters."), { count: NOTE })),
    problem, h("div", { class: "dialog__actions" }, cancel(dialog), send),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    try {
      await ask(client, person, sendable(note.value).trim());
      dialog.close();
    } catch (error) {
      problem.textContent = refusal(error);
      problem.hidden = false;
      send.disabled = false;
    }
  });
  dialog.replaceChildren(title(gettext("Add a friend")), form);
  note.focus();
}
