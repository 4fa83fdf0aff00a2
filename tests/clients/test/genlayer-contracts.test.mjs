// SPDX-License-Identifier: MIT
// Contracts through genlayer-js as it is published: schema, code, reads and rehearsed writes of contracts that are there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { abi, createAccount, createClient, generatePrivateKey } from "genlayer-js";
import { localnet } from "genlayer-js/chains";
import { hexToBytes, toHex, toRlp } from "viem";
import { example, place, placeSource } from "./contracts.mjs";
import { modelServer, providerAt } from "./model_server.mjs";
import { freshAddress, fund, rpc, until, url } from "./support.mjs";

const client = createClient({ chain: localnet, endpoint: url, account: createAccount(generatePrivateKey()) });

/** Prompts that wait for their answer. */
const prompts = [];
let models;

/** Others use the server, too, and give back what they take. */
const noConnectionIsHeld = () => until(async () => (await rpc("dev_getPoolStatus")).result.pool.checked_out, (n) => n === 0);

before(async () => {
  models = await modelServer((prompt, model) => {
    if (model === "broken") return 500;
    if (model === "quick") return "ok";
    return new Promise((answer) => prompts.push({ prompt, answer }));
  });
  // Whoever runs contracts for others is a validator; its model is not asked for anything here.
  const { error } = await rpc("sim_createValidator", 5, ...providerAt("http://127.0.0.1:1", "none"));
  assert.equal(error, undefined, JSON.stringify(error));
});

after(() => models.close());

test("getContractSchemaForCode tells methods and parameters", async () => {
  const schema = await client.getContractSchemaForCode(example("counter.py"));
  assert.deepEqual(schema.ctor, { params: [], kwparams: {} });
  assert.deepEqual(schema.methods.add, { params: [["amount", "int"]], kwparams: {}, readonly: false, payable: false, ret: "int" });
  assert.deepEqual(schema.methods.get.ret, { $dict: "int" });
});

test("getContractSchema and getContractCode of a contract that is there", async () => {
  const address = await place("counter.py");
  assert.ok((await client.getContractSchema(address)).methods.add);
  assert.equal(await client.getContractCode(address), example("counter.py"));
});

test("readContract gives what the contract returns", async () => {
  const address = await place("greeter.py", ["hello"]);
  assert.equal(await client.readContract({ address, functionName: "greet", args: ["Ada"] }), "hello, Ada!");
  const counted = await client.readContract({ address: await place("counter.py"), functionName: "get", args: [], jsonSafeReturn: true });
  assert.deepEqual(counted, { count: 0, total: 0, low: 0 });
});

test("simulateWriteContract runs and keeps nothing", async () => {
  const address = await place("counter.py");
  assert.equal(await client.simulateWriteContract({ address, functionName: "add", args: [5] }), 5n);
  const counted = await client.readContract({ address, functionName: "get", args: [], jsonSafeReturn: true });
  assert.deepEqual(counted, { count: 0, total: 0, low: 0 });
});

test("a user error is an error with the receipt", async () => {
  const address = await place("counter.py");
  await assert.rejects(client.simulateWriteContract({ address, functionName: "add", args: [0] }), (error) => {
    const said = JSON.stringify(error, Object.getOwnPropertyNames(error));
    return said.includes("execution failed");
  });
});

test("a read of a contract that is not there is -32001", async () => {
  const { error } = await rpc("gen_call", { type: "read", to: freshAddress(), from: freshAddress(), data: "0x0e066d6574686f640c676574" });
  assert.equal(error.code, -32001);
});

test("calls of one contract are counted, bad input names the member", async () => {
  const address = await place("counter.py");
  const call = { type: "read", to: address, from: freshAddress(), data: "0x0e066d6574686f641c676574" };
  const codes = (await Promise.all(Array.from({ length: 25 }, () => rpc("gen_call", call)))).map((answer) => answer.error?.code);
  assert.ok(codes.includes(-32005) || codes.includes(-32006), JSON.stringify(codes));
  for (const [member, value] of [["type", "look"], ["to", "0x12"], ["from", null], ["data", "zz"], ["value", "-1"], ["sim_config", 5]]) {
    const { error } = await rpc("gen_call", { ...call, to: freshAddress(), [member]: value });
    assert.equal(error.code, -32602, `${member}: ${JSON.stringify(error)}`);
  }
});

test("a contract_state takes the place of what is stored, and bad ones name it", async () => {
  const address = await place("counter.py");
  const call = { type: "read", to: freshAddress(), from: freshAddress(), data: "0x0e066d6574686f641c676574" };
  const calldata = toHex(abi.calldata.encode(abi.calldata.makeCalldataObject("add", [5], undefined)));
  const write = { type: "write", to: address, from: freshAddress(), data: toRlp([calldata, "0x"]) };
  const { contract_state } = (await rpc("sim_call", write)).result;
  const counted = async (extra) => abi.calldata.decode(hexToBytes(`0x${(await rpc("gen_call", { ...call, ...extra })).result}`)).get("count");
  assert.equal(await counted({ sim_config: { contract_state } }), 1n);
  assert.equal(await counted({ to: address }), 0n);
  for (const bad of [5, { a: "b" }, { [Object.keys(contract_state)[0]]: 1 }]) {
    const { error } = await rpc("gen_call", { ...call, sim_config: { contract_state: bad } });
    assert.deepEqual([error.code, error.message.includes("params.sim_config.contract_state must be")], [-32602, true], JSON.stringify(error));
  }
});

