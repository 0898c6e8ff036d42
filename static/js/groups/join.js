// The page that a link into a group leads to: what it is, and the button that joins.
import { avatar, h, icon, sr } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { toast } from "../ui/toasts.js";
import { back, go, register } from "../ui/views.js";
import { members } from "../ui/words.js";
import { trouble } from "../people/words.js";
import { follow, invited } from "./deeds.js";
import { refusal } from "./words.js";

export function attachJoin(client) {
  const pane = document.querySelector("[data-join-page]");
  let asked = 0;

  const put = (...content) =>
    pane.replaceChildren(
      h("header", { class: "pane-head only-phone" }, h("button", { class: "icon-btn back", type: "button", onclick: back }, icon("back", "icon--flip"), sr(gettext("Back to chats")))),
      h("div", { class: "blank blank--contours" }, ...content),
    );
  const home = () => h("a", { class: "btn btn--primary", href: "/" }, gettext("Back to chats"));

  register("join", async (code) => {
    const mine = (asked += 1);
    pane.replaceChildren();
    try {
      const group = await invited(code);
      if (mine === asked) show(group, code);
    } catch (error) {
      if (mine !== asked || client.gone) return;
      if (error.code === "not_found") put(h("h1", {}, gettext("This link has ended")), h("p", {}, gettext("Ask whoever gave it to you for another one.")), home());
      else put(h("h1", {}, gettext("This did not load")), h("p", {}, trouble(error)), h("button", { class: "btn btn--primary", type: "button", onclick: () => location.reload() }, gettext("Try again")));
    }
  });

  function show(group, code) {
    const join = h("button", { class: "btn btn--primary", type: "button" }, group.isMember ? gettext("Open the group") : gettext("Join the group"));
    join.addEventListener("click", async () => {
      if (group.isMember) return go(group.conversationId);
      join.disabled = true;
      try {
        await follow(client, code);
      } catch (error) {
        join.disabled = false;
        toast(refusal(error), { error: true });
      }
      return null;
    });
    put(
      avatar({ id: group.conversationId, name: group.title, size: 88, group: true, picture: group.avatar }),
      h("h1", { dir: "auto" }, group.title), h("p", {}, members(group.memberCount)), group.description && h("p", { dir: "auto" }, group.description),
      group.isMember && h("p", {}, gettext("You are in this group already.")), join,
    );
    join.focus();
  }
}
