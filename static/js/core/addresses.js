// Where addresses of the web are in a text. No DOM.
const ADDRESS = /https?:\/\/(?:(?!\]\()[^\s<>"'“”‘’`\u3000-\u3003\u3008-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]){1,2048}|mailto:[^\s<>"'`()[\]@]{1,64}@[^\s<>"'`()[\],;]{1,255}/iuy;
const TRAILING = new Set(".,;:!?…、)]}>*_~|");
const CJK_HOST = /^(https?:\/\/[\w.-]+\.[a-z]{2,24})[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/iu;
const HOSTLIKE = /^(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?=$|[/:?#])/iu;
const LONGEST = 2048; // characters

/** The address that begins at `at`, without the punctuation of its sentence; "" when there is none. */
export function addressAt(text, at) {
  ADDRESS.lastIndex = at;
  const found = ADDRESS.exec(text)?.[0] ?? "";
  const address = trimmed(found.match(CJK_HOST)?.[1] ?? found);
  return isAddress(address) ? address : "";
}

/** Whether a link may lead there: http, https and mailto, nothing else. */
export const isAddress = (text) => text.length <= LONGEST && /^(?:https?:\/\/[^/?#]|mailto:[^\s@]+@.)/iu.test(text) && URL.canParse(text);

/** A closing bracket belongs to the address when it holds the opening one. */
function trimmed(address) {
  let open = 0;
  for (const one of address) open += one === "(" ? 1 : one === ")" ? -1 : 0;
  let end = address.length;
  for (; TRAILING.has(address[end - 1]); end -= 1) {
    if (address[end - 1] !== ")") continue;
    if (open >= 0) break;
    open += 1;
  }
  return address.slice(0, end);
}

/** Whether the words of a link name one place while it leads to another: nobody is led astray. */
export function misleads(words, href) {
  const named = words.trim().replace(/^https?:\/\//iu, "").match(HOSTLIKE)?.[0];
  return Boolean(named) && !/^mailto:/iu.test(href) && bare(named) !== bare(new URL(href).hostname);
}

const bare = (host) => host.toLowerCase().replace(/^www\./u, "");
