// The dialogs of groups: one at a time, closed by Esc, the button or a click beside them.
import { h } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";

/** Open it with `title` and content; returns the dialog, or null where one of this kind is open. */
export function openDialog(client, kind, title, ...content) {
  if (client.gone || document.querySelector(`dialog.${kind}`)) return null;
  const dialog = h("dialog", { class: `dialog sheet-dialog ${kind}`, "aria-label": title }, h("h2", {}, title), ...content);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("pointerdown", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export const closeButton = (text = gettext("Cancel")) =>
  h("button", { class: "btn", type: "button", onclick: (event) => event.currentTarget.closest("dialog").close() }, text);

/** A labelled choice of a few: `options` are `[value, text, hint]`. `choose(value)` of the element changes it quietly. */
export function choice(label, options, value, onchange = null, name = "") {
  const hint = h("span", { class: "field__hint" });
  const select = h("select", { class: "select", name }, ...options.map(([each, text]) => h("option", { value: each, selected: each === value }, text)));
  const show = () => {
    hint.textContent = options.find(([each]) => each === select.value)?.[2] ?? "";
    hint.hidden = !hint.textContent;
  };
  select.addEventListener("change", () => (show(), onchange?.(select)));
  show();
  const root = h("label", { class: "choice" }, h("span", { class: "choice__text" }, h("span", { class: "choice__label" }, label), hint), select);
  return Object.assign(root, { choose: (wanted) => ((select.value = wanted), show()) });
}
