// SPDX-License-Identifier: MIT
const assert = require("node:assert/strict");
const http = require("node:http");
const net = require("node:net");
const { after, before, test } = require("node:test");
const { startNode } = require("./support/node.js");

const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
const head = `POST / HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;

let node;
before(async () => { node = await startNode({ HARDHAT_CHAIN_ID: "61999" }); });
after(() => node?.stop());

/// Open, but silent until asked.
const connected = () =>
  new Promise((resolve, reject) => {
    const socket = net.connect(node.port, "127.0.0.1", () => resolve(socket));
    socket.once("error", reject);
  });
const answer = (socket) =>
  new Promise((resolve, reject) => {
    let text = "";
    socket.on("data", (part) => { text += part; if (text.includes('"result"')) resolve(text); });
    socket.once("close", () => reject(new Error(`hung up after ${JSON.stringify(text)}`)));
    socket.once("error", reject);
    socket.write(head + body);
  });

test("200 sockets that are open at the same time are all answered", async () => {
  const sockets = await Promise.all(Array.from({ length: 200 }, connected));
  try {
    const answers = await Promise.all(sockets.map(answer));
    assert.equal(answers.length, 200);
    for (const text of answers) assert.match(text, /"result":"0xf22f"/);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test("an idle connection is kept for more than Node's five seconds", async () => {
  const response = await new Promise((resolve, reject) => {
    const request = http.request(node.url, { method: "POST", agent: new http.Agent({ keepAlive: true }) }, resolve);
    request.once("error", reject);
    request.end(body);
  });
  response.destroy();
  assert.equal(response.headers["keep-alive"], "timeout=65");
});
