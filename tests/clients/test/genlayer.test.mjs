// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAccount, createClient, generatePrivateKey } from "genlayer-js";
import { localnet, studionet } from "genlayer-js/chains";
import { TransactionStatus } from "genlayer-js/types";
import { versions } from "./genlayer-versions.mjs";
import { freshAddress, fund, url } from "./support.mjs";

const newClient = (chain) => createClient({ chain, endpoint: url, account: createAccount(generatePrivateKey()) });

for (const { label, chain, createAccount, createClient, generatePrivateKey } of versions) {
  const newcomer = () => createClient({ chain, endpoint: url, account: createAccount(generatePrivateKey()) });

  test(`${label}: balance and nonce of a fresh account`, async () => {
    const client = newcomer();
    assert.equal(await client.getBalance({ address: client.account.address }), 0n);
    assert.equal(Number(await client.getCurrentNonce({ address: client.account.address })), 0);
  });

  test(`${label}: a faucet transaction is awaited until FINALIZED`, async () => {
    const client = newcomer();
    const address = freshAddress();
    const hash = await fund(address, 77);
    const tx = await client.waitForTransactionReceipt({ hash, status: TransactionStatus.FINALIZED, interval: 50, retries: 200 });
    assert.equal(tx.status, 7);
    const again = await client.getTransaction({ hash });
    assert.equal(again.hash, hash);
    assert.equal(again.statusName, "FINALIZED");
    assert.equal(BigInt(again.value), 77n);
    assert.equal(await client.getBalance({ address }), 77n);
  });

  test(`${label}: an unknown transaction is an error`, async () => {
    await assert.rejects(newcomer().getTransaction({ hash: `0x${"0".repeat(63)}d` }));
  });
}

test("localnet: fundAccount goes through the client", async () => {
  const client = newClient(localnet);
  const { address } = client.account;
  const hash = await client.fundAccount({ address, amount: 1000 });
  assert.match(hash, /^0x[0-9a-f]{64}$/);
  assert.equal(await client.getBalance({ address }), 1000n);
});

test("studionet: the client itself refuses to fund", async () => {
  const client = newClient(studionet);
  await assert.rejects(client.fundAccount({ address: client.account.address, amount: 1 }), /not connected to the localnet/);
});

test("estimateTransactionGas is Studio's constant", async () => {
  const client = newClient(localnet);
  assert.equal(await client.estimateTransactionGas({ from: client.account.address, to: freshAddress(), value: 1n }), 500000n);
});

test("a contract that does not exist is an error with its code", async () => {
  await assert.rejects(newClient(localnet).getContractCode(freshAddress()));
});
