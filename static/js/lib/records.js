// IndexedDB with promises. Closed, full or broken, it only forgets: every call then resolves to nothing.
const NAME = "skyeim";
const STORE = "memory";

let opened = null;

/** The database, or null. Keys are arrays that begin with the person's id. */
function open() {
  opened ??= new Promise((resolve) => {
    let request;
    try {
      request = indexedDB.open(NAME, 1);
    } catch {
      resolve(null);
      return;
    }
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onerror = request.onblocked = () => resolve(null);
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
  });
  return opened;
}

/** Do `work(store)` in a transaction; resolves to what it returns when that has been written, or to null. */
async function transact(mode, work) {
  const database = await open();
  if (!database) return null;
  return new Promise((resolve) => {
    try {
      const transaction = database.transaction(STORE, mode);
      let result = null;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = transaction.onerror = () => resolve(null);
      result = work(transaction.objectStore(STORE));
    } catch {
      resolve(null);
    }
  });
}

const ofPerson = (id) => IDBKeyRange.bound([id], [id, []]);

/** All records of a person: `[{key, value}]`, keys without the person; null where nothing is kept. */
export async function all(id) {
  const found = [];
  const done = await transact("readonly", (store) => {
    store.openCursor(ofPerson(id)).onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      found.push({ key: cursor.key[1], value: cursor.value });
      cursor.continue();
    };
    return true;
  });
  return done ? found : null;
}

/** In one go: forget all of a person's records if `anew`, then put (or with null delete) those of `changes`, [key, value]. */
export const write = (id, changes, { anew = false } = {}) =>
  transact("readwrite", (store) => {
    if (anew) store.delete(ofPerson(id));
    for (const [key, value] of changes) {
      if (value === null) store.delete([id, key]);
      else store.put(value, [id, key]);
    }
    return true;
  });

/** Forget a person. */
export const forget = (id) => transact("readwrite", (store) => (store.delete(ofPerson(id)), true));

/** Forget everybody but one. */
export const forgetOthers = (id) =>
  transact("readwrite", (store) => {
    store.delete(IDBKeyRange.upperBound([id], true));
    store.delete(IDBKeyRange.lowerBound([id, []], true));
    return true;
  });
