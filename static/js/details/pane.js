// The details of the open chat, beside it where there is room (remembered for each kind of chat), else over it, on a phone in
// its place.
import * as storage from "../lib/storage.js";
import { h, icon, sr } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { onShortcut } from "../ui/keys.js";
import { back, openDetails } from "../ui/views.js";
import { titleOf } from "../ui/words.js";
import { directDetails } from "./direct.js";
import { groupDetails } from "./group.js";

const wide = matchMedia("(width >= 1100px)");

export class Details {
  #chat = null;
  #body = null;

  constructor(client) {
    this.client = client;
    this.pane = document.querySelector("[data-details-pane]");
    for (const type of ["select", "section", "view", "gone"]) client.addEventListener(type, () => this.#arrange());
    wide.addEventListener("change", () => this.#arrange(true));
    onShortcut("details", () => (this.#subject ? this.toggle() : false));
    document.addEventListener("keydown", (event) => this.#escape(event), { capture: true });
  }

  /** The chat that details can be shown of. */
  get #subject() {
    const { selected, gone } = this.client;
    return document.body.dataset.section === "chats" && selected && !selected.isNote && !gone ? selected : null;
  }

  get #key() {
    return `details.${this.client.me.id}.${this.#subject.kind}`;
  }

  get isShown() {
    if (!this.#subject) return false;
    return wide.matches ? storage.read(this.#key, false) === true : document.body.dataset.view === "details";
  }

  toggle() {
    if (!this.#subject) return;
    const shows = !this.isShown;
    if (wide.matches) storage.write(this.#key, shows);
    else if (shows) openDetails();
    else back();
    this.#arrange();
    if (shows && !wide.matches) this.pane.querySelector("button")?.focus();
    if (!shows) document.querySelector(".thread-head [data-details]")?.focus();
  }

  /** `keeps`: the window has another width; what was begun in the pane is there when the pane is shown again. */
  #arrange(keeps = false) {
    const chat = this.isShown ? this.#subject : null;
    for (const button of document.querySelectorAll(".thread-head [data-details]")) button.setAttribute("aria-pressed", String(Boolean(chat)));
    this.pane.hidden = !chat;
    if (chat === this.#chat || (keeps && this.#chat === this.#subject)) return;
    this.#body?.end();
    this.#body = null;
    this.#chat = chat;
    this.pane.replaceChildren();
    if (!chat) return;
    this.pane.setAttribute("aria-label", format(gettext("About %(name)s"), { name: titleOf(chat) }));
    this.#body = (chat.isGroup ? groupDetails : directDetails)(this.client, chat);
    this.pane.append(this.#head(chat), this.#body.root);
  }

  #head(chat) {
    const close = () => this.toggle();
    return h(
      "header", { class: "pane-head" },
      h("button", { class: "icon-btn back", type: "button", onclick: close }, icon("back", "icon--flip"), sr(gettext("Back to the chat"))),
      h("h2", { class: "pane-head__title" }, chat.isGroup ? gettext("Group") : gettext("Person")),
      ...(this.#body.tools ?? []),
      h("button", { class: "icon-btn hide-phone", type: "button", title: `${gettext("Close")} (Ctrl I)`, onclick: close }, icon("close"), sr(gettext("Close"))),
    );
  }

  /** Where they lie over the chat, Esc closes them. */
  #escape(event) {
    if (event.key !== "Escape" || event.isComposing || wide.matches || !this.isShown) return;
    if (event.defaultPrevented || document.querySelector("dialog[open], [popover]:popover-open")) return;
    event.preventDefault();
    this.toggle();
  }
}
