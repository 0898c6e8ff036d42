// <sky-thread>: the open conversation: head, log, who is typing, composer.
import { avatar, h, icon, sr } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import "./composer.js";
import "./log.js";
import { openMenu } from "./menu.js";
import { toast } from "./toasts.js";
import { back } from "./views.js";
import { firstName, jumpLabel, presence, titleOf, typingLine } from "./words.js";

const FOREVER = 8_640_000_000_000_000; // milliseconds: the last date there is

export class SkyThread extends HTMLElement {
  attach(client) {
    this.client = client;
    this.welcome = this.querySelector("[data-welcome]");
    client.addEventListener("select", () => this.#open());
    for (const type of ["presence", "list", "typing"]) client.addEventListener(type, () => this.#refresh());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.log?.forgetDivider());
  }

  #open() {
    const chat = this.client.selected;
    for (const child of [...this.children]) if (child !== this.welcome && child.dataset.keep === undefined) child.remove();
    this.welcome.hidden = Boolean(chat);
    this.toggleAttribute("data-empty", !chat);
    this.log = this.composer = null;
    if (!chat) {
      this.setAttribute("aria-label", gettext("Chat"));
      return;
    }
    this.head = h("header", { class: "thread-head" });
    this.log = document.createElement("sky-log");
    this.strip = h("div", { class: "strip", role: "status" });
    this.jump = h("button", { class: "jump", type: "button", hidden: true, onclick: () => this.log.toEnd() });
    this.composer = document.createElement("sky-composer");
    const dock = h("div", { class: "dock" }, this.jump, this.composer);
    this.append(this.head, this.log, this.strip, dock);
    this.composer.attach(this.client, chat, () => this.log.toEnd());
    this.log.attach(this.client, chat, (below) => this.#jump(below));
    this.#refresh();
    if (matchMedia("(pointer: fine)").matches) this.composer.focus();
  }

  #refresh() {
    const chat = this.client.selected;
    if (!chat || !this.log) return;
    const name = titleOf(chat);
    this.setAttribute("aria-label", name);
    if (!this.head.firstChild) this.head.append(...this.#headParts(chat));
    const state = presence(this.client, chat);
    const stamp = JSON.stringify([name, state]);
    if (stamp !== this.head.stamp) {
      this.head.stamp = stamp;
      this.who.replaceChildren(...this.#who(chat, name, state));
    }
    const names = chat.typing.size ? [firstName(name)] : [];
    const line = names.length ? typingLine(names) : "";
    if (line !== this.strip.stamp) {
      this.strip.stamp = line;
      this.strip.replaceChildren(...(line ? [h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", {}, line)] : []));
    }
  }

  #who(chat, name, state) {
    const online = this.client.online.has(chat.peerId) && !chat.isNote;
    return [
      avatar({ id: chat.peerId ?? chat.id, name, size: 38, note: chat.isNote, group: chat.kind === "group" }),
      h(
        "span", { class: "thread-head__text" },
        h("h2", { class: "thread-head__name", dir: "auto" }, name),
        state && h("span", { class: "thread-head__sub" }, h("span", { class: "presence", "data-presence": online ? "online" : "offline" }, state)),
      ),
    ];
  }

  #headParts(chat) {
    this.who = h("div", { class: "thread-head__who" });
    return [
      h("button", { class: "icon-btn back", type: "button", onclick: back }, icon("back", "icon--flip"), sr(gettext("Back to chats"))),
      this.who,
      h(
        "button",
        { class: "icon-btn", type: "button", title: gettext("More"), "aria-haspopup": "menu", "aria-expanded": "false", onclick: (event) => this.#menu(event.currentTarget, chat) },
        icon("more"), sr(gettext("More")),
      ),
    ];
  }

  #menu(button, chat) {
    const muted = chat.muted(Date.now());
    openMenu(button, [
      { icon: "pin", text: chat.pinned ? gettext("Unpin") : gettext("Pin"), act: () => this.#change(chat, { pinned: !chat.pinned }) },
      muted
        ? { icon: "bell", text: gettext("Unmute"), act: () => this.#change(chat, { mutedUntil: null }) }
        : { icon: "bell-off", text: gettext("Mute"), act: () => this.#change(chat, { mutedUntil: FOREVER }, gettext("Chat muted"), { mutedUntil: null }) },
    ]);
  }

  async #change(chat, changes, said = null, undo = null) {
    try {
      await this.client.changeView(chat, changes);
      if (said) toast(said, { action: gettext("Undo"), act: () => this.#change(chat, undo) });
    } catch {
      toast(gettext("That did not work. Try again."), { error: true });
    }
  }

  /** `below`: how many new messages wait under the view; null when the end is in view. */
  #jump(below) {
    this.jump.hidden = below === null;
    if (below === null || this.jump.below === below) return;
    this.jump.below = below;
    const label = jumpLabel(below);
    this.jump.title = label;
    this.jump.replaceChildren(icon("down"), sr(label), ...(below ? [h("span", { class: "badge", "aria-hidden": "true" }, String(below))] : []));
  }
}

customElements.define("sky-thread", SkyThread);
