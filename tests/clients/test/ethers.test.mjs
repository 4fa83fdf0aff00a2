// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { JsonRpcProvider } from "ethers";
import { chainIds, freshAddress, fund, rpc, until, url } from "./support.mjs";

// ethers sends nearly everything as a batch together with eth_chainId.
const provider = new JsonRpcProvider(url, undefined, { pollingInterval: 50, cacheTimeout: -1 });
after(() => provider.destroy());

test("network detection", async () => {
  const network = await provider.getNetwork();
  assert.ok(chainIds.map(BigInt).includes(network.chainId));
});

test("block number grows with the clock", async () => {
  assert.ok((await provider.getBlockNumber()) > 1_600_000_000);
});

for (const tag of ["latest", "pending", "safe", "finalized", "earliest"]) {
  test(`block by tag ${tag} parses`, async () => {
    const block = await provider.getBlock(tag);
    assert.equal(typeof block.timestamp, "number");
    assert.ok(Array.isArray(block.transactions));
  });
}

test("block with prefetched transactions parses them", async () => {
  const hash = await fund(freshAddress(), 21);
  await until(() => rpc("eth_getTransactionByHash", hash), ({ result }) => result.status === "FINALIZED");
  const block = await provider.getBlock(hash, true);
  assert.equal(block.prefetchedTransactions.length, 1);
  assert.equal(block.prefetchedTransactions[0].hash, hash);
  assert.equal(block.prefetchedTransactions[0].value, 21n);
});

test("balance is exact to the wei after the faucet", async () => {
  const address = freshAddress();
  assert.equal(await provider.getBalance(address), 0n);
  await fund(address, 1);
  await fund(address, 1e21);
  assert.equal(await provider.getBalance(address), 1000000000000000000001n);
});

test("transaction count of a fresh account is 0", async () => {
  assert.equal(await provider.getTransactionCount(freshAddress()), 0);
  assert.equal(await provider.getTransactionCount(freshAddress(), "pending"), 0);
});

test("fee data: gas is free", async () => {
  const fees = await provider.getFeeData();
  assert.equal(fees.gasPrice, 0n);
});

// Not getTransaction: Studio's transaction object has a member `data` of its own, where ethers insists on bytes, with
// Studio as with Quorate. In blocks, where nobody relies on Studio's form, ethers reads them (above).
test("receipt of the faucet's transaction parses", async () => {
  const address = freshAddress();
  const hash = await fund(address, 9);
  const receipt = await provider.getTransactionReceipt(hash);
  assert.equal(receipt.hash, hash);
  assert.equal(receipt.status, 1);
  assert.equal(receipt.to, address);
});

test("waiting for a faucet transaction ends", async () => {
  const hash = await fund(freshAddress(), 9);
  const receipt = await provider.waitForTransaction(hash, 1, 10_000);
  assert.equal(receipt.hash, hash);
});

test("forty calls in one tick travel as batches and come back in order", async () => {
  const addresses = Array.from({ length: 40 }, freshAddress);
  await fund(addresses[3], 33);
  const balances = await Promise.all(addresses.map((a) => provider.getBalance(a)));
  balances.forEach((balance, i) => assert.equal(balance, i === 3 ? 33n : 0n));
});

test("no code at a plain account, no logs", async () => {
  assert.equal(await provider.getCode(freshAddress()), "0x");
  assert.deepEqual(await provider.getLogs({ fromBlock: 0, toBlock: "latest" }), []);
});

test("an unknown receipt is null", async () => {
  assert.equal(await provider.getTransactionReceipt(`0x${"0".repeat(63)}e`), null);
});

test("errors keep their JSON-RPC code", async () => {
  await assert.rejects(provider.send("eth_getBalance", ["0x12", "latest"]), (error) => {
    assert.equal((error.error ?? error.info?.error).code, -32602);
    return true;
  });
  await assert.rejects(provider.send("no_such_method", []), (error) => {
    assert.equal((error.error ?? error.info?.error).code, -32601);
    return true;
  });
});
