// The service worker's telling: what was pushed is shown, one notification a chat, and a click leads there.
(() => {
  const PAGE = "skyeim-page";
  const base = self.RELEASE.static;
  const tag = (id) => `chat-${id}`;
  let turn = Promise.resolve();

  /** Whose page this browser keeps; null when it keeps none, then whoever subscribed is believed. */
  async function person() {
    const copy = await caches.match("/", { cacheName: PAGE });
    return copy ? Number(copy.headers.get("X-SkyeIM-User")) : null;
  }

  self.addEventListener("push", (event) => {
    let told = null;
    try {
      told = event.data?.json() ?? null;
    } catch {
      // Not ours: nothing can be said of it, but something must be shown.
    }
    turn = turn.catch(() => null).then(() => show(told)); // one after the other: each looks at what the last one has shown
    event.waitUntil(turn);
  });

  async function show(told) {
    const whose = await person();
    const isForeign = !told || (whose !== null && whose !== told.userId);
    const options = { icon: `${base}icons/icon-192.png`, badge: `${base}icons/badge-96.png` };
    if (isForeign) {
      // Somebody else uses this browser now. A push must show something, and this says nothing.
      await self.registration.showNotification("SkyeIM", { ...options, tag: "skyeim", silent: true });
      return;
    }
    if (told.type !== "message") {
      await self.registration.showNotification(told.title, { ...options, body: told.body, tag: "test" });
      return;
    }
    const shown = await self.registration.getNotifications();
    const unread = new Set(told.unread.map(tag));
    for (const one of shown) if (one.tag.startsWith("chat-") && !unread.has(one.tag)) one.close(); // read elsewhere
    const before = shown.find((one) => one.tag === tag(told.conversationId));
    const isRepeated = before?.data?.seq >= told.seq;
    // A push that was overtaken must show something too: the newer one again, in silence.
    const newest = before?.data?.seq > told.seq ? { title: before.title, body: before.body, at: before.timestamp, seq: before.data.seq } : told;
    await self.registration.showNotification(newest.title, {
      ...options, body: newest.body, tag: tag(told.conversationId), renotify: !isRepeated, silent: isRepeated,
      timestamp: newest.at, data: { conversationId: told.conversationId, seq: newest.seq },
    });
    await self.navigator.setAppBadge?.(told.unread.length).catch(() => null);
  }

  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(go(event.notification.data?.conversationId));
  });

  /** To the chat: in an open tab of ours, preferably the one that was used last; else in a new one. */
  async function go(id) {
    const path = id ? `/chat/${id}` : "/";
    const tabs = await self.clients.matchAll({ type: "window" });
    const ours = tabs.filter((tab) => /^\/(chat\/\d+)?$/.test(new URL(tab.url).pathname));
    const tab = ours.find((one) => one.focused) ?? ours.find((one) => one.visibilityState === "visible") ?? ours[0];
    if (!tab) {
      await self.clients.openWindow(path);
      return;
    }
    if (id) tab.postMessage({ type: "go", conversationId: id });
    await tab.focus();
  }
})();
