// A list of messages out of their chats: each leads to its place.
import { h, icon, sr } from "../lib/dom.js";

/** `items`: `{title, text, time, go(), drop: {label, act(item element)}}`. */
export const hits = (items) =>
  h("ul", { class: "hits" }, ...items.map(({ title, text, time, go, drop }) => {
    const item = h(
      "li", {},
      h(
        "button", { class: "hit", type: "button", onclick: go },
        h("span", { class: "hit__text" }, h("span", { class: "hit__name", dir: "auto" }, title), h("span", { class: "hit__sub", dir: "auto" }, text)),
        h("time", {}, time),
      ),
      drop && h("button", { class: "icon-btn", type: "button", title: drop.label, onclick: () => drop.act(item) }, icon("close"), sr(drop.label)),
    );
    return item;
  }));
