// The keys of the page, in one table: what happens at a key, and what the list of shortcuts says. No DOM.

/**
 * `keys`: "Mod" is Ctrl, or ⌘ on a Mac. A key without Ctrl or Alt is heard only while nobody writes (`anywhere`: always).
 * `told`: the element that has the focus hears it itself; it stands here for the list.
 */
export const SHORTCUTS = [
  { id: "switcher", keys: "Mod+K", group: "everywhere" },
  { id: "new", keys: "N", group: "everywhere" },
  { id: "settings", keys: "Mod+,", group: "everywhere" },
  { id: "shortcuts", keys: "?", group: "everywhere" },
  { id: "previous", keys: "Alt+ArrowUp", group: "chats" },
  { id: "next", keys: "Alt+ArrowDown", group: "chats" },
  { id: "previousUnread", keys: "Alt+Shift+ArrowUp", group: "chats" },
  { id: "nextUnread", keys: "Alt+Shift+ArrowDown", group: "chats" },
  { id: "details", keys: "Mod+I", group: "chats" },
  { id: "end", keys: "Escape", group: "chats", anywhere: true },
  { id: "reply", keys: "R", group: "message", told: true },
  { id: "edit", keys: "E", group: "message", told: true },
  { id: "copy", keys: "C", group: "message", told: true },
  { id: "forward", keys: "F", group: "message", told: true },
  { id: "unreadFrom", keys: "U", group: "message", told: true },
  { id: "react", keys: ":", group: "message", told: true },
  { id: "takeBack", keys: "Delete", group: "message", told: true },
  { id: "send", keys: "Enter", group: "writing", told: true },
  { id: "newLine", keys: "Shift+Enter", group: "writing", told: true },
  { id: "editLast", keys: "ArrowUp", group: "writing", told: true },
  { id: "cancel", keys: "Escape", group: "writing", told: true },
  { id: "bold", keys: "Mod+B", group: "writing", told: true },
  { id: "strike", keys: "Mod+Shift+X", group: "writing", told: true },
  { id: "code", keys: "Mod+E", group: "writing", told: true },
  { id: "emoji", keys: ":", group: "writing", told: true },
];

/** The parts of a shortcut: `{mod, alt, shift, key}`. */
export function parts(keys) {
  const words = keys.split("+");
  return { mod: words.includes("Mod"), alt: words.includes("Alt"), shift: words.includes("Shift"), key: words.at(-1) };
}

/** The shortcut that a key event is, or null. `writing`: whether a field has the focus. */
export function match(event, writing) {
  if (event.isComposing || event.keyCode === 229) return null; // an input method is choosing a word
  return SHORTCUTS.find((shortcut) => !shortcut.told && fits(shortcut, event, writing)) ?? null;
}

function fits({ keys, anywhere }, event, writing) {
  const { mod, alt, shift, key } = parts(keys);
  const isPlain = !mod && !alt;
  if (mod !== (event.ctrlKey || event.metaKey) || alt !== event.altKey) return false;
  if (isPlain && writing && !anywhere) return false;
  if (!isPlain && shift !== event.shiftKey) return false; // where "?" is, shift is a matter of the keyboard
  return event.key.toLowerCase() === key.toLowerCase();
}
