// A question before something that cannot be undone. The focus starts on the safe button; Esc is "no".
import { h } from "../lib/dom.js";

/** Resolves to whether the deed is wanted. */
export function confirm({ title, text, deed, stay }) {
  return new Promise((resolve) => {
    const safe = h("button", { class: "btn", value: "", autofocus: true }, stay);
    const dialog = h(
      "dialog", { class: "dialog", role: "alertdialog", "aria-label": title },
      h("form", { method: "dialog" }, h("h2", {}, title), h("p", {}, text),
        h("div", { class: "dialog__actions" }, safe, h("button", { class: "btn btn--danger", value: "yes" }, deed))),
    );
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
    safe.focus();
  });
}
