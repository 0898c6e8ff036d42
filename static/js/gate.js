// The pages outside the chats, which work without it: show the password, switch the theme, offer passkeys. Nobody's page stays.
import { forgetPage } from "./app/installed.js";
import * as storage from "./lib/storage.js";
import { nextTheme } from "./ui/theme.js";

document.querySelector("[data-theme-toggle]")?.addEventListener("click", nextTheme);
for (const reveal of document.querySelectorAll("[data-reveal]")) {
  reveal.addEventListener("click", () => {
    const field = reveal.previousElementSibling;
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    reveal.setAttribute("aria-pressed", String(!shown));
    field.focus();
  });
}

// allauth's scripts make the passkeys; here is what a person sees of it.
const problem = document.querySelector("[data-passkey-problem]");
if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("[data-needs-passkeys]")) form.hidden = false;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  if (problem) problem.hidden = false;
});

// An account was deleted here: nothing of its person stays in the browser.
const gone = document.querySelector("[data-forget]")?.dataset.forget;
if (gone) for (const kind of ["outbox", "draft", "edit"]) storage.forget(`${kind}.${gone}.`);
if (gone || location.pathname === "/sign-in") forgetPage();
