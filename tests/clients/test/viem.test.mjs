// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { createPublicClient, defineChain, formatEther, http, parseEther } from "viem";
import { chainIds, freshAddress, fund, until, url } from "./support.mjs";

const chain = defineChain({
  id: chainIds[0],
  name: "Quorate",
  nativeCurrency: { name: "GEN", symbol: "GEN", decimals: 18 },
  rpcUrls: { default: { http: [url] } },
});
const client = createPublicClient({ chain, transport: http(url, { retryCount: 0 }) });
const batching = createPublicClient({ chain, transport: http(url, { batch: true, retryCount: 0 }) });

test("chain id is one of Studio's", async () => {
  assert.ok(chainIds.includes(await client.getChainId()));
});

test("block number is the clock's second and does not go back", async () => {
  const first = await client.getBlockNumber({ cacheTime: 0 });
  const second = await client.getBlockNumber({ cacheTime: 0 });
  assert.ok(second >= first);
  assert.ok(first > 1_600_000_000n);
});

for (const blockTag of ["latest", "pending", "safe", "finalized", "earliest"]) {
  test(`block by tag ${blockTag} parses`, async () => {
    const block = await client.getBlock({ blockTag });
    assert.ok(Array.isArray(block.transactions));
    assert.equal(typeof block.timestamp, "bigint");
    assert.equal(typeof block.gasLimit, "bigint");
  });
}

test("block by number, with full transactions, holds the faucet's", async () => {
  const address = freshAddress();
  const hash = await fund(address, 5);
  const full = await until(
    () => client.request({ method: "eth_getTransactionByHash", params: [hash] }),
    (tx) => tx.status === "FINALIZED",
  );
  const blockNumber = BigInt(full.blockNumber ?? 0);
  const byHash = await client.getBlock({ blockHash: hash, includeTransactions: true });
  assert.equal(byHash.transactions.length, 1);
  assert.equal(byHash.transactions[0].hash, hash);
  const byNumber = await client.getBlock({ blockNumber, includeTransactions: true });
  assert.equal(byNumber.number, blockNumber);
  for (const tx of byNumber.transactions) assert.match(tx.hash, /^0x[0-9a-f]{64}$/);
});

test("balance is exact to the wei after the faucet", async () => {
  const address = freshAddress();
  assert.equal(await client.getBalance({ address }), 0n);
  await fund(address, 1);
  assert.equal(await client.getBalance({ address }), 1n);
  await fund(address, 9007199254740991);
  assert.equal(await client.getBalance({ address }), 9007199254740992n);
  await fund(address, 1e21);
  const all = 1000009007199254740992n;
  assert.equal(await client.getBalance({ address }), all);
  assert.equal(await client.getBalance({ address, blockTag: "pending" }), all);
  assert.equal(formatEther(all), "1000.009007199254740992");
});

test("the faucet takes every letter case and all of them are one account", async () => {
  const address = freshAddress();
  await fund(address.toLowerCase(), 7);
  assert.equal(await client.getBalance({ address }), 7n);
  assert.equal(BigInt((await client.request({ method: "eth_getBalance", params: [address.toLowerCase(), "latest"] }))), 7n);
});

test("transaction count of a fresh account is 0", async () => {
  assert.equal(await client.getTransactionCount({ address: freshAddress() }), 0);
});

test("receipt of a faucet transaction parses and says success", async () => {
  const address = freshAddress();
  const hash = await fund(address, 3);
  const receipt = await client.getTransactionReceipt({ hash });
  assert.equal(receipt.transactionHash, hash);
  assert.equal(receipt.status, "success");
  assert.equal(receipt.to?.toLowerCase(), address.toLowerCase());
});

test("waiting for the receipt of a faucet transaction ends", async () => {
  const hash = await fund(freshAddress(), 3);
  const receipt = await client.waitForTransactionReceipt({ hash, pollingInterval: 50, timeout: 10_000 });
  assert.equal(receipt.transactionHash, hash);
});

test("transaction by hash parses", async () => {
  const hash = await fund(freshAddress(), 12);
  const tx = await client.getTransaction({ hash });
  assert.equal(tx.hash, hash);
  assert.equal(tx.value, 12n);
});

test("fee data: gas is free", async () => {
  assert.equal(await client.getGasPrice(), 0n);
  assert.equal(await client.estimateGas({ account: freshAddress(), to: freshAddress(), value: parseEther("1") }), 500000n);
  const history = await client.getFeeHistory({ blockCount: 1, rewardPercentiles: [] });
  assert.ok(history.baseFeePerGas.every((fee) => fee === 0n));
});

test("code and logs of nothing are empty", async () => {
  assert.equal(await client.getCode({ address: freshAddress() }), undefined);
  assert.deepEqual(await client.getLogs(), []);
});

test("a batch of 50 calls keeps its order", async () => {
  const addresses = Array.from({ length: 50 }, freshAddress);
  await fund(addresses[17], 17);
  const balances = await Promise.all(addresses.map((address) => batching.getBalance({ address })));
  balances.forEach((balance, i) => assert.equal(balance, i === 17 ? 17n : 0n));
});

test("an unknown method is MethodNotFound", async () => {
  await assert.rejects(client.request({ method: "eth_fillTransaction", params: [{}] }), { name: "MethodNotFoundRpcError" });
});

test("a bad address is InvalidParams", async () => {
  await assert.rejects(client.request({ method: "eth_getBalance", params: ["0x12", "latest"] }), { name: "InvalidParamsRpcError" });
});

test("an unknown transaction has no receipt", async () => {
  const hash = `0x${"0".repeat(63)}f`;
  await assert.rejects(client.getTransactionReceipt({ hash }), { name: "TransactionReceiptNotFoundError" });
});
