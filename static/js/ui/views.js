// Which conversation is open, as the address says; on a phone also which column is shown.

let client = null;

/** Follow the address from now on, back and forward included. */
export function follow(theClient) {
  client = theClient;
  addEventListener("popstate", show);
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
  else {
    history.replaceState(null, "", "/");
    show();
  }
}

async function show() {
  const id = Number(location.pathname.match(/^\/chat\/(\d+)$/)?.[1] ?? 0);
  document.body.dataset.view = id ? "thread" : "list";
  const chat = id ? await client.find(id).catch(() => null) : null;
  if (id && !chat) {
    history.replaceState(null, "", "/");
    document.body.dataset.view = "list";
  }
  client.select(chat);
}
