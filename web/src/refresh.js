// <form data-refresh="kind grade">: questions that others hang on. When one of them is answered, the form is sent to the
// button that stays on the page (then=stay), and the page comes back with what hangs on it, at the same place.

import { fresh } from "./dom.js";

const KEY = "jm-refresh-at";

export function refreshes(root) {
  for (const form of fresh(root, "form[data-refresh]", "refresh")) watch(form);
  back();
}

function watch(form) {
  const names = new Set(form.dataset.refresh.split(" "));
  const stay = form.querySelector('button[name="then"][value="stay"]');
  if (!stay) return;
  form.addEventListener("change", (event) => {
    const name = event.target.name ?? "";
    // In a row the question's own name stands last.
    if (!names.has(name) && !names.has(name.split(".").pop())) return;
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ path: location.pathname, top: window.scrollY, id: event.target.id }));
    } catch {
      // A browser that keeps nothing shows the page from its beginning.
    }
    form.requestSubmit ? form.requestSubmit(stay) : stay.click();
  });
}

function back() {
  let kept;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    sessionStorage.removeItem(KEY);
  } catch {
    return;
  }
  if (!kept || kept.path !== location.pathname) return;
  requestAnimationFrame(() => {
    window.scrollTo(0, kept.top);
    document.getElementById(kept.id)?.focus({ preventScroll: true });
  });
}
