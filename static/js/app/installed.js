// This page as an installed one: the service worker that opens it without a network, and what it keeps of the person.

const PAGE = "skyeim-page"; // the worker's copy of the page, which names the person

/** Register the worker. Without one (no HTTPS, a private window) the page works all the same, with a network. */
export function attachInstalled() {
  navigator.serviceWorker?.register("/sw.js", { updateViaCache: "none" }).catch(() => null);
}

/** Nothing of a person stays with the worker; without a name, of nobody. A copy that is somebody else's by now is theirs. */
export async function forgetPage(id = null) {
  try {
    const copy = await caches.match("/", { cacheName: PAGE });
    if (id === null || copy?.headers.get("X-SkyeIM-User") === String(id)) await caches.delete(PAGE);
  } catch {
    // No caches here, so there is no copy.
  }
}
