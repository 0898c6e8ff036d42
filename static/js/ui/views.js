// Which conversation is open, as the address says; on a phone also which column is shown.

let client = null;

/** Follow the address from now on, back and forward included. */
export function follow(theClient) {
  client = theClient;
  addEventListener("popstate", show);
  client.addEventListener("select", () => !client.selected && wanted() && leave());
  // The chat of the address could not be asked for, and has come with the list now.
  client.addEventListener("list", () => !client.selected && client.chats.has(wanted()) && show());
  return show();
}

/** Open a conversation. */
export function go(id) {
  if (location.pathname !== `/chat/${id}`) history.pushState({ inside: true }, "", `/chat/${id}`);
  return show();
}

/** Back to the list, as the browser's own button would go. */
export function back() {
  if (history.state?.inside) history.back();
  else leave();
}

const wanted = () => Number(location.pathname.match(/^\/chat\/(\d+)$/)?.[1] ?? 0);

/** The open chat is gone, or was never there. */
function leave() {
  history.replaceState(null, "", "/");
  return show();
}

async function show() {
  const id = wanted();
  document.body.dataset.view = id ? "thread" : "list";
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
  if (chat) client.select(chat);
  else leave();
}
