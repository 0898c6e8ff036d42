// The bar under the head of a chat: its newest pinned message, and the way to all of them.
import { plain } from "../core/markup.js";
import { rowTime } from "../core/days.js";
import { h, icon } from "../lib/dom.js";
import { format, gettext, language, ngettext } from "../lib/i18n.js";
import { hits } from "./hits.js";
import { sheet } from "./sheet.js";
import { visit } from "./views.js";
import { days, titleOf } from "./words.js";

/** It follows the pins of `chat` as long as it stands in the document. */
export function pinBar(client, chat) {
  const bar = h("div", { class: "pin-bar", role: "region", "aria-label": gettext("Pinned messages"), hidden: true });
  const listening = new AbortController();
  let wasThere = false;
  const draw = () => {
    wasThere ||= bar.isConnected;
    if (wasThere && !bar.isConnected) {
      listening.abort();
      return;
    }
    const [newest, ...others] = client.pins.of(chat);
    const focused = bar.contains(document.activeElement);
    bar.hidden = !newest;
    bar.replaceChildren(...(newest ? parts(client, chat, newest, others.length) : []));
    if (focused) bar.querySelector("button")?.focus();
  };
  const { signal } = listening;
  client.addEventListener("pins", ({ detail }) => detail.id === chat.id && draw(), { signal });
  client.addEventListener("persons", draw, { signal });
  draw();
  client.pins.want(chat.id);
  return bar;
}

const jump = (chat, seq) => visit(`/chat/${chat.id}/m/${seq}`);

const author = (client, chat, { fromUserId }) => (fromUserId === client.me.id ? gettext("You") : client.faces.name(fromUserId, chat));

function parts(client, chat, message, more) {
  const count = more + 1;
  const own = message.fromUserId === client.me.id;
  const name = own ? "" : author(client, chat, message);
  return [
    h(
      "button", { class: "pin-bar__go", type: "button", onclick: () => jump(chat, message.seq) },
      icon("pin"),
      h("span", { class: "context__text" }, h("b", {}, name ? format(gettext("Pinned, from %(name)s"), { name }) : gettext("Pinned message")), h("span", { dir: "auto" }, plain(message.content))),
    ),
    more > 0 &&
      h("button", { class: "btn btn--plain btn--s", type: "button", onclick: () => all(client, chat) }, format(ngettext("%(count)s pinned", "All %(count)s pinned", count), { count })),
  ].filter(Boolean);
}

function all(client, chat) {
  const dialog = sheet(gettext("Pinned messages"), async () => {
    const now = Date.now();
    return [hits(client.pins.of(chat).map((message) => ({
      title: author(client, chat, message) || titleOf(chat), text: plain(message.content), time: rowTime(message.createdAt, now, language, days()),
      go: () => (dialog.close(), jump(chat, message.seq)),
    })))];
  });
}
