// What the shortcuts of the page do. Each part says what it does at which; one listener hears them all.
import { match } from "../core/shortcuts.js";

const acts = new Map();
const WRITING = "input:not([type=checkbox], [type=radio], [type=button], [type=file]), textarea, select, [contenteditable]";

/** `act(event)` happens at this shortcut of the table. It returns false where it has nothing to do there. */
export function onShortcut(id, act) {
  acts.set(id, act);
}

export function attachKeys(client) {
  document.addEventListener("keydown", (event) => {
    if (client.gone || event.defaultPrevented || document.querySelector("dialog[open], [popover]:popover-open")) return;
    const shortcut = match(event, Boolean(event.target.closest?.(WRITING)));
    const act = shortcut && acts.get(shortcut.id);
    if (act && act(event) !== false) event.preventDefault();
  });
}
