// Settings, profile: one's own picture, chosen or dropped, cut to a square by the server.
import * as api from "../net/api.js";
import { showProfile } from "../app/profiles.js";
import { avatar, h } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { toast } from "../ui/toasts.js";
import { button } from "./parts.js";

const TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];

/** The picture with its buttons. `target`: where a file may be dropped. */
export function picturePart(client, signal, target) {
  const input = h("input", { type: "file", accept: TYPES.join(","), hidden: true });
  const choose = button(gettext("Change picture"), () => input.click());
  const remove = button(gettext("Remove picture"), () => act(() => clear(client)), "btn--danger-plain");
  const status = h("span", { class: "field__hint", role: "status" });
  const part = h("div", { class: "profile__pic" }, h("span"), choose, remove, status, input);
  const draw = () => {
    const { id, displayName: name, avatar: picture } = client.me;
    part.firstChild.replaceWith(avatar({ id, name, size: "88", picture }));
    remove.hidden = !picture;
  };
  const act = async (deed) => {
    for (const one of [choose, remove]) one.disabled = true;
    status.textContent = gettext("One moment…");
    await deed();
    status.textContent = "";
    for (const one of [choose, remove]) one.disabled = false;
  };
  const take = (file) => file && act(() => send(client, file));
  input.addEventListener("change", () => {
    take(input.files[0]);
    input.value = "";
  });
  target.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.items].some(({ kind }) => kind === "file")) return;
    event.preventDefault();
    target.dataset.drop = "";
  });
  target.addEventListener("dragleave", (event) => !target.contains(event.relatedTarget) && delete target.dataset.drop);
  target.addEventListener("drop", (event) => {
    event.preventDefault();
    delete target.dataset.drop;
    take(event.dataTransfer.files[0]);
  });
  client.addEventListener("profile", ({ detail }) => detail.userId === client.me.id && draw(), { signal });
  draw();
  return part;
}

async function send(client, file) {
  if (!TYPES.includes(file.type)) {
    toast(gettext("Choose a JPEG, PNG, WebP or GIF picture."), { error: true });
    return;
  }
  try {
    show(client, await api.upload("me/avatar", file));
  } catch (error) {
    toast(words(error), { error: true });
  }
}

/** Their initials again; the picture may come back, as long as the toast is there. */
async function clear(client) {
  const kept = await fetch(`${client.me.avatar}?size=512`).then((answer) => (answer.ok ? answer.blob() : null)).catch(() => null);
  try {
    show(client, await api.call("DELETE", "me/avatar"));
    toast(gettext("Picture removed"), kept ? { action: gettext("Undo"), act: () => send(client, kept) } : {});
  } catch (error) {
    toast(words(error), { error: true });
  }
}

function show(client, { id, ...shown }) {
  showProfile(client, { userId: id, ...shown });
}

function words({ code }) {
  if (code === "offline") return gettext("Not saved: the server could not be reached.");
  if (code === "bad_attachment") return gettext("This picture can’t be used. It may be broken or too large.");
  return gettext("That did not work. Try again.");
}
