// The details of a group: what it is, what I can do with it, who is in it, what is pinned, how it is run.
import { isAdmin } from "../core/rights.js";
import { avatar, h, icon, sr } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { openAddPeople } from "../groups/add.js";
import { leave } from "../groups/deeds.js";
import { openInvites } from "../groups/invites.js";
import { members as memberCount, pictureOf, titleOf } from "../ui/words.js";
import { actions } from "./direct.js";
import { editForm } from "./edit.js";
import { members } from "./members.js";
import { deed, line } from "./parts.js";
import { pins } from "./pins.js";
import { requests } from "./requests.js";
import { settings } from "./settings.js";

/** `{root, tools, end()}`: the pane's content, what stands in its head, and how it stops listening. */
export function groupDetails(client, chat) {
  const listening = new AbortController();
  const { signal } = listening;
  const who = h("div");
  const deeds = h("div");
  const last = h("section", { class: "block" });
  const edit = h("button", { class: "icon-btn", type: "button", title: gettext("Edit group"), onclick: () => write() }, icon("edit"), sr(gettext("Edit group")));
  const run = h("div");
  const root = h(
    "div", { class: "scroll details__body", tabindex: "-1" }, who, deeds, requests(client, chat, signal), pins(client, chat, signal),
    members(client, chat, signal), run, last,
  );
  let stamp = "";
  let isEdited = false;

  function write() {
    isEdited = true;
    who.replaceChildren(editForm(client, chat, () => {
      isEdited = false;
      stamp = "";
      draw();
      edit.focus();
    }));
    draw();
    root.scrollTop = 0;
    who.querySelector("input:not([hidden])").focus();
  }

  function draw() {
    const { left, role, access, posting, history, description, pinned, memberCount: count } = chat;
    const next = JSON.stringify([left, role, access, posting, history, description, pinned, count, chat.muted(Date.now()), titleOf(chat), pictureOf(chat), isEdited]);
    if (next === stamp) return;
    stamp = next;
    const focused = root.contains(document.activeElement) ? document.activeElement.dataset.deed : null;
    edit.hidden = left || !isAdmin(chat) || isEdited;
    if (left) isEdited = false;
    if (!isEdited) who.replaceChildren(head(chat));
    deeds.replaceChildren(...(left ? [] : [actions(client, chat, ...people(client, chat))]));
    const isRun = !left && isAdmin(chat);
    if (!isRun || !run.isRun) run.replaceChildren(isRun ? settings(client, chat, signal) : facts(chat));
    run.isRun = isRun;
    last.replaceChildren(...(left ? [] : [line("logout", gettext("Leave group"), "", () => leave(client, chat), true)]));
    last.hidden = left;
    if (focused) root.querySelector(`[data-deed="${focused}"]`)?.focus();
  }
  for (const type of ["list", "group"]) client.addEventListener(type, draw, { signal });
  draw();
  client.groups.refresh(chat.id); // the list does not say how it is described
  return { root, tools: [edit], end: () => listening.abort() };
}

const head = (chat) =>
  h(
    "div", { class: "who" }, avatar({ id: chat.id, name: titleOf(chat), size: 88, group: true, picture: pictureOf(chat) }),
    h("h2", { dir: "auto" }, titleOf(chat)), h("p", {}, memberCount(chat.memberCount ?? 0)), chat.description && h("p", { class: "who__about", dir: "auto" }, chat.description),
  );

/** Whoever looks after the group adds and invites; in an open one, everybody. */
function people(client, chat) {
  if (!isAdmin(chat) && chat.access !== "open") return [];
  return [
    deed("add", "user-plus", gettext("Add"), () => openAddPeople(client, chat)),
    deed("invite", "link", gettext("Invite"), () => openInvites(client, chat)),
  ];
}

/** What everybody may know of how the group is run. */
function facts(chat) {
  if (chat.left || chat.posting !== "admins") return h("span", { hidden: true });
  return h("section", { class: "block" }, h("p", { class: "details__fact" }, icon("info", "icon--s"), gettext("Only admins write in this group.")));
}
