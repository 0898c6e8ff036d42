// <sky-thread>: the open conversation: head, log, who is typing, composer.
import { avatar, h, icon, sr } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { chatMenu } from "./chat-menu.js";
import "./composer.js";
import { detailsButton } from "../details/button.js";
import { silence } from "../groups/silence.js";
import { standing } from "../people/standing.js";
import "./log.js";
import { jumpTo } from "./log-paging.js";
import { editLast } from "./message-keys.js";
import { pinBar } from "./pin-bar.js";
import { onShortcut } from "./keys.js";
import { back } from "./views.js";
import { faceOf, headcount, jumpLabel, pictureOf, presence, titleOf, typingLine, typists } from "./words.js";

export class SkyThread extends HTMLElement {
  attach(client) {
    this.client = client;
    this.welcome = this.querySelector("[data-welcome]");
    client.addEventListener("select", () => this.#open());
    for (const type of ["presence", "list", "typing"]) client.addEventListener(type, () => this.#refresh());
    client.addEventListener("jump", ({ detail }) => detail.id === client.selected?.id && this.log && jumpTo(this.log, detail.seq));
    onShortcut("end", () => (this.log ? this.composer.context.cancel() || this.#end() : false));
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.log?.forgetDivider());
  }

  #open() {
    const chat = this.client.selected;
    for (const child of [...this.children]) if (child !== this.welcome) child.remove();
    this.welcome.hidden = Boolean(chat);
    this.toggleAttribute("data-empty", !chat);
    document.querySelector(".skip")?.toggleAttribute("hidden", !chat); // without a message field it would lead nowhere
    this.log = this.composer = null;
    if (!chat) {
      this.setAttribute("aria-label", gettext("Chat"));
      return;
    }
    this.head = h("div", { class: "thread-head" });
    this.log = document.createElement("sky-log");
    this.strip = h("div", { class: "strip", role: "status" });
    this.jump = h("button", { class: "jump", type: "button", hidden: true, onclick: () => this.log.toEnd() });
    this.composer = document.createElement("sky-composer");
    const dock = h("div", { class: "dock" }, this.jump, standing(this.client, chat, this.composer), silence(this.client, chat, this.composer), this.composer);
    this.append(this.head, pinBar(this.client, chat), this.log, this.strip, dock);
    this.composer.attach(this.client, chat, () => this.log.toEnd());
    this.log.composer = this.composer;
    this.composer.onup = () => editLast(this.log);
    this.log.attach(this.client, chat, (below) => this.#jump(below));
    this.#refresh();
    if (matchMedia("(pointer: fine)").matches) this.composer.focus();
  }

  #end() {
    this.log.toEnd();
    if (matchMedia("(pointer: fine)").matches) this.composer.focus();
  }

  #refresh() {
    const chat = this.client.selected;
    if (!chat || !this.log) return;
    const name = titleOf(chat);
    this.setAttribute("aria-label", name);
    if (!this.head.firstChild) this.head.append(...this.#headParts(chat));
    const state = chat.isGroup ? headcount(this.client, chat) : presence(this.client, chat);
    const stamp = JSON.stringify([name, state, pictureOf(chat)]);
    if (stamp !== this.head.stamp) {
      this.head.stamp = stamp;
      this.who.replaceChildren(...this.#who(chat, state));
    }
    const names = typists(this.client, chat);
    const line = names.length ? typingLine(names) : "";
    if (line !== this.strip.stamp) {
      this.strip.stamp = line;
      this.strip.replaceChildren(...(line ? [h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", {}, line)] : []));
    }
  }

  #who(chat, state) {
    const online = this.client.online.has(chat.peerId) && !chat.isNote;
    return [
      avatar({ ...faceOf(chat), size: 38 }),
      h(
        "span", { class: "thread-head__text" },
        h("h1", { class: "thread-head__name", dir: "auto" }, titleOf(chat)),
        state && h("span", { class: "thread-head__sub" }, chat.isGroup ? state : h("span", { class: "presence", "data-presence": online ? "online" : "offline" }, state)),
      ),
    ];
  }

  #headParts(chat) {
    const isPerson = chat.kind === "direct" && !chat.isNote;
    const toDetails = chat.isGroup && { type: "button", onclick: () => this.client.details.toggle() };
    this.who = h(isPerson ? "a" : chat.isGroup ? "button" : "div", { class: "thread-head__who", href: isPerson && `/people/${chat.peerId}`, ...toDetails });
    return [
      h("button", { class: "icon-btn back", type: "button", onclick: back }, icon("back", "icon--flip"), sr(gettext("Back to chats"))),
      this.who,
      chat.isNote ? null : detailsButton(this.client),
      h(
        "button",
        { class: "icon-btn", type: "button", title: gettext("More"), "aria-haspopup": "menu", "aria-expanded": "false", onclick: (event) => chatMenu(this.client, chat, event.currentTarget) },
        icon("more"), sr(gettext("More")),
      ),
    ].filter(Boolean);
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
