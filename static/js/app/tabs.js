// Which chats the tabs of this browser have before their person's eyes, and which tab speaks for all of them: makes the sound,
// shows the notification. Tabs tell each other; where that is not possible, each is on its own.
const LOCK = "skyeim.speaker.";

export class Tabs {
  /** Whether this tab speaks for all. */
  speaks = !navigator.locks; // without locks (no HTTPS) nobody can be chosen
  #id = crypto.randomUUID?.() ?? String(Math.random());
  #elsewhere = null; // the chat that another tab has before somebody's eyes: one tab has, at most
  #teller = null;
  #channel = null;
  #last = null;
  #release = null;
  #competes = false;

  constructor(client) {
    this.client = client;
    if ("BroadcastChannel" in globalThis) {
      this.#channel = new BroadcastChannel(`skyeim.tabs.${client.me.id}`);
      this.#channel.onmessage = ({ data }) => this.#heard(data);
      this.#channel.postMessage({ ask: this.#id });
    }
    this.#compete();
    client.addEventListener("connection", () => this.#compete());
    addEventListener("focus", () => {
      this.#elsewhere = null; // whatever happened to the tab that said so
      this.#tell();
    });
    addEventListener("blur", () => this.#tell());
    addEventListener("pagehide", () => this.#say(null));
    addEventListener("pageshow", () => this.#tell());
    document.addEventListener("visibilitychange", () => this.#tell());
    client.addEventListener("select", () => this.#tell());
  }

  /** Whether a chat is before the person's eyes in any tab. */
  at(chatId) {
    return this.here === chatId || this.#elsewhere === chatId;
  }

  /** The chat before their eyes in this tab, or null. */
  get here() {
    const isSeen = document.visibilityState === "visible" && document.hasFocus();
    return isSeen && !this.client.gone ? (this.client.selected?.id ?? null) : null;
  }

  /** Be the one that speaks as soon as no other tab does, and no longer than this one has a connection to hope for. */
  #compete() {
    const isOver = this.client.socket.state.kind === "ended";
    if (isOver) this.#release?.();
    if (isOver || this.#competes || !navigator.locks) return;
    this.#competes = true;
    navigator.locks.request(LOCK + this.client.me.id, () => this.#speak()).catch(() => null).finally(() => {
      this.speaks = this.#competes = false;
    });
  }

  #speak() {
    if (this.client.socket.state.kind === "ended") return null;
    this.speaks = true;
    return new Promise((resolve) => (this.#release = resolve));
  }

  #tell() {
    if (this.here !== this.#last) this.#say(this.here);
  }

  #say(chatId) {
    this.#last = chatId;
    this.#channel?.postMessage({ tab: this.#id, chatId });
  }

  #heard({ ask, tab, chatId }) {
    if (ask) this.#say(this.here);
    else if (chatId !== null) [this.#elsewhere, this.#teller] = [chatId, tab];
    else if (tab === this.#teller) this.#elsewhere = null;
  }
}
