// The list of emoji, fetched when it is first needed, and what this browser remembers: those used last, and the skin tone.
import { entry } from "../core/emoji.js";
import * as storage from "../lib/storage.js";
import * as api from "../net/api.js";

const RECENT = "emoji.recent";
const TONE = "emoji.tone";
const MOST = 32;
let list = null;

/** Promise of `[{id, entries}]`. Raises ApiError; the next call tries again. */
export function groups() {
  list ??= api.call("GET", "emoji").then(
    ({ groups: found }) => found.map(({ id, emoji }) => ({ id, entries: emoji.map(entry) })),
    (error) => {
      list = null;
      throw error;
    },
  );
  return list;
}

/** Promise of all of them in one list. */
export const all = async () => (await groups()).flatMap(({ entries }) => entries);

const isText = (one) => typeof one === "string" && one.length <= 32;

/** Those used last, the last one first. */
export const recent = () => [storage.read(RECENT, [])].flat().filter(isText).slice(0, MOST);

export const used = (text) => storage.write(RECENT, [text, ...recent().filter((one) => one !== text)].slice(0, MOST));

/** The skin tone: 0 is none, 1 to 5 from light to dark. */
export const tone = () => [1, 2, 3, 4, 5].find((one) => one === storage.read(TONE, 0)) ?? 0;

export const setTone = (one) => storage.write(TONE, one || null);
