// The window's title and icon say how many chats are unread, and the rail's badge says the same.
import { gettext } from "../lib/i18n.js";
import { unreadLabel, titleOf } from "./words.js";

export function attachTitle(client) {
  const link = document.querySelector('link[rel="icon"]');
  const badge = document.querySelector("[data-unread-total]");
  const plain = link.href;
  let dotted = null;
  let shown = -1;

  async function update() {
    const count = client.unreadChats;
    const section = { people: gettext("People"), settings: gettext("Settings") }[document.body.dataset.section];
    const place = section ?? (client.selected ? titleOf(client.selected) : "");
    const name = place && `${place} · `;
    document.title = `${count ? `(${count}) ` : ""}${name}SkyeIM`;
    badge.hidden = !count;
    badge.textContent = count > 99 ? "99+" : String(count);
    badge.setAttribute("aria-label", unreadLabel(count));
    if (Boolean(count) === Boolean(shown) && shown >= 0) return;
    shown = count;
    if (count) dotted ??= await withDot(plain).catch(() => plain);
    link.href = shown ? dotted : plain;
  }
  for (const type of ["list", "select", "section"]) client.addEventListener(type, update);
  update();
}

/** The icon with a dot in its corner, drawn here: no second file to keep in step. */
async function withDot(href) {
  const image = new Image();
  image.src = href;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, 64, 64);
  context.fillStyle = "#be222a";
  context.beginPath();
  context.arc(50, 14, 13, 0, 2 * Math.PI);
  context.fill();
  return canvas.toDataURL();
}
