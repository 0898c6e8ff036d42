// <sky-pill>: says when there is no connection, and what can be done. It floats over whatever section is open and moves nothing.
import { renameDevice } from "../app/device.js";
import { h, icon } from "../lib/dom.js";
import { format, gettext, ngettext } from "../lib/i18n.js";

const PATIENCE = 5_000; // a shorter interruption is not worth a word
const BACK = 2_000;
const MANY = 20; // missed messages that are worth a number

export class SkyPill extends HTMLElement {
  #said = null;
  #wasDown = false;

  attach(client) {
    this.client = client;
    this.className = "float";
    this.setAttribute("aria-live", "polite"); // there before anything is said, or it would not be heard
    client.addEventListener("connection", () => this.render());
    this.addEventListener("click", (event) => this.#click(event));
    setInterval(() => this.render(), 500);
  }

  render() {
    const view = this.#view();
    const stamp = JSON.stringify({ ...view, small: null });
    if (stamp !== this.#said) {
      this.#said = stamp;
      this.replaceChildren(...(view ? [pill(view)] : []));
      this.#landmark(Boolean(view));
    }
    // The countdown changes each second: only its text, so that the button keeps the focus and nothing is read out again.
    const small = this.querySelector("small");
    if (small && small.textContent !== (view.small ?? "")) small.textContent = view.small ?? "";
  }

  /** A landmark, as long as something is said in it. */
  #landmark(isOne) {
    for (const [name, value] of [["role", "region"], ["aria-label", gettext("Connection")]]) {
      if (isOne) this.setAttribute(name, value);
      else this.removeAttribute(name);
    }
  }

  #view() {
    const { kind, reason, retryAt, downSince } = this.client.socket.state;
    if (kind === "ended") return ended(reason);
    if (kind === "open") return this.#openView();
    if (Date.now() - downSince < PATIENCE) return null;
    this.#wasDown = true;
    const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
    return {
      kind: "offline", icon: "cloud-off", text: gettext("No connection"),
      small: kind === "waiting" ? format(gettext("trying again in %(seconds)s s"), { seconds }) : gettext("trying again"),
      action: kind === "waiting" ? ["now", gettext("Try now")] : null,
    };
  }

  #openView() {
    const { running, missed } = this.client.sync;
    if (running) {
      if (!this.#wasDown && missed < MANY) return null;
      this.#wasDown = true;
      const small = missed ? format(ngettext("%(count)s message", "%(count)s messages", missed), { count: missed }) : "";
      return { kind: "busy", text: gettext("Catching up"), small };
    }
    if (!this.#wasDown) return null;
    this.back ??= setTimeout(() => {
      this.back = null;
      this.#wasDown = false;
      this.render();
    }, BACK);
    return { kind: "back", icon: "check", text: gettext("Back online") };
  }

  #click(event) {
    const action = event.target.closest("[data-action]")?.dataset.action;
    if (action === "now") this.client.socket.retry();
    if (action === "here") {
      renameDevice();
      this.client.socket.start();
    }
    if (action === "sign-in") location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
    if (action === "reload") location.reload();
  }
}

function ended(reason) {
  const lock = { kind: "offline", icon: "lock", alert: true };
  const signedOut = { ...lock, text: gettext("You were signed out on this device"), action: ["sign-in", gettext("Sign in")] };
  return {
    "signed-out": signedOut,
    revoked: signedOut,
    disabled: { ...lock, text: gettext("This account is disabled") },
    "somebody-else": { ...lock, text: gettext("You are signed in as somebody else now"), action: ["reload", gettext("Reload")] },
    replaced: { kind: "offline", icon: "laptop", text: gettext("Opened in another window"), action: ["here", gettext("Use it here")] },
    broken: { ...lock, icon: "alert", text: gettext("The connection was refused"), action: ["reload", gettext("Reload")] },
  }[reason];
}

const pill = (view) =>
  h(
    "span", { class: "pill", "data-kind": view.kind },
    view.icon ? icon(view.icon, "icon--s") : h("span", { class: "spin", "aria-hidden": "true" }),
    h("span", {}, h("span", { role: view.alert ? "alert" : null }, view.text), view.small !== undefined && " ", view.small !== undefined && h("small", { "aria-live": "off" })),
    view.action && h("button", { class: "btn btn--s btn--plain", type: "button", "data-action": view.action[0] }, view.action[1]),
  );

customElements.define("sky-pill", SkyPill);
