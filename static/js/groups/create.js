// The dialog that makes a group: who is in it, what it is called, and how it is run.
import { sendable } from "../core/text.js";
import { avatar, h } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { toast } from "../ui/toasts.js";
import { create } from "./deeds.js";
import { choice, closeButton, openDialog } from "./dialog.js";
import { leftOut, picker } from "./picker.js";
import { picturePart } from "./picture.js";
import { ACCESS, HISTORY, POSTING, refusal } from "./words.js";

export const TITLE = 120; // characters
export const DESCRIPTION = 1000;

export function openCreate(client) {
  const title = h("input", { class: "input", name: "title", required: true, maxlength: String(TITLE), dir: "auto", autocomplete: "off", placeholder: gettext("Name of the group"), "aria-label": gettext("Name of the group") });
  const about = h("textarea", { class: "input", name: "description", rows: "2", maxlength: String(DESCRIPTION), dir: "auto" });
  const people = picker(client);
  const picture = picturePart(() => avatar({ id: 0, name: title.value || "?", size: 56, group: true }));
  title.addEventListener("input", () => picture.draw());
  const problem = h("p", { class: "field__error", role: "alert", hidden: true });
  const make = h("button", { class: "btn btn--primary" }, gettext("Create group"));
  const form = h(
    "form", { class: "sheet-dialog__form" },
    h("div", { class: "group-name" }, picture.root, title),
    h("div", { class: "field" }, h("span", { class: "field__label" }, gettext("People")), people.root),
    h(
      "details", { class: "more" }, h("summary", {}, gettext("Description and settings")),
      h("div", { class: "more__body" },
        h("label", { class: "field" }, h("span", { class: "field__label" }, gettext("Description")), about),
        choice(gettext("Who can join"), ACCESS(), "private", null, "access"), choice(gettext("Who can write"), POSTING(), "all", null, "posting"),
        choice(gettext("New members see"), HISTORY(), "joined", null, "history")),
    ),
    problem, h("div", { class: "dialog__actions" }, closeButton(), make),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(["access", "posting", "history"].map((name) => [name, form.elements[name].value]));
    make.disabled = true;
    try {
      const skipped = await create(client, {
        title: sendable(title.value).trim(), description: sendable(about.value).trim(), memberIds: people.ids(), ...fields, picture: picture.file,
      });
      dialog.close();
      if (skipped.length) toast(leftOut(skipped.length));
    } catch (error) {
      problem.textContent = error.code === "bad_frame" ? gettext("The group needs a name.") : refusal(error);
      problem.hidden = false;
      make.disabled = false;
    }
  });
  const dialog = openDialog(client, "create-group", gettext("New group"), form);
  if (dialog) title.focus();
}
