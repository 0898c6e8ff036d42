// Where chats and groups begin: the menu at the head of the list, and what leads there from elsewhere.
import { gettext } from "../lib/i18n.js";
import { openAdd } from "../people/add.js";
import { openMenu } from "../ui/menu.js";
import { openCreate } from "./create.js";
import { openFind } from "./find.js";
import { attachJoin } from "./join.js";

export function attachGroups(client, switcher) {
  attachJoin(client);
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-new-chat]");
    if (button) {
      openMenu(button, [
        { icon: "chat", text: gettext("New chat"), act: () => switcher.open() },
        { icon: "people", text: gettext("New group"), act: () => openCreate(client) },
        null,
        { icon: "user-plus", text: gettext("Add a friend"), act: () => openAdd(client) },
        { icon: "search", text: gettext("Find groups"), act: () => openFind(client) },
      ]);
    }
    if (target.closest("[data-new-group]")) openCreate(client);
    if (target.closest("[data-find-groups]")) openFind(client);
  });
}
