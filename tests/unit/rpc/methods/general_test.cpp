// SPDX-License-Identifier: MIT
#include "tests/unit/rpc/methods/harness.hpp"

namespace quorate::rpc::methods::tests {
namespace {

using general = methods_test;

// docs/spec/json-rpc.md §7.1, §8.1.
TEST_F(general, constants) {
  EXPECT_EQ(answer("ping"), "OK");
  EXPECT_EQ(answer("eth_chainId"), "0xf22f");
  EXPECT_EQ(answer("net_version"), "61999");
  EXPECT_EQ(answer("net_listening"), true);
  EXPECT_EQ(answer("web3_clientVersion"), "Quorate/v0.1.0");
  EXPECT_EQ(answer("eth_accounts"), json::array());
  EXPECT_EQ(answer("eth_syncing"), false);
  EXPECT_EQ(answer("eth_gasPrice"), "0x0");
  EXPECT_EQ(answer("eth_maxPriorityFeePerGas"), "0x0");
  EXPECT_EQ(answer("eth_estimateGas", {json::object()}), "0x7a120");
  EXPECT_EQ(answer("eth_getLogs", {json::object()}), json::array());
  EXPECT_EQ(answer("eth_getCode", {sender}), "0x");
  EXPECT_EQ(call("eth_feeHistory", {"0x1"}).value(),
            R"({"baseFeePerGas":["0x0","0x0"],"gasUsedRatio":[0.0],"oldestBlock":"0x0"})");
}

TEST_F(general, every_method_of_the_issue_is_there_and_described) {
  for (const auto* name : {"ping",
                           "eth_chainId",
                           "net_version",
                           "net_listening",
                           "web3_clientVersion",
                           "eth_accounts",
                           "eth_syncing",
                           "eth_gasPrice",
                           "eth_estimateGas",
                           "eth_feeHistory",
                           "eth_maxPriorityFeePerGas",
                           "eth_getLogs",
                           "eth_getCode",
                           "eth_blockNumber",
                           "eth_getBlockByNumber",
                           "eth_getBlockByHash",
                           "eth_getBalance",
                           "eth_getTransactionCount",
                           "eth_getTransactionByHash",
                           "eth_getTransactionReceipt",
                           "gen_getTransactionStatus",
                           "gen_getStudioTransactionByHash",
                           "gen_getContractNonce",
                           "gen_getContractCode",
                           "sim_fundAccount",
                           "sim_getTransactionsForAddress",
                           "sim_clearDbTables",
                           "sim_createSnapshot",
                           "sim_restoreSnapshot",
                           "sim_deleteAllSnapshots",
                           "sim_getFinalityWindowTime",
                           "sim_setFinalityWindowTime",
                           "sim_updateTransactionStatus",
                           "sim_getAllValidators",
                           "sim_getValidator",
                           "sim_countValidators",
                           "dev_getPoolStatus",
                           "dev_setPoolLimits",
                           "dev_pausePool",
                           "dev_resumePool",
                           "dev_drainPool",
                           "dev_evictPool",
                           "dev_getActors"})
    EXPECT_TRUE(table.find(name)) << name;
  for (const auto& [name, entry] : table.all()) {
    EXPECT_FALSE(entry.summary.empty()) << name;
    EXPECT_TRUE(entry.result_schema.is_object()) << name;
    for (const auto& one : entry.params) EXPECT_FALSE(one.help.empty()) << name << ' ' << one.name;
  }
}

TEST_F(general, what_changes_the_server_needs_the_admin_and_eth_methods_take_extra_parameters) {
  for (const auto* name : {"sim_clearDbTables", "sim_createSnapshot", "sim_restoreSnapshot", "sim_deleteAllSnapshots",
                           "sim_setFinalityWindowTime", "sim_updateTransactionStatus", "dev_setPoolLimits",
                           "dev_pausePool", "dev_resumePool", "dev_drainPool", "dev_evictPool"})
    EXPECT_EQ(table.find(name)->gate, gate::admin) << name;
  for (const auto* name : {"dev_getPoolStatus", "dev_getActors"})
    EXPECT_EQ(table.find(name)->gate, gate::hosted_only) << name;
  EXPECT_EQ(table.find("sim_fundAccount")->gate, gate::open);
  for (const auto& [name, entry] : table.all()) {
    if (name.starts_with("eth_")) {
      EXPECT_TRUE(entry.ignore_extra_params) << name;
    }
  }
}

}  // namespace
}  // namespace quorate::rpc::methods::tests
