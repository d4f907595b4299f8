// A form is sent once: its buttons rest while the answer is awaited. Filter forms send themselves when a choice changes.

import { fresh } from "./dom.js";

export function submits(root) {
  for (const form of fresh(root, "form[method=post]", "once")) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      // After the browser has collected the values, so that the pressed button is among them.
      setTimeout(() => {
        for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
        form.classList.add("is-sending");
      });
    });
    form.addEventListener("click", (event) => {
      if (form.classList.contains("is-sending") && event.target.closest("button")) event.preventDefault();
    });
  }
  for (const form of fresh(root, "form[data-auto-submit]", "auto")) {
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) form.requestSubmit();
    });
  }
}

// A page taken from the back-forward cache must be usable again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form.is-sending")) {
    form.classList.remove("is-sending");
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});
