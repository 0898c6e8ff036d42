// The button in a chat's head that shows and hides its details.
import { h, icon, sr } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";

/** It says itself whether the details are shown; it lives as long as the head. */
export function detailsButton(client) {
  const button = h(
    "button", { class: "icon-btn", type: "button", title: `${gettext("Details")} (Ctrl I)`, "data-details": true, onclick: () => client.details.toggle() },
    icon("panel", "icon--flip"), sr(gettext("Details")),
  );
  button.setAttribute("aria-pressed", String(client.details?.isShown ?? false));
  return button;
}
