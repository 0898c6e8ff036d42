// What stands where rows will be, while they are on their way.
import { h } from "../lib/dom.js";

export const SKELETON = 150; // milliseconds before a skeleton is worth showing

export const skeleton = (rows = 7) =>
  h("div", { "aria-hidden": "true" }, ...Array.from({ length: rows }, () => h("div", { class: "skel" }, h("i"), h("span", {}, h("i"), h("i")))));
