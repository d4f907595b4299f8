// A demonstration instance in a throw-away folder.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A program built without optimisation answers this soon at the latest. */
const LIMIT_SECONDS = 120;

/**
 * Starts `jinmen demo` and reads the line it prints once it answers.
 * @returns {Promise<{address: string, signIns: {role: string, account: string, password: string}[], seconds: number,
 *   log: () => string, stop: () => Promise<void>}>}
 */
export async function start(program) {
  const folder = mkdtempSync(join(tmpdir(), "jinmen-browser-"));
  const began = performance.now();
  const child = spawn(program, ["demo", "--dir", join(folder, "instance"), "--port", "0", "--format", "json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (data) => (log = (log + data).slice(-100_000)));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(late);
    rmSync(folder, { recursive: true, force: true });
  };
  const lines = createInterface({ input: child.stdout });
  const line = await new Promise((resolve, reject) => {
    lines.once("line", resolve);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code} before it answered\n${log}`)));
    setTimeout(() => reject(new Error(`${program} did not answer within ${LIMIT_SECONDS} s\n${log}`)), LIMIT_SECONDS * 1000).unref();
  }).catch(async (error) => {
    await stop();
    throw error;
  });
  lines.on("line", () => {});
  const { address, sign_ins: signIns } = JSON.parse(line);
  return { address: address.replace(/\/$/, ""), signIns, seconds: (performance.now() - began) / 1000, log: () => log, stop };
}

/** Whether a program can be run at all. */
export function runs(command, args) {
  return spawnSync(command, args, { encoding: "utf8" });
}
