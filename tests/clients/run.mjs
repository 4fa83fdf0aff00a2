// SPDX-License-Identifier: MIT
// Starts one Quorate with its private PostgreSQL in a temporary directory, runs every test file against it, ends it.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const startDeadlineMs = 60_000;

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

const ended = (child) => new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));

async function ready(url, child) {
  const until = Date.now() + startDeadlineMs;
  while (Date.now() < until && child.exitCode === null) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.status === 200) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

const data = mkdtempSync(join(tmpdir(), "quorate-clients-"));
chmodSync(data, 0o755); // as root, PostgreSQL runs as another user, who has to get in
const port = await freePort();
const log = join(data, "server.log");
const logFile = openSync(log, "a");
const server = spawn(
  process.env.QUORATE_BINARY,
  ["serve", "--host", "127.0.0.1", "--port", String(port), "--data-dir", join(data, "data")],
  // The key of the models that tests play.
  { stdio: ["ignore", logFile, logFile], env: { ...process.env, LOCAL_MODEL_KEY: "local-key" } },
);
closeSync(logFile);
const serverEnded = ended(server);

let code = 1;
if (await ready(`http://127.0.0.1:${port}/ready`, server)) {
  const files = readdirSync(join(here, "test")).filter((f) => f.endsWith(".test.mjs")).map((f) => join("test", f));
  const status = execFileSync(process.env.QUORATE_BINARY, ["status", "--json", "--data-dir", join(data, "data")], { encoding: "utf8" });
  const tests = spawn(process.execPath, ["--test", ...process.argv.slice(2), ...files], {
    cwd: here,
    stdio: "inherit",
    env: { ...process.env, QUORATE_URL: `http://127.0.0.1:${port}/api`, QUORATE_DATABASE: JSON.stringify(JSON.parse(status).database) },
  });
  code = (await ended(tests)) === 0 ? 0 : 1;
} else {
  console.error("the server did not become ready");
}
server.kill("SIGTERM");
const last = await Promise.race([serverEnded, new Promise((resolve) => setTimeout(() => resolve("no exit in 30 s"), 30_000))]);
if (last !== 0) {
  console.error(`the server ended with ${last}`);
  server.kill("SIGKILL");
  code = 1;
}
if (code !== 0) console.error(readFileSync(log, "utf8").slice(-4000));
rmSync(data, { recursive: true, force: true });
process.exit(code);
