// A demonstration instance in a throw-away folder.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A program built without optimisation answers this soon at the latest. */
const LIMIT_SECONDS = 120;

/** One process that serves a folder. */
class Process {
  constructor(program, folder, port) {
    const flags = ["demo", "--dir", join(folder, "instance"), "--port", String(port), "--format", "json"];
    this.child = spawn(program, flags, { stdio: ["ignore", "pipe", "pipe"] });
    this.log = "";
    this.child.stderr.on("data", (data) => (this.log = (this.log + data).slice(-100_000)));
    this.ended = new Promise((resolve) => this.child.once("exit", resolve));
  }

  /** What it prints once it answers. */
  async answers() {
    const { child } = this;
    const lines = createInterface({ input: child.stdout });
    const line = await new Promise((resolve, reject) => {
      lines.once("line", resolve);
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the program ended with ${code} before it answered\n${this.log}`)));
      setTimeout(() => reject(new Error(`the program did not answer within ${LIMIT_SECONDS} s\n${this.log}`)), LIMIT_SECONDS * 1000).unref();
    });
    lines.on("line", () => {});
    return JSON.parse(line);
  }

  async stop(signal) {
    this.child.kill(signal);
    const late = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    await this.ended;
    clearTimeout(late);
  }
}

/**
 * Starts `jinmen demo` and reads the line it prints once it answers. `kill` ends it as a power cut does, `again` starts it
 * in the same place.
 * @returns {Promise<{program: string, address: string, signIns: {role: string, account: string, password: string}[],
 *   seconds: number, log: () => string, stop: () => Promise<void>, kill: () => Promise<void>, again: () => Promise<void>}>}
 */
export async function start(program) {
  const folder = mkdtempSync(join(tmpdir(), "jinmen-browser-"));
  const began = performance.now();
  let running = new Process(program, folder, 0);
  const stop = async () => {
    await running.stop("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  };
  const told = await running.answers().catch(async (error) => {
    await stop();
    throw error;
  });
  const address = told.address.replace(/\/$/, "");
  const again = async () => {
    running = new Process(program, folder, new URL(address).port);
    await running.answers();
  };
  const seconds = (performance.now() - began) / 1000;
  const kill = () => running.stop("SIGKILL");
  return { program, address, signIns: told.sign_ins, seconds, log: () => running.log, stop, kill, again };
}

/** Whether a program can be run at all. */
export function runs(command, args) {
  return spawnSync(command, args, { encoding: "utf8" });
}
