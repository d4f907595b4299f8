// <input data-code-list="industry">: a combobox over /api/v1/code-lists/{list}?q=… (ARIA 1.2 pattern, list popup,
// focus stays in the field). The value kept is "code label", which is also what one may type without scripts.

import { element, fresh } from "./dom.js";

const PAUSE = 200;

export function codeLists(root) {
  for (const input of fresh(root, "input[data-code-list]", "code-list")) new Picker(input);
}

class Picker {
  constructor(input) {
    this.input = input;
    this.items = [];
    this.current = -1;
    this.box = element("ul", { class: "jm-codes", role: "listbox", id: `${input.id}-codes`, "aria-label": input.dataset.codeLabel ?? "", hidden: "" });
    this.note = element("span", { class: "visually-hidden", role: "status" });
    input.after(this.box, this.note);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.box.id, autocomplete: "off" })) input.setAttribute(name, value);
    input.addEventListener("input", () => this.soon());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.box.addEventListener("mousedown", (event) => event.preventDefault());
    this.box.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take([...this.box.children].indexOf(option));
    });
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  async look() {
    const asked = this.input.value.trim();
    if (!asked) return this.close();
    const list = encodeURIComponent(this.input.dataset.codeList);
    try {
      const answer = await fetch(`/api/v1/code-lists/${list}?q=${encodeURIComponent(asked)}`, { headers: { accept: "application/json" } });
      if (!answer.ok) return this.close();
      const found = await answer.json();
      if (asked === this.input.value.trim()) this.open((Array.isArray(found) ? found : (found.items ?? [])).slice(0, 20));
    } catch {
      this.close();
    }
  }

  open(items) {
    this.items = items;
    this.current = -1;
    this.box.replaceChildren(...items.map((item, at) => this.option(item, at)));
    this.box.hidden = items.length === 0;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    this.note.textContent = (this.input.dataset.codeCount ?? "{n}").replace("{n}", items.length);
  }

  option(item, at) {
    const code = element("span", { class: "jm-codes-code" }, item.code);
    return element("li", { role: "option", id: `${this.box.id}-${at}`, "aria-selected": "false" }, code, " ", label(item));
  }

  close() {
    this.box.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const open = !this.box.hidden;
    if (event.key === "ArrowDown" && !open) return this.look();
    if (!open) return;
    if (event.key === "ArrowDown") this.move(this.current + 1);
    else if (event.key === "ArrowUp") this.move(this.current - 1);
    else if (event.key === "Enter" && this.current >= 0) this.take(this.current);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  move(to) {
    this.current = (to + this.items.length) % this.items.length;
    [...this.box.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === this.current)));
    const chosen = this.box.children[this.current];
    chosen.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", chosen.id);
  }

  take(at) {
    const item = this.items[at];
    if (!item) return;
    this.input.value = `${item.code} ${label(item)}`;
    this.close();
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    clearTimeout(this.timer);
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function label(item) {
  const text = item.label ?? item.name ?? "";
  if (typeof text === "string") return text;
  return (document.documentElement.lang.startsWith("zh") ? text.zh : text.en) ?? text.zh ?? "";
}
