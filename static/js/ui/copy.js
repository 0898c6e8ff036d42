// Text into the clipboard, and what is said about it.
import { gettext } from "../lib/i18n.js";
import { toast } from "./toasts.js";

/** `otherwise`: what is said where the browser doesn't allow it. */
export async function copyText(text, said = gettext("Copied"), otherwise = null) {
  try {
    await navigator.clipboard.writeText(text); // only over HTTPS or on this computer
    toast(said);
  } catch {
    toast(otherwise ?? gettext("This browser does not allow copying here."), { error: !otherwise });
  }
}
