// SPDX-License-Identifier: MIT
// A development chain for Quorate. `./dev hardhat` runs it.
const { subtask } = require("hardhat/config");
const names = require("hardhat/builtin-tasks/task-names");
const { deploy } = require("./scripts/deploy.js");

const chainId = Number(process.env.HARDHAT_CHAIN_ID || 61127);
const connections = Number(process.env.HARDHAT_CONNECTIONS || 1000);
const compiler = "0.8.24";

// The compiler comes with the npm packages: nothing is downloaded.
subtask(names.TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async ({ solcVersion }, hre, runSuper) => {
  if (solcVersion !== compiler) return runSuper();
  return {
    compilerPath: require.resolve("solc/soljson.js"),
    isSolcJs: true,
    version: compiler,
    longVersion: require("solc").version(),
  };
});

// The contract is there before the first connection is let in, so that nobody meets a chain without it.
subtask(names.TASK_NODE_GET_PROVIDER, async (args, hre, runSuper) => {
  const provider = await runSuper(args);
  await deploy(provider, await hre.artifacts.readArtifact("ConsensusMain"));
  return provider;
});

// Hardhat has no setting for its HTTP server, and one named httpServer.maxConnections is ignored. This is the server
// itself. Whoever is above the limit is hung up on without an answer, so it stands well above what a client opens; and
// an idle connection is kept for longer than Node's 5 seconds.
subtask(names.TASK_NODE_SERVER_CREATED, async (args, hre, runSuper) => {
  const http = args.server._httpServer;
  if (http === undefined) throw new Error("this Hardhat keeps its HTTP server elsewhere; look at hardhat.config.js");
  http.maxConnections = connections;
  http.keepAliveTimeout = 65_000;
  return runSuper(args);
});

module.exports = {
  solidity: { version: compiler, settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: "shanghai" } },
  networks: {
    hardhat: {
      chainId,
      // Later hardforks cap one transaction at 2^24 gas: some 25 kB of contract code.
      hardfork: "prague",
      gasPrice: 0,
      initialBaseFeePerGas: 0,
      blockGasLimit: 20_000_000_000,
      mining: { auto: true, mempool: { order: "fifo" } },
      loggingEnabled: process.env.HARDHAT_LOG === "1",
    },
    genlayer_network: { url: process.env.HARDHAT_NODE || "http://127.0.0.1:8545", chainId },
  },
};
