// The log shows more where one scrolls to an edge of what it shows, and goes to a message wherever that is.
import { gettext } from "../lib/i18n.js";
import { shownMessages } from "./log-draw.js";
import { fromEnd, steady } from "./scroll.js";
import { toast } from "./toasts.js";

const RING = 1_600; // milliseconds that the one is marked to which a jump has led

/** Near an edge of what is shown, show more. At the very top nothing scrolls any more: whoever tries to asks all the same. */
export async function fill(view) {
  const { log } = view;
  if (!view.isConnected || !view.landed || view.jumping) return;
  if (log.scrollTop < log.clientHeight && !view.paging) await older(view);
  if (fromEnd(log) >= log.clientHeight) return;
  if (!view.window.atEnd) newer(view);
  else if (view.chat.excursion && !view.paging) await further(view);
}

/** Show older messages: those held already, else the next page. */
async function older(view) {
  const { client, chat, window } = view;
  view.paging = true;
  try {
    if (window.start === 0) {
      if (chat.excursion?.atStart) return;
      view.busy(true);
      const brought = await (chat.excursion ? client.around.older(chat) : client.history.older(chat));
      if (!brought) view.busy(false);
      if (!brought || !view.isConnected) return;
      window.shift(brought);
      if (!chat.excursion) view.line.look(chat);
    }
    const messages = shownMessages(client, chat);
    window.older(messages.length);
    view.quietly(() => steady(view.log, () => view.draw(messages), { follow: performance.now() < view.held }));
    requestAnimationFrame(() => view.scrolled()); // a short page may leave the top in view
  } finally {
    view.paging = false;
  }
}

function newer(view) {
  const messages = shownMessages(view.client, view.chat);
  view.window.newer(messages.length);
  view.quietly(() => steady(view.log, () => view.draw(messages)));
}

/** The end of an excursion is near: the page after it, or the newest messages where it meets them. */
async function further(view) {
  const { client, chat } = view;
  const { length } = chat.excursion.messages;
  view.paging = true;
  try {
    view.busy(true);
    const brought = await client.around.newer(chat);
    if (!view.isConnected || (!brought && chat.excursion)) {
      view.busy(false);
      return;
    }
    view.window.end = length; // what has come is below it
    newer(view);
  } finally {
    view.paging = false;
  }
}

/** Go to the message with this seq, and mark it for a moment. */
export async function jumpTo(view, seq) {
  const { client, chat, log } = view;
  view.jumping = true;
  try {
    await landed(view);
    const found = await client.around.go(chat, seq);
    if (!view.isConnected) return;
    if (found) show(view, seq);
    else toast(gettext("This message is not there any more."), { error: true });
  } catch ({ code }) {
    toast(code === "offline" ? gettext("The server could not be reached.") : gettext("This message could not be opened."), { error: true });
  } finally {
    view.jumping = false;
    if (view.isConnected && log.isConnected) view.scrolled();
  }
}

function show(view, seq) {
  const messages = shownMessages(view.client, view.chat);
  const at = messages.findIndex((message) => message.seq === seq);
  view.held = 0;
  view.window.showFrom(at, messages.length);
  view.quietly(() => view.draw(messages));
  const element = view.log.querySelector(`[data-seq="${seq}"]`);
  if (!element) return;
  element.scrollIntoView({ block: "center" });
  element.focus({ preventScroll: true });
  element.classList.add("is-target");
  setTimeout(() => view.log.querySelector(".is-target")?.classList.remove("is-target"), RING);
}

/** The first look at the chat has been taken: a jump comes after it. */
const landed = (view) =>
  new Promise((resolve, reject) => {
    const look = () => {
      if (view.landed) resolve();
      else if (!view.isConnected || view.chat.problem) reject(view.chat.problem ?? { code: "" });
      else setTimeout(look, 30);
    };
    look();
  });
