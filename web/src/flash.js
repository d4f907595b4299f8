// A message that is only good news leaves by its button.

import { fresh } from "./dom.js";

export function flashes(root) {
  for (const button of fresh(root, "[data-dismiss]", "dismiss")) {
    button.hidden = false;
    button.addEventListener("click", () => button.closest("[data-flash]")?.remove());
  }
}
