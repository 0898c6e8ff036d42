// The service worker's keeping: the files of this release, and one copy of the page, so that a start without network opens it.
// Answers of the interface are never kept. A classic script: `/sw.js` sets `RELEASE` ({version, static, files}) and imports it.
(() => {
  const { version, static: base, files } = self.RELEASE;
  const ALL = base.replace(/[^/]+\/$/, ""); // of every release
  const FILES = `skyeim-files-${version}`;
  const PAGE = "skyeim-page"; // one copy: of the person that the cookie belongs to, with its words
  const WORDS = "/strings.js";
  const OFFLINE = "/offline";
  const PATIENCE = 5_000; // milliseconds for the server to answer where a copy could
  const AWAY = new Set([502, 503, 504]);

  const isPage = (path) => path === "/" || /^\/chat\/\d+(\/m\/\d+)?$/.test(path);
  const isApp = (answer) => answer.ok && !answer.redirected && answer.headers.has("X-SkyeIM-User");

  self.addEventListener("install", (event) => {
    event.waitUntil(install());
    self.skipWaiting();
  });
  self.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => self.clients.claim())));

  /** All files or none; then the page that belongs to them. */
  async function install() {
    if (!files.length) return;
    const kept = await caches.open(FILES);
    try {
      await kept.addAll([...files, OFFLINE]);
    } catch (error) {
      await caches.delete(FILES);
      throw error; // the browser tries again at the next visit
    }
    const answer = await fetch("/");
    if (!isApp(answer)) return;
    await keep(answer);
    await keepWords(await fetch(WORDS));
  }

  /** A tab may still show the release before this one and ask for more of its files: those stay for one release longer. */
  async function tidy() {
    const names = (await caches.keys()).filter((name) => name.startsWith("skyeim-files-") && name !== FILES);
    const old = files.length ? names.slice(0, -1) : [...names, PAGE]; // in development nothing is kept
    await Promise.all(old.map((name) => caches.delete(name)));
  }

  /** Keep a page of a release whose files are all here; a page without its files would be a broken one. */
  async function keep(answer) {
    const release = answer.headers.get("X-SkyeIM-Release");
    // They are put there all at once: where one is, all are. Another worker may just be fetching them.
    const isWhole = await caches.match(`${ALL}${release}/js/main.js`, { cacheName: `skyeim-files-${release}`, ignoreVary: true });
    if (!files.length || !isWhole) return;
    const page = await caches.open(PAGE);
    await page.put("/", answer);
  }

  /** The words that the copy needs, in its language: the page asks for them right after it came. */
  async function keepWords(answer) {
    if (answer.ok && (await caches.has(PAGE))) await (await caches.open(PAGE)).put(WORDS, answer);
  }

  const copy = (path) => caches.match(path, { cacheName: PAGE });

  /** The network's answer; where there is none in time (or only a proxy that reaches no server), the copy. */
  async function page(event) {
    const stored = await copy("/");
    const asked = fetch(event.request);
    let answer;
    try {
      answer = await (stored ? inTime(asked) : asked);
    } catch {
      return stored ?? (await caches.match(OFFLINE)) ?? Response.error();
    }
    if (stored && AWAY.has(answer.status)) return stored;
    if (isApp(answer)) event.waitUntil(keep(answer.clone()));
    else if (answer.type === "opaqueredirect" || answer.redirected) await caches.delete(PAGE); // signed out
    return answer;
  }

  const inTime = (asked) =>
    new Promise((resolve, reject) => {
      asked.then(resolve, reject);
      setTimeout(() => reject(new Error("late")), PATIENCE);
    });

  async function words(event) {
    let answer;
    try {
      answer = await inTime(fetch(event.request));
    } catch {
      return (await copy(WORDS)) ?? Response.error();
    }
    event.waitUntil(keepWords(answer.clone()));
    return answer;
  }

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (origin !== location.origin) return;
    if (request.mode === "navigate") {
      if (pathname === "/sign-out" || pathname === "/sign-in") event.waitUntil(caches.delete(PAGE));
      else if (isPage(pathname) && request.method === "GET" && files.length) event.respondWith(page(event));
    } else if (request.method === "GET" && pathname === WORDS && files.length) {
      event.respondWith(words(event));
    } else if (request.method === "GET" && pathname.startsWith(ALL) && files.length) {
      event.respondWith(caches.match(request, { ignoreVary: true }).then((found) => found ?? fetch(request)));
    }
  });
})();
