// SPDX-License-Identifier: MIT
const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { after, before, test } = require("node:test");
const { Interface } = require("@ethersproject/abi");
const { startNode } = require("./support/node.js");

const facts = JSON.parse(readFileSync(join(__dirname, "../../tests/data/vectors/abi.json"), "utf8"));
const sender = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
const contract = "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65";
const zero = `0x${"00".repeat(20)}`;
const id = (n) => `0x${n.toString(16).padStart(64, "0")}`;
const word = (address) => `${"0".repeat(24)}${address.slice(2).toLowerCase()}`;

let node, main, account;
before(async () => {
  node = await startNode();
  main = new Interface(node.deployment.abi);
  [account] = await node.ask("eth_accounts");
});
after(() => node?.stop());

/// Sends a call and gives back its receipt; `more` is appended to the data.
async function send(name, args, more = "") {
  const data = main.encodeFunctionData(name, args) + more;
  const hash = await node.ask("eth_sendTransaction", {
    from: account, to: node.deployment.address, data, gas: "0x2faf080", gasPrice: "0x0",
  });
  return node.ask("eth_getTransactionReceipt", hash);
}
const events = (receipt) => receipt.logs.map((log) => main.parseLog(log));
const add = (recipient, payload, more) => send("addTransaction", [sender, recipient, 5, 3, payload], more);

test("functions and events are those that the facts list", () => {
  const from = (one) => one.in.some((place) => place.startsWith("ConsensusMain.sol (Hardhat build)"));
  const called = ["addTransaction(address,address,uint256,uint256,bytes)", "submitAppeal(bytes32)"];
  const functions = facts.functions.filter((one) => from(one) || called.includes(one.signature));
  assert.equal(functions.length, 11);
  for (const one of functions) assert.equal(main.getSighash(one.signature), one.selector);
  const topics = new Set(facts.events.filter(from).map((one) => one.topic0));
  for (const name of Object.keys(main.events)) assert.ok(topics.has(main.getEventTopic(name)), name);
});

test("the contract stands where clients expect it", async () => {
  assert.equal(node.deployment.address, facts.meta.addresses.ConsensusMain);
  assert.notEqual(await node.ask("eth_getCode", node.deployment.address, "latest"), "0x");
  assert.equal(await node.ask("eth_getTransactionCount", account, "latest"), "0x0");
});

test("a call gets an id of its own, a deploy an address too", async () => {
  const [first] = events(await add(contract, "0x1234"));
  const [second] = events(await add(contract, "0x1234"));
  assert.equal(first.args.recipient, contract);
  assert.equal(first.args.activator, sender);
  assert.notEqual(first.args.txId, second.args.txId);
  const [deploy] = events(await add(zero, "0x1234"));
  assert.notEqual(deploy.args.recipient, zero);
});

test("an appended id and recipient are announced, whatever the length of the data", async () => {
  for (const [n, payload] of [[1, "0x"], [2, "0x12"], [3, `0x${"ab".repeat(32)}`], [4, `0x${"cd".repeat(33)}`]]) {
    const receipt = await add(zero, payload, id(n).slice(2) + word(contract));
    const [event] = events(receipt);
    assert.deepEqual(receipt.logs[0].topics.slice(1), [id(n), `0x${word(contract)}`, `0x${word(sender)}`]);
    assert.equal(event.name, "NewTransaction");
  }
});

test("an id comes in once", async () => {
  const more = id(77).slice(2) + word(contract);
  await add(contract, "0x01", more);
  await assert.rejects(add(contract, "0x01", more), /KnownTransaction/);
  const logs = await node.ask("eth_getLogs", { fromBlock: "0x0", topics: [main.getEventTopic("NewTransaction"), id(77)] });
  assert.equal(logs.length, 1);
});

test("what consensus reports becomes events, messages become transactions", async () => {
  const cases = [
    ["emitTransactionActivated", [id(5), sender, [sender, contract]], ["TransactionActivated"]],
    ["emitTransactionReceiptProposed", [id(5)], ["TransactionReceiptProposed"]],
    ["emitTransactionLeaderTimeout", [id(5)], ["TransactionLeaderTimeout"]],
    ["emitTransactionLeaderRotated", [id(5), contract], ["TransactionLeaderRotated"]],
    ["emitVoteCommitted", [id(5), sender, true], ["VoteCommitted"]],
    ["emitVoteRevealed", [id(5), sender, 1, true, 6], ["VoteRevealed"]],
    ["emitAppealStarted", [id(5), sender, 0, [contract]], ["AppealStarted"]],
    ["emitTransactionAccepted", [id(5), []], ["TransactionAccepted"]],
    ["emitTransactionFinalized", [id(5), [[sender, contract, "0x01"], [sender, contract, "0x01"]]],
      ["NewTransaction", "InternalMessageProcessed", "NewTransaction", "InternalMessageProcessed", "TransactionFinalized"]],
  ];
  for (const [name, args, expected] of cases)
    assert.deepEqual(events(await send(name, args)).map((event) => event.name), expected);
  const [one, , two] = events(await send(...cases.at(-1).slice(0, 2)));
  assert.notEqual(one.args.txId, two.args.txId);
});

test("an appeal needs a transaction", async () => {
  const [known] = events(await add(contract, "0x02"));
  assert.deepEqual(events(await send("submitAppeal", [known.args.txId])).map((event) => event.name), ["AppealStarted"]);
  await assert.rejects(send("submitAppeal", [id(404)]), /UnknownTransaction/);
});

test("a contract's code may be longer than a transaction of later hardforks", async () => {
  const receipt = await add(zero, `0x${"ab".repeat(500_000)}`, id(500_000).slice(2) + word(contract));
  assert.equal(receipt.status, "0x1");
  assert.ok(Number(receipt.gasUsed) > 2 ** 24);
});
