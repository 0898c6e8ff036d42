// Settings, profile: the name, status line and picture that others see.
import * as api from "../net/api.js";
import { showProfile } from "../app/profiles.js";
import { h } from "../lib/dom.js";
import { format, gettext, ngettext } from "../lib/i18n.js";
import { picturePart } from "./picture.js";
import { saved, section } from "./parts.js";

const MOST = 80; // characters of a name and of a status line

export function profile(client, signal) {
  const name = h("input", { class: "input", autocomplete: "name", dir: "auto", value: client.me.displayName, required: true, "aria-describedby": "profile-name-hint" });
  const status = h("input", { class: "input", dir: "auto", value: client.me.status, autocomplete: "off", "aria-describedby": "profile-status-hint" });
  const username = h("input", { class: "input", value: client.me.username, readonly: true, autocomplete: "username" });
  const nameHint = h("span", { class: "field__hint", id: "profile-name-hint" });
  const statusHint = h("span", { class: "field__hint", id: "profile-status-hint" });
  const error = h("p", { class: "field__error", role: "alert", hidden: true });
  const save = h("button", { class: "btn btn--primary" }, gettext("Save"));
  const look = () => {
    const isEmpty = !name.value.trim();
    nameHint.textContent = isEmpty ? gettext("Others need something to call you.") : over(name.value);
    statusHint.textContent = left(status.value);
    name.setAttribute("aria-invalid", String(isEmpty || count(name.value) > MOST));
    status.setAttribute("aria-invalid", String(count(status.value) > MOST));
    const isSame = name.value.trim() === client.me.displayName && status.value.trim() === client.me.status;
    setOff(save, isSame || isEmpty || count(name.value) > MOST || count(status.value) > MOST);
  };
  const form = h(
    "form", { class: "profile__form" },
    h("div", { class: "two" }, field(gettext("Name"), name, nameHint),
      field(gettext("Username"), username, h("span", { class: "field__hint" }, gettext("You sign in with it, and others find you by it.")))),
    field(gettext("Status line"), status, statusHint), error, h("div", { class: "settings__actions" }, save),
  );
  form.addEventListener("input", look);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector('[aria-invalid="true"]')?.focus();
    if (save.getAttribute("aria-disabled") === "true") return;
    store(client, { displayName: name.value.trim(), status: status.value.trim() }, { save, error, look, form });
  });
  const before = { ...client.me };
  client.addEventListener("profile", ({ detail }) => {
    if (detail.userId !== client.me.id) return;
    if (name.value === before.displayName) name.value = client.me.displayName; // changed elsewhere, and not here
    if (status.value === before.status) status.value = client.me.status;
    Object.assign(before, client.me);
    look();
  }, { signal });
  look();
  const card = h("div", { class: "card profile" }, form);
  card.prepend(picturePart(client, signal, card));
  return [section(gettext("Profile"), gettext("Others see your name, picture and status line."), card)];
}

/** Not `disabled`: it would lose the focus. */
const setOff = (button, isOff) => button.setAttribute("aria-disabled", String(isOff));

const count = (text) => [...text.trim()].length;

const field = (label, input, hint) => h("label", { class: "field" }, h("span", { class: "field__label" }, label), input, hint);

const over = (text) => (count(text) > MOST ? left(text) : "");

function left(text) {
  const free = MOST - count(text);
  if (free < 0) return format(ngettext("%(count)s character too many", "%(count)s characters too many", -free), { count: -free });
  return format(ngettext("%(count)s character left", "%(count)s characters left", free), { count: free });
}

async function store(client, changes, { save, error, look, form }) {
  setOff(save, true);
  error.hidden = true;
  try {
    const { id, ...shown } = await api.patch("users/me", changes);
    showProfile(client, { userId: id, ...shown });
    saved(form);
  } catch (problem) {
    error.hidden = false;
    error.textContent = problem.code === "offline" ? gettext("Not saved: the server could not be reached.") : gettext("That did not work. Try again.");
  }
  look();
}
