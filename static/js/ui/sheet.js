// A dialog with a title and something to read, which is fetched when it opens.
import { h, icon, sr } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { toast } from "./toasts.js";
import { refusal } from "./words.js";

/** Show what `load(dialog)` gives: nodes. Returns the dialog. */
export function sheet(title, load) {
  const body = h("div", { class: "sheet__body", tabindex: "0", role: "region", "aria-label": title }, h("p", { class: "sheet__none", role: "status" }, gettext("Loading")));
  const dialog = h(
    "dialog", { class: "dialog sheet", "aria-label": title },
    h(
      "header", { class: "sheet__head" }, h("h2", {}, title),
      h("button", { class: "icon-btn", type: "button", autofocus: true, title: `${gettext("Close")} (Esc)`, onclick: () => dialog.close() }, icon("close"), sr(gettext("Close"))),
    ),
    body,
  );
  const before = document.activeElement;
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected && document.activeElement === document.body) before.focus({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
  load(dialog).then(
    (nodes) => body.replaceChildren(...nodes),
    ({ code }) => {
      dialog.close();
      toast(code === "too_many" ? gettext("This group is too large for that.") : refusal(code), { error: true });
    },
  );
  return dialog;
}
