// Settings, keyboard shortcuts: the list of what the page hears.
import { parts, SHORTCUTS } from "../core/shortcuts.js";
import { h } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { section } from "./parts.js";

const isMac = /Mac|iPhone|iPad/u.test(navigator.userAgentData?.platform ?? navigator.platform ?? "");

const GROUPS = () => ({ everywhere: gettext("Everywhere"), chats: gettext("Chats"), message: gettext("On a message"), writing: gettext("While writing") });

const WORDS = () => ({
  switcher: gettext("Search or jump to"),
  new: gettext("New chat"),
  settings: gettext("Settings"),
  shortcuts: gettext("Keyboard shortcuts"),
  previous: gettext("Previous chat"),
  next: gettext("Next chat"),
  previousUnread: gettext("Previous unread chat"),
  nextUnread: gettext("Next unread chat"),
  details: gettext("Details of the chat"),
  end: gettext("Go to the newest message"),
  send: gettext("Send"),
  newLine: gettext("New line"),
  editLast: gettext("Edit the last message, in an empty field"),
  cancel: gettext("Cancel a reply or an edit"),
  reply: gettext("Reply"),
  edit: gettext("Edit"),
  copy: gettext("Copy text"),
  forward: gettext("Forward"),
  unreadFrom: gettext("Mark unread from here"),
  react: gettext("React"),
  takeBack: gettext("Take back for everyone"),
  bold: gettext("Bold"),
  strike: gettext("Struck through"),
  code: gettext("Code"),
  emoji: gettext("Emoji by name"),
});

export function shortcuts() {
  const words = WORDS();
  const groups = Object.entries(GROUPS()).map(([group, title]) =>
    section(title, null, h("dl", { class: "card settings__keys" }, ...SHORTCUTS.filter((one) => one.group === group).map(({ id, keys }) =>
      h("div", { class: "item" }, h("dt", { class: "item__text" }, words[id]), h("dd", {}, ...caps(keys)))))),
  );
  return [h("header", { class: "settings__head" }, h("h1", {}, gettext("Keyboard shortcuts")), h("p", {}, gettext("Single letters are heard while you are not writing."))), ...groups];
}

const SIGNS = { ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };

function caps(keys) {
  const { mod, alt, shift, key } = parts(keys);
  const held = [mod && (isMac ? "⌘" : "Ctrl"), alt && (isMac ? "⌥" : "Alt"), shift && (isMac ? "⇧" : "Shift"), SIGNS[key] ?? key];
  return held.filter(Boolean).map((cap) => h("kbd", { class: "settings__key" }, cap));
}
