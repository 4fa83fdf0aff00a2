// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { versions } from "./genlayer-versions.mjs";
import { fund, rpc, url } from "./support.mjs";

for (const { label, chain, createAccount, createClient, generatePrivateKey } of versions) {
  test(`${label}: deployContract and writeContract return the ids of stored transactions`, async () => {
    const account = createAccount(generatePrivateKey());
    const client = createClient({ chain, endpoint: url, account });
    await fund(account.address, 1e18);
    const hash = await client.deployContract({ code: "class Storage: pass", args: ["x", 1n], leaderOnly: false });
    const { result: deploy } = await rpc("eth_getTransactionByHash", hash);
    assert.equal(deploy.status, "PENDING");
    assert.equal(deploy.type, 1);
    assert.equal(deploy.from_address, account.address);
    const address = deploy.data.contract_address;
    const call = await client.writeContract({ address, functionName: "update", args: ["y"], value: 3n, leaderOnly: true });
    const { result: run } = await rpc("eth_getTransactionByHash", call);
    assert.equal(run.type, 2);
    assert.equal(run.to_address, address);
    assert.equal(run.execution_mode, "LEADER_ONLY");
    assert.equal(Number(await client.getCurrentNonce({ address: account.address })), 2);
    const studio = await client.getTransaction({ hash: call });
    assert.equal(studio.statusName, "PENDING");
  });
}
