// SPDX-License-Identifier: MIT
// Puts ConsensusMain on a chain and writes deployments/genlayer_network/ConsensusMain.json.
// As a program: node scripts/deploy.js [http://127.0.0.1:8545], after `npx hardhat compile`; for Anvil, say.
const { mkdirSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const folder = process.env.HARDHAT_DEPLOYMENTS || join(__dirname, "..", "deployments", "genlayer_network");

// Where every client library expects it. The code is put there, not deployed: that takes no account's nonce, can be
// repeated, and gives the same address on every chain.
const address = "0xb7278A61aa25c888815aFC32Ad3cC52fF24fE575";

async function deploy(provider, artifact) {
  const ask = (method, params) => provider.request({ method, params });
  await ask("hardhat_setCode", [address, artifact.deployedBytecode]);
  if ((await ask("eth_getCode", [address, "latest"])) !== artifact.deployedBytecode)
    throw new Error("the chain does not hold the code of ConsensusMain");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "ConsensusMain.json");
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, `${JSON.stringify({ address, abi: artifact.abi, bytecode: artifact.bytecode }, null, 2)}\n`);
  renameSync(mine, file);
  return address;
}

/// Hardhat's provider over HTTP.
function remote(url) {
  return {
    async request({ method, params }) {
      const answer = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      }).then((response) => response.json());
      if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
      return answer.result;
    },
  };
}

if (require.main === module) {
  const artifact = require("../artifacts/contracts/ConsensusMain.sol/ConsensusMain.json");
  deploy(remote(process.argv[2] || "http://127.0.0.1:8545"), artifact).then(
    (where) => console.log(`ConsensusMain at ${where}`),
    (error) => {
      console.error(error.message);
      process.exit(1);
    },
  );
}

module.exports = { deploy, remote };
