// SPDX-License-Identifier: MIT
// viem, ethers and a bare WebSocket over /ws.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { WebSocketProvider } from "ethers";
import { createPublicClient, defineChain, keccak256, webSocket } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import WebSocket from "ws";
import { chainIds, freshAddress, fund, rpc, until, url } from "./support.mjs";

const socketUrl = url.replace(/^http/, "ws").replace(/\/api$/, "/ws");
const chain = defineChain({
  id: chainIds[0],
  name: "Quorate",
  nativeCurrency: { name: "GEN", symbol: "GEN", decimals: 18 },
  rpcUrls: { default: { http: [url], webSocket: [socketUrl] } },
});
const viem = createPublicClient({ chain, transport: webSocket(socketUrl, { retryCount: 0, reconnect: false }) });
const ethers = new WebSocketProvider(socketUrl);
const complaints = [];
const pages = []; // a socket left open by a test that failed would keep the process alive
ethers.on("error", (error) => complaints.push(error));

after(async () => {
  pages.forEach((socket) => socket.terminate());
  await ethers.destroy();
  (await viem.transport.getRpcClient()).close();
});

/** The first value that `watch` hands to its callback; `watch` returns how to stop. */
async function first(watch, act = () => {}, ms = 20_000) {
  let stop;
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error("nothing came")), ms);
      stop = watch(resolve, reject);
      Promise.resolve(act()).catch(reject);
    });
  } finally {
    clearTimeout(timer);
    await stop?.();
  }
}

