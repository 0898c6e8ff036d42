// The dialog that adds people to a group.
import { h } from "../lib/dom.js";
import { format, gettext, ngettext } from "../lib/i18n.js";
import { toast } from "../ui/toasts.js";
import { titleOf } from "../ui/words.js";
import { add } from "./deeds.js";
import { closeButton, openDialog } from "./dialog.js";
import { leftOut, picker } from "./picker.js";
import { refusal } from "./words.js";

export function openAddPeople(client, chat) {
  const problem = h("p", { class: "field__error", role: "alert", hidden: true });
  const deed = h("button", { class: "btn btn--primary", disabled: true }, gettext("Add"));
  const people = picker(client, {
    without: chat.memberIds ?? new Set(),
    onchange: () => {
      const count = people.ids().length;
      deed.disabled = !count;
      deed.textContent = count ? format(ngettext("Add %(count)s person", "Add %(count)s people", count), { count }) : gettext("Add");
    },
  });
  const form = h("form", { class: "sheet-dialog__form" }, people.root, problem, h("div", { class: "dialog__actions" }, closeButton(), deed));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    deed.disabled = true;
    try {
      const { skipped } = await add(client, chat, people.ids());
      dialog.close();
      if (skipped.length) toast(leftOut(skipped.length));
    } catch (error) {
      problem.textContent = refusal(error);
      problem.hidden = false;
      deed.disabled = false;
    }
  });
  const dialog = openDialog(client, "add-people", format(gettext("Add people to %(title)s"), { title: titleOf(chat) }), form);
  if (dialog) people.field.focus();
}
