// The sign-in page: show the password, switch the theme.
import { nextTheme } from "./ui/theme.js";

document.querySelector("[data-theme-toggle]").addEventListener("click", nextTheme);
const reveal = document.querySelector("[data-reveal]");
reveal.addEventListener("click", () => {
  const field = reveal.previousElementSibling;
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  reveal.setAttribute("aria-pressed", String(!shown));
  field.focus();
});
