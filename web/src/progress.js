// <div data-progress="/jobs/…/progress">: follows long work by server-sent events.
// Each event's data is JSON: {"done": 40, "total": 100, "text": "…", "state": "running|done|failed", "href": "/…", "label": "…"}.

import { element, fresh } from "./dom.js";

export function progress(root) {
  for (const box of fresh(root, "[data-progress]", "progress")) follow(box);
}

function follow(box) {
  if (!window.EventSource || box.dataset.state !== "running") return;
  const source = new EventSource(box.dataset.progress);
  source.onmessage = (event) => {
    const news = JSON.parse(event.data);
    show(box, news);
    if (news.state === "done" || news.state === "failed") source.close();
  };
  window.addEventListener("pagehide", () => source.close());
}

function show(box, news) {
  const bar = box.querySelector("progress");
  if (bar && news.total > 0) {
    bar.max = news.total;
    bar.value = news.done;
  }
  const text = box.querySelector("[data-progress-text]");
  if (text && news.text) text.textContent = news.text;
  if (news.state) box.dataset.state = news.state;
  for (const cancel of box.querySelectorAll("[data-progress-cancel]")) cancel.hidden = news.state === "done" || news.state === "failed";
  const place = box.querySelector("[data-progress-link]");
  if (place && news.href) place.replaceChildren(element("a", { class: "btn btn-primary", href: news.href }, news.label ?? news.href));
}
