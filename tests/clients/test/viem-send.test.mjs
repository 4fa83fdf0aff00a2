// SPDX-License-Identifier: MIT
// Signed transactions: what is sent through viem's own wallet client, and what is sent by hand and refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createPublicClient, createWalletClient, defineChain, encodeFunctionData, http, keccak256, parseAbi, parseEther, toHex, toRlp } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { chainIds, freshAddress, fund, rpc, until, url } from "./support.mjs";

const chain = defineChain({
  id: chainIds[0],
  name: "Quorate",
  nativeCurrency: { name: "GEN", symbol: "GEN", decimals: 18 },
  rpcUrls: { default: { http: [url] } },
});
const client = createPublicClient({ chain, transport: http(url, { retryCount: 0 }) });
const main = parseAbi([
  "function addTransaction(address _sender, address _recipient, uint256 _numOfInitialValidators, uint256 _maxRotations, bytes _txData)",
  "function submitAppeal(bytes32 _txId)",
  "function cancelTransaction(bytes32 _txId)",
]);
const nobody = "0x0000000000000000000000000000000000000000";

async function newWallet(wei = "1000000000000000000") {
  const account = privateKeyToAccount(generatePrivateKey());
  await fund(account.address, Number(wei));
  return createWalletClient({ account, chain, transport: http(url, { retryCount: 0 }) });
}
const balance = (address) => client.getBalance({ address });
const final = (hash) => until(() => client.request({ method: "eth_getTransactionByHash", params: [hash] }), (tx) => tx.status === "FINALIZED");
/** Signs a call of ConsensusMain, or any data, without asking the server for anything. */
const signed = (wallet, fields) =>
  wallet.account.signTransaction({ chainId: chain.id, nonce: 0, gas: 0n, gasPrice: 0n, to: freshAddress(), ...fields });
const add = (from, to, txData, validators = 5n, rotations = 3n) =>
  encodeFunctionData({ abi: main, functionName: "addTransaction", args: [from, to, validators, rotations, txData] });
const deployData = toRlp([toHex("class C: pass"), "0x06", "0x00"]);

for (const type of ["legacy", "eip1559"]) {
  test(`a ${type} transfer arrives to the wei`, async () => {
    const wallet = await newWallet();
    const to = freshAddress();
    const hash = await wallet.sendTransaction({ to, value: parseEther("0.25"), type });
    const receipt = await client.waitForTransactionReceipt({ hash, pollingInterval: 50, timeout: 10_000 });
    assert.equal(receipt.status, "success");
    assert.equal(receipt.from.toLowerCase(), wallet.account.address.toLowerCase());
    await final(hash);
    assert.equal(await balance(to), parseEther("0.25"));
    assert.equal(await balance(wallet.account.address), parseEther("0.75"));
    assert.equal(await client.getTransactionCount({ address: wallet.account.address }), 1);
    const seen = await client.getTransaction({ hash });
    assert.equal(seen.value, parseEther("0.25"));
  });
}

test("an access-list transfer of either chain id is taken, and its hash is the keccak of its bytes", async () => {
  for (const chainId of [61127, 61999]) {
    const wallet = await newWallet();
    const raw = await wallet.account.signTransaction({
      type: "eip2930", chainId, nonce: 0, gas: 0n, gasPrice: 0n, to: freshAddress(), value: 1n,
      accessList: [{ address: freshAddress(), storageKeys: [`0x${"01".repeat(32)}`] }],
    });
    assert.equal(await client.sendRawTransaction({ serializedTransaction: raw }), keccak256(raw));
  }
});

test("a transfer of more than there is ends UNDETERMINED and moves nothing", async () => {
  const wallet = await newWallet("5");
  const to = freshAddress();
  const { result: hash } = await rpc("eth_sendRawTransaction", await signed(wallet, { to, value: 6n }));
  await until(() => client.request({ method: "eth_getTransactionByHash", params: [hash] }), (tx) => tx.status === "UNDETERMINED");
  assert.equal(await balance(to), 0n);
  assert.equal(await balance(wallet.account.address), 5n);
});

test("the same bytes twice are one transaction", async () => {
  const wallet = await newWallet();
  const to = freshAddress();
  const raw = await signed(wallet, { to, value: 3n });
  const [first, second] = await Promise.all([rpc("eth_sendRawTransaction", raw), rpc("eth_sendRawTransaction", raw)]);
  assert.equal(first.result, second.result);
  await final(first.result);
  assert.equal((await rpc("eth_sendRawTransaction", raw)).result, first.result);
  assert.equal(await balance(to), 3n);
});

test("a deploy is stored with its parts, and its value is taken at once", async () => {
  const wallet = await newWallet();
  const me = wallet.account.address;
  const { result: hash } = await rpc("eth_sendRawTransaction", await signed(wallet, { value: 7n, data: add(me, nobody, deployData) }), {
    genvm_datetime: "2026-01-01T00:00:00Z",
  });
  const { result: tx } = await rpc("eth_getTransactionByHash", hash);
  assert.equal(tx.status, "PENDING");
  assert.equal(tx.type, 1);
  assert.equal(Buffer.from(tx.data.contract_code, "base64").toString(), "class C: pass");
  assert.equal(tx.data.calldata, Buffer.from([6]).toString("base64"));
  assert.equal(tx.to_address, tx.data.contract_address);
  assert.equal(tx.execution_mode, "NORMAL");
  assert.equal(await balance(me), parseEther("1") - 7n);
  const receipt = await client.getTransactionReceipt({ hash });
  assert.equal(receipt.contractAddress.toLowerCase(), tx.to_address.toLowerCase());
  assert.equal(receipt.logs.length, 1);
  assert.equal(receipt.logs[0].topics[1], hash);
  // A call finds the account, and waits behind it.
  const call = await rpc("eth_sendRawTransaction", await signed(wallet, { nonce: 1, data: add(me, tx.to_address, toRlp(["0x06", "0x01"])) }));
  const { result: stored } = await rpc("eth_getTransactionByHash", call.result);
  assert.equal(stored.type, 2);
  assert.equal(stored.execution_mode, "LEADER_ONLY");
  assert.equal(stored.leader_only, true);
});

