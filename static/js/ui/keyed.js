// Keeps the children of an element equal to a list, by key, and touches only what changed.

const KEY = Symbol("key");
const STAMP = Symbol("stamp");

/**
 * `items`: `{key, stamp, make()}` in order. A child with the same key and stamp stays as it is; with another stamp it is
 * made anew in its place; `update(child, item)`, where given, may change it instead and returns true.
 */
export function keep(parent, items, update = () => false) {
  const active = parent.contains(document.activeElement) ? document.activeElement : null;
  const holder = active && [...parent.children].find((child) => child.contains(active));
  const focusKey = holder?.[KEY];
  const focusAt = [...parent.children].indexOf(holder);
  const known = new Map();
  for (const child of [...parent.children]) {
    if (child[KEY] === undefined) child.remove();
    else known.set(child[KEY], child);
  }
  const wanted = new Set(items.map((item) => item.key));
  for (const [key, child] of known) if (!wanted.has(key)) child.remove();
  let place = parent.firstElementChild;
  for (const item of items) {
    let child = known.get(item.key);
    if (child && child[STAMP] !== item.stamp && !update(child, item)) {
      const fresh = item.make();
      if (child === place) place = fresh;
      child.replaceWith(fresh);
      child = fresh;
    }
    child ??= item.make();
    child[KEY] = item.key;
    child[STAMP] = item.stamp;
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
  if (active && document.activeElement !== active) refocus(parent, active, focusKey, focusAt);
}

/**
 * Who had the focus was moved, made anew or taken away: it goes on there or to the neighbour, so that the keyboard does not
 * fall out of the list.
 */
function refocus(parent, active, key, at) {
  const children = [...parent.children];
  const child = children.find((one) => one[KEY] === key) ?? children[Math.min(at, children.length - 1)];
  const target = active.isConnected ? active : child?.matches("[tabindex]") ? child : child?.querySelector("a[href], button, [tabindex]");
  target?.focus({ preventScroll: true });
}
