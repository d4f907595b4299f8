// What every page loads. Each part looks for its own data attribute and does nothing where there is none;
// every page also works without any of it.

import "htmx.org/dist/htmx.esm.js";
import { besides } from "./beside.js";
import { codeLists } from "./code-list.js";
import { confirmations } from "./confirm.js";
import { copies } from "./copy.js";
import { drafts } from "./draft.js";
import { flashes } from "./flash.js";
import { menus } from "./menu.js";
import { money } from "./money.js";
import { pads } from "./pad.js";
import { progress } from "./progress.js";
import { refreshes } from "./refresh.js";
import { stages } from "./stage.js";
import { submits } from "./submit.js";

const parts = [besides, codeLists, confirmations, copies, drafts, flashes, menus, money, pads, progress, refreshes, stages, submits];

/** Give every part a chance at a piece of the page: the whole of it first, then whatever htmx swaps in. */
function wake(root) {
  for (const part of parts) part(root);
}

document.documentElement.classList.add("scripted");
wake(document);
document.addEventListener("htmx:after:process", (event) => wake(event.target instanceof Element ? event.target : document));
document.addEventListener("jinmen:added", (event) => wake(event.target));
