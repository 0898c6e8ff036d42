// The dialog that finds groups: open ones are joined, others are asked.
import { sendable } from "../core/text.js";
import { h, icon } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { get } from "../net/api.js";
import { face, problem, small } from "../details/parts.js";
import { toast } from "../ui/toasts.js";
import { keep } from "../ui/keyed.js";
import { go } from "../ui/views.js";
import { members } from "../ui/words.js";
import { join, takeBack } from "./deeds.js";
import { closeButton, openDialog } from "./dialog.js";
import { refusal } from "./words.js";

const PAUSE = 150; // milliseconds after the last key
const PAGE = 30;
const NOTE = 200; // characters

export function openFind(client) {
  const field = h("input", { type: "search", maxlength: "80", autocomplete: "off", placeholder: gettext("Name of a group"), "aria-label": gettext("Name of a group") });
  const list = h("ul", { class: "picker__list", "aria-label": gettext("Groups") });
  const said = h("p", { class: "picker__said", role: "status" });
  const more = small(gettext("Show more"), () => load(true));
  let found = [];
  let next = null;
  let asked = 0;
  let timer = null;
  more.hidden = true;

  async function load(isMore = false) {
    clearTimeout(timer);
    const mine = (asked += 1);
    const text = sendable(field.value).trim();
    const after = isMore && next ? `&after=${encodeURIComponent(next)}` : "";
    try {
      const page = await get(`groups?limit=${PAGE}&search=${encodeURIComponent(text)}${after}`);
      if (mine !== asked) return;
      found = isMore ? [...found, ...page.results] : page.results;
      next = page.next;
      more.hidden = !next;
      const none = text ? format(gettext("Nothing for “%(text)s”. Check the spelling."), { text }) : gettext("No group can be found here yet.");
      said.textContent = found.length ? "" : none;
      said.hidden = found.length > 0;
      // A row that is on the screen stays, with what is being done in it.
      keep(list, found.map((group) => ({ key: group.conversationId, stamp: JSON.stringify(group), make: () => row(client, { ...group }, { close, acted: () => load() }) })));
    } catch (error) {
      if (mine === asked) list.replaceChildren(h("li", {}, problem(error, () => load(isMore))));
    }
  }

  field.addEventListener("input", () => {
    asked += 1;
    clearTimeout(timer);
    timer = setTimeout(() => load(), PAUSE);
  });
  const close = () => dialog.close();
  const dialog = openDialog(
    client, "find-groups", gettext("Find groups"), h("label", { class: "searchbox" }, icon("search", "icon--s"), field), said,
    h("div", { class: "find-groups__list" }, list, more), h("div", { class: "dialog__actions" }, closeButton(gettext("Close"))),
  );
  if (!dialog) return;
  field.focus();
  load();
}

/** `acted()`: something is different now, and an answer that is still on its way may not know it. */
function row(client, group, { close, acted }) {
  const end = h("span", { class: "found__end" });
  const item = h("li", { class: "found" }, h("span", { class: "person" }, ...face({ id: group.conversationId, name: group.title, sub: subOf(group), picture: group.avatar, group: true, size: 38 })), end);
  const draw = () => end.replaceChildren(...buttons());

  function buttons() {
    if (group.isMember) return [small(gettext("Open chat"), () => (close(), go(group.conversationId)), "")];
    if (group.requested) return [h("span", { class: "tag" }, gettext("Asked")), small(gettext("Take back"), back, "btn--plain")];
    return [group.access === "open" ? small(gettext("Join"), () => enter(""), "btn--primary") : small(gettext("Ask to join"), write, "btn--line")];
  }

  async function enter(note) {
    try {
      if ((await join(client, group, note)) === "joined") {
        close();
        return;
      }
      item.querySelector(".found__note")?.remove();
      mark(true);
    } catch (error) {
      toast(refusal(error), { error: true });
    }
  }

  async function back() {
    if ((await takeBack(group)) === undefined) return;
    mark(false);
  }

  function mark(requested) {
    group.requested = requested;
    draw();
    end.querySelector("button").focus();
    acted();
  }

  /** A few words to those who decide. */
  function write() {
    if (item.querySelector(".found__note")) return;
    const note = h("input", { class: "input", maxlength: String(NOTE), dir: "auto", placeholder: gettext("A few words to the admins"), "aria-label": gettext("A few words to the admins") });
    const form = h("form", { class: "found__note" }, note, h("button", { class: "btn btn--primary btn--s" }, gettext("Ask")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      enter(sendable(note.value).trim());
    });
    item.append(form);
    note.focus();
  }

  draw();
  return item;
}

const subOf = ({ memberCount, description }) => [members(memberCount), description].filter(Boolean).join(" · ");
