// SPDX-License-Identifier: MIT
// Puts contracts in their place: what consensus will do, the tests do with the server's own database.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { abi } from "genlayer-js";
import { toHex, toRlp } from "viem";
import { freshAddress, rpc } from "./support.mjs";

const examples = join(dirname(fileURLToPath(import.meta.url)), "../../../examples/contracts");

export const example = (name) => readFileSync(join(examples, name), "utf8");

const psql = () => {
  const versions = readdirSync("/usr/lib/postgresql").sort((a, b) => Number(b) - Number(a));
  return `/usr/lib/postgresql/${versions[0]}/bin/psql`;
};

/** Of an example, or of source. */
export const place = (name, args = []) => placeSource(example(name), args);

/** Rehearses a deploy and keeps the state that it leaves; the address. */
export async function placeSource(source, args = []) {
  const calldata = toHex(abi.calldata.encode(abi.calldata.makeCalldataObject(undefined, args, undefined)));
  const data = toRlp([toHex(source), calldata, "0x"]);
  const { result, error } = await rpc("sim_call", { type: "deploy", from: freshAddress(), data });
  assert.equal(error, undefined, JSON.stringify(error));
  const address = freshAddress();
  const state = JSON.stringify({ state: { accepted: result.contract_state, finalized: result.contract_state } });
  const { socket_dir, user, name: database, port } = JSON.parse(process.env.QUORATE_DATABASE);
  const insert = `INSERT INTO current_state (id, data, balance) VALUES ('${address}', '${state}', 0)`;
  execFileSync(psql(), ["-q", "-h", socket_dir, "-p", String(port), "-U", user, "-d", database, "-v", "ON_ERROR_STOP=1"], { input: insert });
  return address;
}
