// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { getAddress } from "viem";

export const url = process.env.QUORATE_URL;
export const chainIds = [61127, 61999];

/** An address nobody has used, in EIP-55 form. */
export const freshAddress = () => getAddress(`0x${randomBytes(20).toString("hex")}`);

/** One bare JSON-RPC call, without any library. */
export async function rpc(method, ...params) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return answer.json();
}

/** Funds and returns the hash of the faucet's transaction. */
export async function fund(address, amount) {
  const { result } = await rpc("sim_fundAccount", address, amount);
  assert.match(result, /^0x[0-9a-f]{64}$/);
  return result;
}

/** Asks until `good` holds of the answer. */
export async function until(ask, good, ms = 10_000) {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    assert.ok(Date.now() < end, `still ${JSON.stringify(answer, (_, v) => (typeof v === "bigint" ? `${v}` : v))}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
