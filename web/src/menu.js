// Menus are <details data-menu>: they open without scripts. This closes them on Escape and on a click elsewhere,
// and lets one be open at a time.

import { fresh } from "./dom.js";

export function menus(root) {
  for (const menu of fresh(root, "details[data-menu]", "menu")) {
    menu.addEventListener("toggle", () => {
      if (menu.open) closeOthers(menu);
    });
  }
}

function closeOthers(kept) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (menu !== kept && !menu.contains(kept)) menu.open = false;
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
