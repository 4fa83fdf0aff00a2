// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { abi } from "genlayer-js";
import { hexToBytes } from "viem";
import { rpc } from "./support.mjs";

// As text on the command line, so that its imports are looked for here.
test("docs/examples/transfer.mjs does what README says", () => {
  const source = readFileSync(new URL("../../../docs/examples/transfer.mjs", import.meta.url), "utf8");
  const said = execFileSync(process.execPath, ["--input-type=module", "--eval", source], {
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, QUORATE_URL: process.env.QUORATE_URL },
  });
  assert.match(said, /^0x[0-9a-f]{64}: the recipient has 0\.5\n$/);
});

test("docs/examples/*-greeter.json do what README says", async () => {
  const said = (name) => JSON.parse(readFileSync(new URL(`../../../docs/examples/${name}.json`, import.meta.url), "utf8"));
  const greeter = readFileSync(new URL("../../../examples/contracts/greeter.py", import.meta.url));
  const schema = said("schema-of-greeter");
  assert.equal(schema.params[0], `0x${greeter.toString("hex")}`);
  assert.ok((await rpc(schema.method, ...schema.params)).result.methods.greet.readonly);
  const deploy = said("deploy-greeter");
  assert.ok(deploy.params[0].data.includes(greeter.toString("hex")));
  await rpc("sim_createValidator", 5, "openai", "gpt-4o", {}, "openai-compatible", {
    api_key_env_var: "OPENAIKEY",
    api_url: "https://api.openai.com",
  });
  const { result } = await rpc(deploy.method, ...deploy.params);
  assert.equal(result.execution_result, "SUCCESS");
  assert.equal(Object.keys(result.contract_state).length, 4);
  // What the deploy would leave behind is what the third reads.
  const read = said("read-greeter");
  assert.deepEqual(read.params[0].sim_config.contract_state, result.contract_state);
  const greeting = (await rpc(read.method, ...read.params)).result;
  assert.equal(abi.calldata.decode(hexToBytes(`0x${greeting}`)), "Welcome, Ada!");
});
