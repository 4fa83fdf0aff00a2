// SPDX-License-Identifier: MIT
// The shipped node on a free port, as every test file uses it.
const { spawn } = require("node:child_process");
const { mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { remote } = require("../../scripts/deploy.js");

const startDeadlineMs = 120_000;

/// { url, port, deployment, ask(method, ...params), stop() }
async function startNode(env = {}) {
  const deployments = mkdtempSync(join(tmpdir(), "quorate-hardhat-"));
  const child = spawn(join(__dirname, "..", "..", "start"), ["0"], {
    env: { ...process.env, HARDHAT_DEPLOYMENTS: deployments, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await gone;
    }
    rmSync(deployments, { recursive: true, force: true });
  };
  try {
    const url = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the node did not start:\n${said}`)), startDeadlineMs);
      const hear = (text) => {
        said += text;
        const found = said.match(/server at (http:\/\/127\.0\.0\.1:\d+)/);
        if (!found) return;
        clearTimeout(timer);
        resolve(found[1]);
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("exit", (code) => {
        clearTimeout(timer);
        reject(new Error(`the node ended with ${code}:\n${said}`));
      });
    });
    const provider = remote(url);
    return {
      url,
      port: Number(new URL(url).port),
      deployment: JSON.parse(readFileSync(join(deployments, "ConsensusMain.json"), "utf8")),
      ask: (method, ...params) => provider.request({ method, params }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

module.exports = { startNode };
