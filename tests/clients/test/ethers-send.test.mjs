// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { JsonRpcProvider, Wallet, parseEther } from "ethers";
import { freshAddress, fund, rpc, until, url } from "./support.mjs";

const provider = new JsonRpcProvider(url, undefined, { pollingInterval: 50, cacheTimeout: -1 });
after(() => provider.destroy());

test("a wallet sends, waits and has sent", async () => {
  const wallet = Wallet.createRandom(provider);
  await fund(wallet.address, 1e18);
  const to = freshAddress();
  const sent = await wallet.sendTransaction({ to, value: parseEther("0.5") });
  const receipt = await sent.wait(1, 10_000);
  assert.equal(receipt.status, 1);
  assert.equal(receipt.hash, sent.hash);
  await until(() => rpc("eth_getTransactionByHash", sent.hash), ({ result }) => result.status === "FINALIZED");
  assert.equal(await provider.getBalance(to), parseEther("0.5"));
  assert.equal(await provider.getBalance(wallet.address), parseEther("0.5"));
  assert.equal(await provider.getTransactionCount(wallet.address), 1);
});

test("ten transfers in a row keep their nonces", async () => {
  const wallet = Wallet.createRandom(provider);
  await fund(wallet.address, 100);
  const to = freshAddress();
  const hashes = new Set();
  for (let i = 0; i < 10; ++i) hashes.add((await wallet.sendTransaction({ to, value: 1n })).hash);
  assert.equal(hashes.size, 10);
  await until(() => provider.getBalance(to), (wei) => wei === 10n);
  assert.equal(await provider.getTransactionCount(wallet.address), 10);
});