test("sim_cancelTransaction gives back what a deploy has paid, once", async () => {
  const wallet = await newWallet();
  const me = wallet.account.address;
  const { result: hash } = await rpc("eth_sendRawTransaction", await signed(wallet, { value: 7n, data: add(me, nobody, deployData) }));
  const { result } = await rpc("sim_cancelTransaction", hash);
  assert.deepEqual(result, { transaction_hash: hash, status: "CANCELED" });
  assert.equal(await balance(me), parseEther("1"));
  const { error } = await rpc("sim_cancelTransaction", hash);
  assert.equal(error.code, -32000);
  assert.deepEqual(error.data, { transaction_hash: hash, status: "CANCELED" });
  assert.equal(await balance(me), parseEther("1"));
  assert.equal((await rpc("sim_cancelTransaction", `0x${"ab".repeat(32)}`)).error.code, -32001);
  assert.equal((await rpc("sim_cancelTransaction", "0x12")).error.code, -32602);
});

test("an appeal is recorded where it can be, refused where not", async () => {
  const wallet = await newWallet("5");
  const { result: hash } = await rpc("eth_sendRawTransaction", await signed(wallet, { value: 6n }));
  await until(() => rpc("eth_getTransactionByHash", hash), ({ result }) => result.status === "UNDETERMINED");
  const appeal = (id, nonce) => ({ nonce, data: encodeFunctionData({ abi: main, functionName: "submitAppeal", args: [id] }) });
  const answer = await rpc("eth_sendRawTransaction", await signed(wallet, appeal(hash, 1)));
  assert.equal(answer.result, hash, "the answer is the transaction that is appealed");
  const { result: tx } = await rpc("eth_getTransactionByHash", hash);
  assert.equal(tx.appealed, true);
  const unknown = `0x${"cd".repeat(32)}`;
  const missing = await rpc("eth_sendRawTransaction", await signed(wallet, appeal(unknown, 2)));
  assert.equal(missing.error.code, -32001);
  assert.deepEqual(missing.error.data, { hash: unknown });
  const done = await fund(freshAddress(), 1);
  await final(done);
  const late = await rpc("eth_sendRawTransaction", await signed(wallet, appeal(done, 3)));
  assert.equal(late.error.code, -32000);
  assert.equal(late.error.message, "Transaction cannot be appealed in status FINALIZED");
});

test("bad input is refused with its code, and stores nothing", async () => {
  const wallet = await newWallet();
  const me = wallet.account.address;
  const good = await signed(wallet, { value: 1n });
  const other = freshAddress();
  const cases = {
    "no hex": ["0xzz", -32602],
    empty: ["", -32602],
    "only a prefix": ["0x", -32602],
    "not a text": [12, -32602],
    "a blob transaction": [`0x03${good.slice(4)}`, -32602],
    "half a transaction": [good.slice(0, 60), -32602],
    "a byte too many": [`${good}00`, -32602],
    "a signature of zeros": [toRlp(["0x", "0x", "0x", other, "0x01", "0x", "0x1b", "0x", "0x"]), -32602],
    "another chain": [await wallet.account.signTransaction({ chainId: 1, nonce: 0, gas: 0n, gasPrice: 0n, to: other, value: 1n }), -32602],
    "somebody else's sender": [await signed(wallet, { data: add(other, nobody, deployData) }), -32602],
    "no payload": [await signed(wallet, { data: add(me, nobody, "0x") }), -32602],
    "a payload of one item in a deploy": [await signed(wallet, { data: add(me, nobody, toRlp(["0x06"])) }), -32602],
    "a payload with bytes behind it": [await signed(wallet, { data: add(me, nobody, `${deployData}00`) }), -32602],
    "a flag of two bytes": [await signed(wallet, { data: add(me, nobody, toRlp(["0x61", "0x06", "0x0001"])) }), -32602],
    "more validators than a column holds": [await signed(wallet, { data: add(me, nobody, deployData, 2n ** 40n) }), -32602],
    "cut arguments": [await signed(wallet, { data: add(me, nobody, deployData).slice(0, 100) }), -32602],
    "a call of nobody": [await signed(wallet, { data: add(me, other, toRlp(["0x06"])) }), -32001],
    "a known function without a meaning": [
      await signed(wallet, { data: encodeFunctionData({ abi: main, functionName: "cancelTransaction", args: [`0x${"00".repeat(32)}`] }) }),
      -32602,
    ],
    "a nonce beyond its column": [await signed(wallet, { nonce: 2 ** 40, value: 1n }), -32602],
    "no parameter": [undefined, -32602],
  };
  for (const [what, [raw, code]] of Object.entries(cases)) {
    const answer = raw === undefined ? await rpc("eth_sendRawTransaction") : await rpc("eth_sendRawTransaction", raw);
    assert.equal(answer.error?.code, code, `${what}: ${JSON.stringify(answer)}`);
    assert.ok(answer.error.message.length > 5, what);
    assert.doesNotMatch(answer.error.message, /invalid pointer|could not decode|invalid arrayify value|types\/value length mismatch/i, what);
  }
  assert.equal(await client.getTransactionCount({ address: me }), 0);
  assert.equal(await balance(me), parseEther("1"));
});
