// Tells the server whether somebody looks at this page: while nobody does, messages are pushed to the person's devices. A page
// that is in view on a machine that nobody touches is not looked at.

const IDLE = 180_000; // milliseconds without a key or a movement
const SIGNS = ["pointermove", "pointerdown", "keydown", "wheel", "touchstart"];

export class Looking {
  #told = true; // the server takes a connection of which nothing is said for one that is looked at
  #active = Date.now();

  constructor(client) {
    this.client = client;
  }

  /** Follow the person from now on. */
  attach() {
    const { client } = this;
    client.socket.addEventListener("state", ({ detail: { kind } }) => kind !== "open" && (this.#told = true));
    client.addEventListener("connection", () => this.#tell());
    document.addEventListener("visibilitychange", () => this.#seen());
    addEventListener("focus", () => this.#seen());
    for (const sign of SIGNS) addEventListener(sign, () => this.#seen(), { passive: true, capture: true });
    setInterval(() => this.#tell(), IDLE / 6);
  }

  get looking() {
    return document.visibilityState === "visible" && Date.now() - this.#active < IDLE;
  }

  #seen() {
    this.#active = Date.now();
    this.#tell();
  }

  #tell() {
    const { looking } = this;
    if (looking === this.#told || !this.client.socket.open) return;
    if (this.client.socket.send("looking", { looking })) this.#told = looking;
  }
}
