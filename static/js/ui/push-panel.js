// Notifications of this browser, for the settings: whether they are on, why not, a test, and what they are about.
import * as api from "../net/api.js";
import { h, icon } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { toast } from "./toasts.js";

/** An element that shows and changes whether this browser is told of messages while the page is closed. */
export function pushPanel(client) {
  const panel = document.createElement("sky-push-panel");
  panel.attach(client);
  return panel;
}

const SWITCHES = () => [
  ["directs", gettext("Direct chats")],
  ["groups", gettext("Groups")],
];

export class SkyPushPanel extends HTMLElement {
  #busy = false;

  attach(client) {
    this.client = client;
    this.className = "push-panel";
    this.addEventListener("click", ({ target }) => this.#press(target.closest("[data-push]")?.dataset.push));
    this.addEventListener("change", ({ target }) => target.dataset.switch && this.#switch(target));
    this.#load();
  }

  async #load() {
    let state = "failed";
    let switches = null;
    try {
      state = await this.client.push.state();
      if (state !== "unsupported" && !(await api.get("push-subscriptions/key")).publicKey) state = "absent";
      switches = await api.get("push-settings");
    } catch {
      state = "failed";
    }
    this.#show(state, switches);
  }

  #show(state, switches = this.switches) {
    this.state = state;
    this.switches = switches;
    this.dataset.state = state;
    const [words, ...buttons] = view(state);
    const parts = [
      h("p", { class: "push-panel__state", role: state === "failed" ? "alert" : "status" }, icon(state === "on" ? "bell" : "bell-off", "icon--s"), h("span", {}, words)),
      buttons.length && h("div", { class: "push-panel__actions" }, ...buttons),
      state === "on" && switches && this.#choices(switches),
    ];
    this.replaceChildren(...parts.filter(Boolean));
  }

  #choices(switches) {
    return h(
      "fieldset", { class: "push-panel__choices" }, h("legend", {}, gettext("Tell me about")),
      ...SWITCHES().map(([name, label]) =>
        h("label", { class: "check" }, h("input", { type: "checkbox", "data-switch": name, checked: switches[name] }), label)),
    );
  }

  async #press(what) {
    if (!what || this.#busy) return;
    this.#busy = true;
    this.setAttribute("aria-busy", "true");
    try {
      if (what === "again") await this.#load();
      else if (what === "test") await this.#test();
      else this.#show(what === "on" ? await this.client.push.turnOn() : await this.client.push.turnOff());
    } catch (error) {
      toast(problem(error), { error: true });
    }
    this.#busy = false;
    this.removeAttribute("aria-busy");
    this.querySelector("[data-push]")?.focus();
  }

  async #test() {
    const { sent } = await this.client.push.test();
    if (sent) toast(gettext("A test is on its way."));
    else toast(gettext("The push service of this browser did not take the test. Turn notifications off and on again."), { error: true });
  }

  async #switch(input) {
    try {
      this.switches = await api.patch("push-settings", { [input.dataset.switch]: input.checked });
    } catch {
      input.checked = !input.checked;
      toast(gettext("That did not work. Try again."), { error: true });
    }
  }
}

const button = (what, text, primary = false) =>
  h("button", { class: primary ? "btn btn--primary" : "btn", type: "button", "data-push": what }, text);

/** The words for a state, and its buttons. */
function view(state) {
  return {
    unsupported: [gettext("This browser cannot show notifications while SkyeIM is closed. On a phone, add SkyeIM to the home screen first.")],
    absent: [gettext("This server sends no notifications.")],
    blocked: [gettext("The browser blocks notifications of this site. Allow them in its settings, then come back."), button("again", gettext("Look again"))],
    failed: [gettext("The server could not be reached."), button("again", gettext("Try again"))],
    off: [gettext("Notifications are off on this device."), button("on", gettext("Turn on"), true)],
    on: [gettext("Notifications are on: this device tells you of new messages while you are not looking."), button("test", gettext("Send a test")), button("off", gettext("Turn off"))],
  }[state];
}

function problem(error) {
  if (error.code === "forbidden") return gettext("Sign in with “Stay signed in” to get notifications on this device.");
  if (error.code === "rate_limited") return gettext("A test was sent just now. Wait a moment.");
  if (error.code === "offline") return gettext("The server could not be reached.");
  if (error.code === "too_many") return gettext("Too many devices get notifications already. Turn one off first.");
  return gettext("The browser could not be subscribed. Try again later.");
}

customElements.define("sky-push-panel", SkyPushPanel);
