// Being told of messages while the page is closed: this browser's subscription at its push service, and the server's record of it.
import * as api from "../net/api.js";
import * as storage from "../lib/storage.js";

const isSupported = () => "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

async function registration() {
  const found = await navigator.serviceWorker.getRegistration("/");
  return found && navigator.serviceWorker.ready;
}

const same = (one, other) => one?.byteLength === other.byteLength && new Uint8Array(one).every((byte, at) => byte === other[at]);

export class Push {
  constructor(client) {
    this.client = client;
    this.key = `push.${client.me.id}`; // when this person last turned it on here
  }

  /** What can be said of this browser: "unsupported", "blocked", "off" or "on". Raises ApiError. */
  async state() {
    if (!isSupported() || !(await registration())) return "unsupported";
    if (Notification.permission === "denied") return "blocked";
    if (!storage.read(this.key, 0) || Notification.permission !== "granted") return "off";
    return (await (await registration()).pushManager.getSubscription()) ? "on" : "off";
  }

  /** Turn it on: asks the person, the push service, then the server. Returns the state. Raises ApiError, DOMException. */
  async turnOn() {
    if ((await Notification.requestPermission()) !== "granted") return this.state();
    const { publicKey } = await api.get("push-subscriptions/key");
    const key = bytes(publicKey);
    const { pushManager } = await registration();
    let subscription = await pushManager.getSubscription();
    if (subscription && !same(subscription.options.applicationServerKey, key)) {
      await subscription.unsubscribe(); // the server has another key since
      subscription = null;
    }
    subscription ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    await api.post("push-subscriptions", subscription.toJSON());
    storage.write(this.key, Date.now());
    return "on";
  }

  /** Turn it off in this browser. */
  async turnOff() {
    storage.write(this.key, null);
    await this.#drop();
    await api.call("DELETE", "push-subscriptions");
    return "off";
  }

  /** Send a test. Raises ApiError. */
  test = () => api.post("push-subscriptions/test");

  async #drop() {
    const subscription = await (await registration())?.pushManager.getSubscription();
    await subscription?.unsubscribe();
  }

  /** At the start: keep what this person wants here, end what another person wanted, and take away what has been read. */
  async attach() {
    if (!isSupported()) return;
    const { client } = this;
    navigator.serviceWorker.addEventListener("message", ({ data }) => {
      if (data?.type === "go" && !client.gone) client.tell("go", { id: data.conversationId });
    });
    client.addEventListener("list", () => this.#tidy());
    try {
      // The server's record ended with the session that made it: whoever has signed in again wants it again.
      if (!storage.read(this.key, 0)) await this.#drop();
      else if (Notification.permission === "granted") await this.turnOn();
    } catch {
      // Offline, or the push service is away: the next start tries again.
    }
  }

  /** What has been read here or elsewhere needs no notification any more. */
  #tidy() {
    this.timer ??= setTimeout(async () => {
      this.timer = null;
      const { client } = this;
      if (client.gone || !client.socket.open || client.sync.running) return;
      for (const one of (await (await registration())?.getNotifications()) ?? []) {
        const { conversationId, seq } = one.data ?? {};
        if (!conversationId) continue;
        const chat = client.chats.get(conversationId);
        if (!chat || chat.readSeq >= seq) one.close();
      }
      await navigator.setAppBadge?.(client.unreadChats).catch(() => null);
    }, 500);
  }

  /** The person has left: nothing is shown and nothing comes any more. `isOver`: they will have to turn it on again. */
  async close({ isOver }) {
    if (!isSupported()) return;
    try {
      if (isOver) storage.write(this.key, null);
      for (const one of (await (await registration())?.getNotifications()) ?? []) one.close();
      await navigator.clearAppBadge?.();
      if (isOver) await this.#drop();
    } catch {
      // Without a worker there is nothing to end.
    }
  }
}
