// Short words at the bottom: what was done, and how to undo it. Errors stay until they are closed.
import { h, icon } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";

const SHOWN = 5_000;

/** Say something. `action` and `act`: a button, for instance to undo. */
export function toast(text, { error = false, action = null, act = null } = {}) {
  const shown = h("div", { class: "toast", role: error ? "alert" : null, "data-kind": error ? "error" : null }, error && icon("alert"), text);
  let timer = null;
  let before = null; // who had the focus, and gets it back
  const close = () => {
    clearTimeout(timer);
    const hadFocus = shown.contains(document.activeElement);
    shown.remove();
    if (hadFocus) before?.focus({ preventScroll: true });
  };
  shown.addEventListener("focusin", ({ relatedTarget }) => (before ??= relatedTarget));
  const wait = () => {
    if (!error) timer = setTimeout(close, SHOWN);
  };
  const label = action ?? (error ? gettext("OK") : null);
  if (label) shown.append(h("button", { class: "btn", type: "button", onclick: () => (close(), act?.()) }, label));
  for (const type of ["pointerenter", "focusin"]) shown.addEventListener(type, () => clearTimeout(timer));
  for (const type of ["pointerleave", "focusout"]) shown.addEventListener(type, wait);
  document.querySelector("[data-toasts]").append(shown);
  wait();
}