test("eth_call answers in Ethereum's words", async () => {
  const address = await place("counter.py");
  const { result } = await rpc("eth_call", { to: address, from: freshAddress(), data: "0x0e066d6574686f641c676574" }, "latest");
  assert.match(result, /^0x1e/);
  assert.equal((await rpc("eth_call", { to: address }, "latest")).result, "0x");
});

test("sim_lintContract says where a contract is wrong", async () => {
  const header = example("counter.py").split("\n").slice(0, 2).join("\n");
  const { result } = await rpc("sim_lintContract", `${header}\nfrom genlayer import *\nclass A(gl.Contract:\n    pass\n`, "a.py");
  assert.deepEqual([result.summary.total, result.results[0].rule_id, result.results[0].line, result.results[0].filename], [1, "syntax", 4, "a.py"]);
  assert.equal((await rpc("sim_lintContract", example("counter.py"))).result.summary.total, 0);
});

test("contracts that run hold no connection, and nobody waits for them", async () => {
  const header = example("counter.py").split("\n").slice(0, 2).join("\n");
  const address = await placeSource(`${header}
from genlayer import *

class Worker(gl.Contract):
    def __init__(self):
        pass

    @gl.public.view
    def get(self) -> str:
        for _ in range(20_000_000):
            pass
        return "worked"
`);
  const call = { type: "read", to: address, from: freshAddress(), data: "0x0e066d6574686f641c676574" };
  const working = Array.from({ length: 8 }, () => rpc("gen_call", call));
  const busy = async () => (await (await fetch(new URL("/metrics", url))).text()).match(/^quorate_contract_runs_running (\d+)/m)[1];
  await until(busy, (n) => Number(n) === 8);
  await noConnectionIsHeld();
  assert.equal((await rpc("gen_call", { ...call, to: freshAddress() })).error.code, -32006);
  const account = freshAddress();
  await fund(account, 3);
  assert.equal((await rpc("eth_getBalance", account)).result, "0x3");
  for (const { result } of await Promise.all(working)) assert.equal(result, "34776f726b6564");
});

test("contracts that wait in a prompt hold no connection, and nobody waits for them", async () => {
  const header = example("counter.py").split("\n").slice(0, 2).join("\n");
  const address = await placeSource(`${header}
from genlayer import *

class Asker(gl.Contract):
    def __init__(self):
        pass

    @gl.public.write
    def ask(self, what: str) -> str:
        return gl.eq_principle.strict_eq(lambda: gl.nondet.exec_prompt(what))
`);
  const [provider, model, config, plugin, plugin_config] = providerAt(models.url, "patient");
  const asking = Array.from({ length: 8 }, async (_, n) => {
    const calldata = abi.calldata.encode(abi.calldata.makeCalldataObject("ask", [`Question ${n}`], undefined));
    const sim_config = { provider, model, config, plugin, plugin_config };
    const { result, error } = await rpc("gen_call", { type: "write", to: address, from: freshAddress(), data: toRlp([toHex(calldata), "0x"]), sim_config });
    assert.equal(error, undefined, JSON.stringify(error));
    return abi.calldata.decode(hexToBytes(`0x${result}`));
  });
  await until(async () => prompts.length, (n) => n === 8);
  await noConnectionIsHeld();
  const account = freshAddress();
  await fund(account, 4);
  assert.equal((await rpc("eth_getBalance", account)).result, "0x4");
  for (const { prompt, answer } of prompts.splice(0)) answer(`${prompt.match(/Question \d/)[0]}?`);
  assert.deepEqual(await Promise.all(asking), Array.from({ length: 8 }, (_, n) => `Question ${n}?`));
});

test("models are asked whether they answer, and random validators are drawn among those that do", async () => {
  for (const model of ["quick", "broken"]) {
    const [provider, , config, plugin, plugin_config] = providerAt(models.url, model);
    const { error } = await rpc("sim_addProvider", { provider, model, config, plugin, plugin_config });
    assert.equal(error, undefined, JSON.stringify(error));
  }
  const all = (await rpc("sim_getProvidersAndModels")).result;
  const answers = (model) => all.find((one) => one.provider === "local" && one.model === model).is_model_available;
  assert.deepEqual([answers("quick"), answers("broken")], [true, false]);
  const { result } = await rpc("sim_createRandomValidators", 3, 1, 5, ["local"]);
  assert.deepEqual(result.map((one) => one.model), ["quick", "quick", "quick"]);
});