/** A subscription is made in the background: acts again until something is heard of it. */
const repeatedly = (act) => async () => {
  for (let i = 0; i < 5; ++i) {
    await act();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
};

test("viem: calls, many at once", async () => {
  assert.ok(chainIds.includes(await viem.getChainId()));
  const addresses = Array.from({ length: 60 }, freshAddress);
  await fund(addresses[31], 31);
  const balances = await Promise.all(addresses.map((address) => viem.getBalance({ address })));
  balances.forEach((balance, i) => assert.equal(balance, i === 31 ? 31n : 0n));
  await assert.rejects(viem.request({ method: "no_such" }), { name: "MethodNotFoundRpcError" });
});

test("viem: watchBlockNumber counts the seconds", async () => {
  const number = await first((onBlockNumber, onError) => viem.watchBlockNumber({ onBlockNumber, onError }));
  assert.ok(number > 1_600_000_000n);
});

test("viem: watchBlocks reads heads", async () => {
  const block = await first((onBlock, onError) => viem.watchBlocks({ onBlock, onError }));
  assert.match(block.hash, /^0x[0-9a-f]{64}$/);
  assert.equal((await viem.getBlock({ blockNumber: block.number })).hash, block.hash);
});

test("viem: watchPendingTransactions hears of the faucet", async () => {
  const sent = [];
  const hashes = await first(
    (onTransactions, onError) => viem.watchPendingTransactions({ onTransactions, onError, batch: false }),
    repeatedly(async () => sent.push(await fund(freshAddress(), 1))),
  );
  await until(() => sent, (known) => hashes.every((hash) => known.includes(hash)));
});

test("viem: watchEvent hears of a transaction's log, chosen by address", async () => {
  const address = freshAddress();
  const logs = await first(
    (onLogs, onError) => viem.watchEvent({ address, onLogs, onError }),
    repeatedly(async () => {
      await fund(freshAddress(), 1);
      await fund(address, 1);
    }),
  );
  assert.equal(logs[0].address.toLowerCase(), address.toLowerCase());
  const receipt = await viem.getTransactionReceipt({ hash: logs[0].transactionHash });
  assert.equal(receipt.transactionHash, logs[0].transactionHash);
});

test("ethers: calls and network detection", async () => {
  assert.ok(chainIds.map(BigInt).includes((await ethers.getNetwork()).chainId));
  const address = freshAddress();
  await fund(address, 5);
  assert.equal(await ethers.getBalance(address), 5n);
});

test("ethers: block events", async () => {
  const number = await first((resolve) => {
    ethers.on("block", resolve);
    return () => ethers.off("block", resolve);
  });
  assert.ok(number > 1_600_000_000);
});

test("ethers: pending events", async () => {
  const hash = await first((resolve) => {
    ethers.on("pending", resolve);
    return () => ethers.off("pending", resolve);
  }, repeatedly(() => fund(freshAddress(), 1)));
  assert.match(hash, /^0x[0-9a-f]{64}$/);
});

test("ethers: log events with a filter", async () => {
  const address = freshAddress();
  const log = await first((resolve) => {
    ethers.on({ address }, resolve);
    return () => ethers.off({ address }, resolve);
  }, repeatedly(() => fund(address, 1)));
  assert.equal(log.address, address);
});

test("ethers: waiting for a transaction", async () => {
  const receipt = await ethers.waitForTransaction(await fund(freshAddress(), 1), 1, 20_000);
  assert.equal(receipt.status, 1);
});

test("ethers: only the greeting, and what is told to everybody, was unexpected", () => {
  const told = ["connect", "endpoint_call", "endpoint_success", "endpoint_error", "validator_created"];
  for (const error of complaints) assert.ok(told.includes(error.result.event), error.result.event);
});

test("eth_unsubscribe ends what it names, and only once", async () => {
  const client = await viem.transport.getRpcClient();
  const ask = (method, params) => client.requestAsync({ body: { method, params } });
  for (const what of [["newHeads"], ["logs", {}], ["newPendingTransactions"]]) {
    const { result: id } = await ask("eth_subscribe", what);
    assert.match(id, /^0x[0-9a-f]+$/);
    assert.equal((await ask("eth_unsubscribe", [id])).result, true);
    assert.equal((await ask("eth_unsubscribe", [id])).result, false);
  }
  assert.equal((await ask("eth_subscribe", ["syncing"])).error.code, -32602);
});

/** A bare socket that speaks as the Studio page does. */
async function page(options = {}) {
  const socket = new WebSocket(socketUrl, options);
  pages.push(socket);
  const heard = [];
  socket.on("message", (text) => heard.push(JSON.parse(text)));
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const say = (event, data) => socket.send(JSON.stringify({ event, data }));
  const named = (event) => heard.filter((m) => m.event === event);
  const join = async (...rooms) => {
    say("subscribe", rooms);
    await until(() => named("subscribed"), (all) => rooms.every((room) => all.some((m) => m.data.room === room)));
  };
  return { socket, heard, say, named, join };
}

test("the page's protocol, compressed: ping, rooms, goodbye", async () => {
  const { socket, heard, say, named } = await page({ perMessageDeflate: true });
  assert.match(socket.extensions, /permessage-deflate/);
  say("ping", { timestamp: 1 });
  say("subscribe", ["a", "b"]);
  say("subscribe", []);
  say("unsubscribe", "a");
  await until(() => named("unsubscribed"), (all) => all.length > 0);
  assert.equal(heard[0].event, "connect");
  assert.match(heard[0].data.id, /^\d+$/);
  assert.deepEqual(named("pong")[0].data, { timestamp: 1 });
  assert.deepEqual(named("subscribed").map((m) => m.data.room), ["a", "b"]);
  assert.deepEqual(named("unsubscribed"), [{ event: "unsubscribed", data: { room: "a" } }]);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.close(1000);
  assert.equal(await closed, 1000);
});

test("the page hears of a signed transfer: its calls by account, its statuses in order up to FINALIZED", async () => {
  const account = privateKeyToAccount(generatePrivateKey());
  await fund(account.address, 5);
  const raw = await account.signTransaction({ chainId: chainIds[0], nonce: 0, gas: 0n, gasPrice: 0n, to: freshAddress(), value: 2n });
  const hash = keccak256(raw);
  const { socket, named, join } = await page();
  await join(hash, account.address);
  assert.equal((await rpc("eth_sendRawTransaction", raw)).result, hash);
  const told = await until(
    () => named("transaction_status_updated"),
    (all) => all.some((m) => m.data.data.status === "FINALIZED"),
  );
  assert.deepEqual(told.map((m) => m.data.data.new_status), ["PENDING", "FINALIZED"]);
  for (const { data } of told) {
    assert.equal(data.transaction_hash, hash);
    assert.equal(data.data.hash, hash);
    assert.equal(data.message, `${data.data.status} ${hash}`);
  }
  // A page hears of everybody's calls that belong to no room, too; other test files are at work.
  const own = (event) => named(event).filter((m) => m.data.account_address === account.address);
  const [call] = await until(() => own("endpoint_call"), (all) => all.length > 0);
  assert.equal(call.data.data.method, "eth_sendRawTransaction");
  const [success] = await until(() => own("endpoint_success"), (all) => all.length > 0);
  assert.equal(success.data.data.result, hash);
  socket.close();
});

test("the page's odd messages are answered, and the socket stays", async () => {
  const { socket, named } = await page();
  const odd = [
    ["no json", { event: "error", data: "Invalid JSON" }],
    ["7", { event: "error", data: "Invalid message; expected an object" }],
    ['{"event":"ping","data":[]}', { event: "error", data: "Invalid ping payload; expected object" }],
    ['{"event":"subscribe","data":1}', { event: "error", data: "Invalid subscribe payload; expected string or list of strings" }],
    ['{"event":"unsubscribe"}', { event: "error", data: "Invalid unsubscribe payload; expected string or list of strings" }],
    [Buffer.from([1, 2]), { event: "error", data: "Invalid message; expected text" }],
    ['{"event":"hello"}', { event: "message", data: "Received event: hello" }],
    ["{}", { event: "message", data: "Received event: None" }],
  ];
  for (const [message] of odd) socket.send(message);
  for (const kind of ["error", "message"]) {
    const expected = odd.map(([, answer]) => answer).filter((answer) => answer.event === kind);
    await until(() => named(kind), (all) => all.length === expected.length);
    assert.deepEqual(named(kind), expected);
  }
  socket.close();
});

test("a real Engine.IO handshake is told where to go", async () => {
  const answer = await fetch(url.replace(/\/api$/, "/socket.io/?EIO=4&transport=polling"));
  assert.equal(answer.status, 400);
  assert.match((await answer.json()).detail, /\/ws/);
});
