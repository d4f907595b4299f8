// Under <input data-money="万元|元" data-words="id">: the amount in words, while it is typed.
// The server shows the same words after a form was sent; this only saves the wait.

import { fresh } from "./dom.js";

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const UNITS = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿", "兆"];

export function money(root) {
  for (const input of fresh(root, "input[data-money]", "money")) {
    const hint = document.getElementById(input.dataset.words);
    if (!hint) continue;
    const show = () => (hint.textContent = words(input.value, input.dataset.money, document.documentElement.lang));
    input.addEventListener("input", show);
    show();
  }
}

export function words(text, unit, language) {
  const fen = toFen(text, unit);
  if (fen === null) return "";
  return language.startsWith("zh") ? chinese(fen) : english(fen);
}

/** Exact: through text, never through floating point. Full-width digits and separators are understood. */
export function toFen(text, unit) {
  const plain = text.normalize("NFKC").replace(/[,\s]/g, "");
  const parts = /^(\d{1,12})(?:\.(\d{0,6}))?$/.exec(plain);
  if (!parts) return null;
  const places = unit === "万元" ? 6 : 2;
  const fraction = (parts[2] ?? "").replace(/0+$/, "");
  if (fraction.length > places) return null;
  return BigInt(parts[1] + fraction.padEnd(places, "0"));
}

function english(fen) {
  const yuan = (fen / 100n).toLocaleString("en");
  return `CNY ${yuan}.${String(fen % 100n).padStart(2, "0")}`;
}

export function chinese(fen) {
  const yuan = fen / 100n;
  const jiao = Number((fen / 10n) % 10n);
  const cent = Number(fen % 10n);
  if (fen === 0n) return "零元整";
  let text = yuan > 0n ? `${whole(yuan)}元` : "";
  if (jiao === 0 && cent === 0) return `${text}整`;
  if (jiao > 0) text += `${DIGITS[jiao]}角`;
  else if (yuan > 0n) text += "零";
  return cent > 0 ? `${text}${DIGITS[cent]}分` : `${text}整`;
}

function whole(yuan) {
  let text = "";
  let gap = false;
  const digits = String(yuan);
  for (let i = 0; i < digits.length; i++) {
    const place = digits.length - 1 - i;
    const digit = Number(digits[i]);
    if (digit === 0) gap = true;
    else {
      if (gap && text) text += "零";
      gap = false;
      text += DIGITS[digit] + UNITS[place % 4];
    }
    if (place % 4 === 0 && /[1-9]/.test(digits.slice(Math.max(0, i - 3), i + 1))) text += GROUPS[place / 4];
  }
  return text;
}
