// localStorage that may be closed, full or broken: the page works without it, it only forgets.
const PREFIX = "skyeim.";

export function read(key, fallback) {
  try {
    const text = localStorage.getItem(PREFIX + key);
    return text === null ? fallback : JSON.parse(text);
  } catch {
    return fallback;
  }
}

/** Returns whether it was kept. */
export function write(key, value) {
  try {
    if (value === null || value === undefined) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Forget everything whose key begins so. */
export function forget(start) {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX + start)) localStorage.removeItem(key);
  } catch {
    // Nothing is kept, so there is nothing to forget.
  }
}

/** The values of all keys that begin so, by the rest of their names. */
export function all(start) {
  const found = new Map();
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX + start)) found.set(key.slice((PREFIX + start).length), read(key.slice(PREFIX.length), null));
    }
  } catch {
    // Nothing is kept.
  }
  return found;
}

/** Hear what other tabs change below `start`: `heard(rest of the name, value or null)`. */
export function follow(start, heard) {
  addEventListener("storage", ({ key, newValue }) => {
    if (!key?.startsWith(PREFIX + start)) return;
    let value = null;
    try {
      value = JSON.parse(newValue);
    } catch {
      return; // not ours
    }
    // The news may be late: what was taken away since, perhaps by this tab, is away, and nobody will say so again.
    if (value !== null && read(key.slice(PREFIX.length), null) === null) value = null;
    heard(key.slice((PREFIX + start).length), value);
  });
}
