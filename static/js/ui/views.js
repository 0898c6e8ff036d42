// Which section is shown and what is open in it, as the address says; on a phone also which column is shown.

let client = null;
const sections = new Map();
const last = new Map(); // where each section was left
let before = null; // the address that was shown last
const phone = matchMedia("(width < 700px)");

/** A section beside the chats: `show(rest)` draws what follows its name in the address, "" when nothing does. */
export function register(name, show) {
  sections.set(name, show);
}

/** Follow the address from now on, back and forward included. */
export function follow(theClient) {
  client = theClient;
  addEventListener("popstate", show);
  document.querySelector(".rail").addEventListener("click", turn);
  phone.addEventListener("change", landmark);
  client.addEventListener("select", () => !client.selected && !client.gone && wanted() && leave());
  // The chat of the address could not be asked for, and has come with the list now.
  client.addEventListener("list", () => !client.selected && client.chats.has(wanted()) && show());
  return show();
}

/**
 * On a phone one column takes the other's place, and what had the focus is away: it goes to the way back, or to the row that
 * was open. The page as it was loaded leaves it where it is.
 */
function settle(from) {
  const lost = document.activeElement === document.body || !document.activeElement?.checkVisibility();
  if (!phone.matches || from === null || from === location.pathname || !lost) return;
  const pane = document.querySelector(`[data-in~="${document.body.dataset.section}"]${document.body.dataset.view === "list" ? ".list-pane" : ":not(.list-pane)"}`);
  const target = document.body.dataset.view === "list" ? pane?.querySelector(`a[href="${from}"]`) : pane?.querySelector(".back");
  target?.focus({ preventScroll: true });
}

/** Open a conversation. */
export const go = (id) => visit(`/chat/${id}`);

/** Open an address of the page: `/people`, `/people/7`, `/settings/devices`. */
export function visit(path) {
  if (location.pathname !== path) history.pushState({ inside: true }, "", path);
  return show();
}

/** A section was chosen: where it was left, or its list when it is shown already and on a phone, which has no second column. */
function turn(event) {
  const link = event.target.closest("[data-section]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const name = link.dataset.section;
  const again = name === place().section || phone.matches;
  visit((!again && last.get(name)) || link.pathname);
}

/** Show what is open in more detail, in a window that has no column for it: going back closes it again. */
export function openDetails() {
  history.pushState({ inside: true, details: true }, "", location.pathname);
  view("details");
}

/** Back to the list, as the browser's own button would go. */
export function back() {
  if (history.state?.inside) history.back();
  else leave();
}

const CHAT = /^\/chat\/(\d+)(?:\/m\/(\d+))?$/;

const wanted = () => Number(location.pathname.match(CHAT)?.[1] ?? 0);

/** Whether an address is one of this page's own. */
export const isInside = (path) => path === "/" || CHAT.test(path) || sections.has(path.split("/")[1]);

/** What is open is gone, or was never there: back to the list of its section. */
export function leave() {
  const { section } = place();
  history.replaceState(null, "", section === "chats" ? "/" : `/${section}`);
  return show();
}

function place() {
  const [name, rest = ""] = location.pathname.slice(1).split("/");
  return sections.has(name) ? { section: name, rest } : { section: "chats", rest: "" };
}

function turned() {
  const { section, rest } = place();
  document.body.dataset.section = section;
  last.set(section, location.pathname);
  for (const pane of document.querySelectorAll("[data-in]")) pane.hidden = !pane.dataset.in.split(" ").includes(section);
  for (const link of document.querySelectorAll("[data-section]")) {
    if (link.dataset.section === (section === "join" ? "chats" : section)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  client.tell("section");
  return { section, rest };
}

/** Which column is shown on a phone. There the list is alone, and so what the page is about. */
function view(name) {
  document.body.dataset.view = name;
  landmark();
  client.tell("view");
}

function landmark() {
  const alone = phone.matches && document.body.dataset.view === "list";
  for (const list of document.querySelectorAll(".list-pane")) list.setAttribute("role", alone ? "main" : "region");
}

async function show() {
  if (client.gone) return; // the address stays, for whoever signs in again
  const from = before;
  before = location.pathname;
  await draw();
  settle(from);
}

async function draw() {
  const { section, rest } = turned();
  if (section !== "chats") {
    view(rest ? "thread" : "list");
    client.select(null); // what is not on the screen is not read
    sections.get(section)(rest);
    return;
  }
  const id = wanted();
  view(id ? (history.state?.details ? "details" : "thread") : "list");
  if (!id) {
    client.select(null);
    return;
  }
  let chat;
  try {
    chat = await client.find(id);
  } catch {
    return; // not reached: the list may bring it
  }
  if (wanted() !== id) return; // the person has gone on meanwhile
  if (!chat) {
    leave();
    return;
  }
  client.select(chat);
  const seq = Number(location.pathname.match(CHAT)[2] ?? 0);
  if (!seq) return;
  history.replaceState(history.state, "", `/chat/${id}`); // once there, the address is that of the chat
  last.set("chats", location.pathname);
  client.tell("jump", { id, seq });
}
