// The page of one person: who they are, what one can do with them, what one has in common.
import { avatar, h, icon, sr } from "../lib/dom.js";
import { format, gettext, ngettext } from "../lib/i18n.js";
import { get } from "../net/api.js";
import { mute, unmute } from "../ui/chat-menu.js";
import { SKELETON, skeleton } from "../ui/skeleton.js";
import { back } from "../ui/views.js";
import { firstName, presence } from "../ui/words.js";
import { openAdd } from "./add.js";
import { block, message, takeBack, unblock, unfriend } from "./deeds.js";
import { button, problem, received } from "./parts.js";
import { askedWhen, inCommon } from "./words.js";

export class PersonPage {
  #id = 0;
  #asked = 0;
  #person = null;
  #groups = [];
  #stamp = "";
  #state = ""; // of what was asked for: "" while it is on its way, shown, failed

  constructor(client, pane) {
    Object.assign(this, { client, pane });
    for (const type of ["people", "presence", "list"]) client.addEventListener(type, () => this.#draw());
    client.addEventListener("profile", ({ detail: { userId, ...shown } }) => {
      if (this.#person?.id !== userId) return;
      Object.assign(this.#person, shown);
      this.#draw();
    });
  }

  /** Show somebody, by what stands in the address; nobody when nothing does. */
  async show(rest) {
    const id = /^\d{1,18}$/.test(rest) ? Number(rest) : 0;
    const again = id === this.#id && this.#person;
    this.#id = id;
    const asked = (this.#asked += 1);
    if (!rest) return this.#put(gettext("Person"), h("div", { class: "blank" }, icon("people"), h("p", {}, gettext("Pick somebody, or find people by name."))));
    if (!id) return this.#nobody();
    if (again) this.#draw();
    else this.#person = null;
    if (!this.#person && matchMedia("(width < 700px)").matches) this.#put(gettext("Person")); // not whom it was about before
    setTimeout(() => asked === this.#asked && !this.#person && this.#state === "" && this.#put(gettext("Person"), skeleton(1)), SKELETON);
    this.#state = "";
    try {
      const [person, groups] = await Promise.all([get(`users/${id}`), get(`users/${id}/groups`)]);
      if (asked !== this.#asked) return;
      this.#person = person;
      this.#groups = groups.results;
      this.#state = "shown";
      this.#stamp = "";
      this.#draw();
    } catch (error) {
      if (asked !== this.#asked || this.client.gone) return;
      this.#person = null;
      this.#state = "failed";
      if (error.code === "not_found") this.#nobody();
      else this.#put(gettext("Person"), problem(gettext("This person did not load"), error, () => this.show(rest)));
    }
  }

  #nobody() {
    this.#person = null;
    const link = h("a", { class: "btn btn--primary", href: "/people" }, gettext("Back to people"));
    this.#put(gettext("Person"), h("div", { class: "blank" }, h("h2", {}, gettext("There is nobody here")), h("p", {}, gettext("The address may be old or mistyped.")), link));
  }

  #put(title, ...content) {
    const wasBack = this.pane.contains(document.activeElement) && document.activeElement.matches(".back");
    this.#stamp = "";
    this.pane.setAttribute("aria-label", title);
    const head = h(
      "header", { class: "pane-head page__head only-phone" },
      h("button", { class: "icon-btn back", type: "button", onclick: back }, icon("back", "icon--flip"), sr(gettext("Back to people"))),
      h("b", { class: "pane-head__title", dir: "auto" }, title),
    );
    this.pane.replaceChildren(head, ...content);
    if (wasBack) head.firstChild.focus({ preventScroll: true });
  }

  /** Draw the person anew where something that is shown has changed; who had the focus keeps it. */
  #draw() {
    const { client } = this;
    const person = this.#person;
    if (!person || client.gone || person.id !== this.#id) return;
    const chat = [...client.chats.values()].find(({ kind, peerId }) => kind === "direct" && peerId === person.id) ?? null;
    const view = {
      relation: client.people.relation(person.id) ?? person.relation, request: client.people.request(person.id),
      state: presence(client, { kind: "direct", isNote: false, peerId: person.id }), online: client.online.has(person.id),
      muted: chat?.muted(Date.now()) ?? false, chat: chat?.id ?? 0,
    };
    const stamp = JSON.stringify([person, view]);
    if (stamp === this.#stamp) return;
    const focused = this.pane.contains(document.activeElement) ? document.activeElement.dataset.deed : null;
    const card = h("div", { class: "card" }, this.#who(person, view), ...this.#request(view), this.#actions(person, view, chat), this.#common(), ...this.#end(person, view));
    this.#put(person.displayName, h("div", { class: "page__col page__col--narrow" }, card));
    this.#stamp = stamp;
    if (focused) (this.pane.querySelector(`[data-deed="${focused}"]`) ?? this.pane.querySelector("[data-deed]"))?.focus();
  }

  #who(person, { state, online, relation }) {
    const seen = relation === "blocked" ? "" : state;
    return h(
      "div", { class: "who" },
      avatar({ id: person.id, name: person.displayName, size: 88, picture: person.avatar }, seen && online ? "online" : ""),
      h("h2", { dir: "auto" }, person.displayName),
      h("p", {}, person.username, seen && " · ", seen && h("span", { class: "presence", "data-presence": online ? "online" : "offline" }, seen)),
      person.status && h("p", { dir: "auto" }, person.status),
      relation !== "self" && person.friendsInCommon > 0 && h("p", {}, inCommon(person.friendsInCommon)),
      relation === "blocked" && h("p", {}, gettext("You blocked this person.")),
    );
  }

  #request({ relation, request }) {
    if (!request) return [];
    if (relation === "asks") return [received(this.client, request, false)];
    return relation === "asked"
      ? [h("div", { class: "request request--sent" }, h("span", { class: "request__note" }, askedWhen(request.createdAt)), button(gettext("Take back"), "btn--line", () => takeBack(this.client, request)))]
      : [];
  }

  #actions(person, { relation, muted }, chat) {
    const { client } = this;
    const deed = (name, symbol, text, act, main = false) =>
      h("button", { class: `action${main ? " action--main" : ""}`, type: "button", "data-deed": name, onclick: act }, icon(symbol), text);
    const mayWrite = !client.friendsOnly || chat || ["friend", "self"].includes(relation); // a chat there is can be read
    const write = (main) => mayWrite && deed("message", "chat", gettext("Message"), () => message(client, person), main);
    const bell = chat && relation !== "self"
      ? deed("mute", muted ? "bell" : "bell-off", muted ? gettext("Unmute") : gettext("Mute"), () => (muted ? unmute : mute)(client, chat))
      : null;
    if (relation === "blocked") return h("div", { class: "actions" }, deed("unblock", "undo", gettext("Unblock"), () => unblock(client, person), true), bell);
    if (relation === "none") return h("div", { class: "actions" }, deed("add", "user-plus", gettext("Add friend"), () => openAdd(client, person), true), write(false), bell);
    return h("div", { class: "actions" }, write(relation !== "asks"), bell);
  }

  #common() {
    if (!this.#groups.length || this.#person.id === this.client.me.id) return null;
    const row = ({ conversationId, title, members }) =>
      h(
        "li", {},
        h(
          "a", { class: "person", href: `/chat/${conversationId}` },
          avatar({ id: conversationId, name: title, size: 34, group: true, picture: this.client.chats.get(conversationId)?.avatar }),
          h(
            "span", { class: "person__text" }, h("span", { class: "person__name", dir: "auto" }, title),
            h("span", { class: "person__sub" }, format(ngettext("%(count)s member", "%(count)s members", members), { count: members })),
          ),
        ),
      );
    return h("section", { class: "block" }, h("h3", { class: "block__head" }, gettext("Groups in common")), h("ul", {}, ...this.#groups.map(row)));
  }

  #end(person, { relation }) {
    if (relation === "self" || relation === "blocked") return [];
    const { client } = this;
    const name = firstName(person.displayName);
    const row = (deed, symbol, text, sub, act) =>
      h(
        "button", { class: "person person--danger", type: "button", "data-deed": deed, onclick: act }, icon(symbol),
        h("span", { class: "person__text" }, h("span", { class: "person__name" }, text), sub && h("span", { class: "person__sub" }, sub)),
      );
    return [
      h(
        "section", { class: "block" },
        relation === "friend" && row("unfriend", "close", gettext("Remove friend"), gettext("Your chat stays. They are not told."), () => unfriend(client, person)),
        row("block", "block", format(gettext("Block %(name)s"), { name }), gettext("No messages, no requests, no presence. They are not told."), () => block(client, person)),
      ),
    ];
  }
}
