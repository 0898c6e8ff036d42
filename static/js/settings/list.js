// The list of the settings: who I am, the pages, and the ways out.
import { avatar, h, icon, sr } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { signOut } from "../ui/account.js";
import { visit } from "../ui/views.js";
import { languageName } from "./language.js";

const ICONS = {
  profile: "user", devices: "laptop", notifications: "bell", appearance: "sun", blocked: "block", language: "globe",
  shortcuts: "keyboard",
};

export const TITLES = () => ({
  profile: gettext("Profile"),
  devices: gettext("Devices"),
  notifications: gettext("Notifications"),
  appearance: gettext("Appearance"),
  blocked: gettext("Blocked people"),
  language: gettext("Language"),
  shortcuts: gettext("Keyboard shortcuts"),
});

/** Draws it. Returns `mark(name)`: this page is shown; `tell(name, words)`: what stands at the end of its row. */
export function attachList(client) {
  const pane = document.querySelector("[data-settings-list]");
  const me = h("a", { class: "row", href: "/settings/profile" });
  const links = new Map(Object.entries(TITLES()).map(([name, title]) => [name, link(name, title)]));
  const scroll = h(
    "nav", { class: "scroll", "aria-label": gettext("Settings") },
    h("ul", { class: "rows" }, h("li", {}, me)),
    h("ul", { class: "rows" }, ...[...links.values()].map((each) => h("li", {}, each))),
    h(
      "ul", { class: "rows" },
      h("li", {}, h("a", { class: "nav-item", href: "/account" }, icon("lock"), gettext("Password and sign-in"))),
      h("li", {}, h("button", { class: "nav-item settings__out", type: "button", onclick: () => signOut(client) }, icon("logout", "icon--flip"), gettext("Sign out"))),
    ),
  );
  pane.append(scroll);
  scroll.addEventListener("click", open);
  const tell = (name, words) => (links.get(name).querySelector(".num").textContent = words);
  const draw = () => me.replaceChildren(...who(client));
  const name = () => tell("language", languageName(client));
  draw();
  name();
  client.addEventListener("profile", ({ detail }) => detail.userId === client.me.id && draw());
  client.addEventListener("connection", draw);
  client.addEventListener("preferences", name);
  client.addEventListener("people", () => tell("blocked", String(client.people.blocked.size || "")));
  const mark = (current) => {
    for (const [each, element] of links) {
      if (each === current) element.setAttribute("aria-current", "page");
      else element.removeAttribute("aria-current");
    }
  };
  return { mark, tell };
}

const link = (name, title) => h("a", { class: "nav-item", href: `/settings/${name}` }, icon(ICONS[name]), title, h("span", { class: "num" }));

function open(event) {
  const target = event.target.closest('a[href^="/settings/"]');
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  visit(target.pathname);
}

function who({ me, socket }) {
  return [
    avatar({ id: me.id, name: me.displayName, picture: me.avatar }, socket.open ? "online" : ""),
    h(
      "span", { class: "row__main" },
      h("span", { class: "row__name", dir: "auto" }, me.displayName),
      h("span", { class: "row__preview" }, `${me.username} · ${location.host}`),
    ),
    sr(gettext("Profile")),
  ];
}
