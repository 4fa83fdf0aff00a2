// SPDX-License-Identifier: MIT
#include "rpc/methods/health.hpp"
#include "tests/unit/rpc/methods/on_postgres.hpp"

namespace quorate::rpc::methods::tests {
namespace {

class database_methods : public methods_on_postgres<database_methods> {
 public:
  static constexpr auto name = "database_methods";

 protected:
  std::string fund(const std::string& amount) { return answer("sim_fundAccount", {sender, amount}); }
};

TEST_F(database_methods, the_faucet_pays_at_once_and_to_the_last_digit) {
  const std::string amount(78, '9');
  const auto hash = fund(amount);
  EXPECT_EQ(hash.size(), 66u);
  EXPECT_EQ(hash.substr(0, 4), "0x5f");
  const auto balance = answer("eth_getBalance", {sender}).get<std::string>();
  EXPECT_EQ(chain::parse_hex_quantity(balance)->str(), amount);

  const auto text = call("eth_getTransactionByHash", {hash}).value();
  EXPECT_NE(text.find("\"value\":" + amount + ","), std::string::npos);
  const auto transaction = chain::parse_json(text).value();
  EXPECT_EQ(transaction["status"], "PENDING");
  EXPECT_EQ(transaction["data"], nullptr);
  EXPECT_EQ(transaction["from_address"], nullptr);
  EXPECT_EQ(transaction["type"], 0);
  EXPECT_EQ(transaction["value_credited"], true);
  EXPECT_EQ(answer("eth_getTransactionReceipt", {hash})["to"], sender);
  EXPECT_EQ(answer("gen_getTransactionStatus", {hash})["statusCode"], 1);
  EXPECT_EQ(answer("sim_getTransactionsForAddress", {sender})[0]["hash"], hash);
  EXPECT_EQ(answer("gen_getContractNonce", {sender}), 1);
  EXPECT_EQ(answer("eth_getTransactionCount", {sender}), "0x0");
  EXPECT_EQ(answer("sim_getTransactionsForAddress", {recipient}), json::array());
}

TEST_F(database_methods, the_faucet_refuses_what_no_balance_can_hold) {
  sql("INSERT INTO current_state (id, data, balance) VALUES ('" + sender + "', '{}', " + std::string(78, '9') + ")");
  const auto more = call("sim_fundAccount", {sender, "1"});
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, errc::invalid_params);
  EXPECT_EQ(more.error().message, "Invalid parameter amount: the balance would have more than 78 digits");
  EXPECT_EQ(answer("sim_getTransactionsForAddress", {sender}), json::array()) << "rolled back";
  EXPECT_EQ(chain::parse_hex_quantity(answer("eth_getBalance", {sender}).get<std::string>())->str(),
            std::string(78, '9'));
}

TEST_F(database_methods, a_finalized_run_that_failed_has_a_receipt_that_says_so) {
  const auto hash = fund("1");
  const auto status = [&](const std::string& set) {
    sql("UPDATE transactions SET " + set);
    return answer("eth_getTransactionReceipt", {hash})["status"];
  };
  sql(R"(UPDATE transactions SET type = 2, consensus_data = '{"leader_receipt": [{"execution_result": "ERROR"}]}')");
  EXPECT_EQ(status("status = 'ACCEPTED'"), "0x1") << "it can still be appealed";
  EXPECT_EQ(status("status = 'FINALIZED'"), "0x0");
  EXPECT_EQ(status(R"(consensus_data = '{"leader_receipt": {"execution_result": "ERROR"}}')"), "0x0");
  EXPECT_EQ(status(R"(consensus_data = '{"leader_receipt": [{"execution_result": "SUCCESS"}]}')"), "0x1");
  EXPECT_EQ(status(R"(type = 3, consensus_data = '{"upgrade_result": "failed"}')"), "0x0");
  EXPECT_EQ(status(R"(consensus_data = '{"upgrade_result": "success"}')"), "0x1");
}

TEST_F(database_methods, an_account_without_data_is_no_contract) {
  fund("1");
  const auto missing = call("gen_getContractCode", {sender});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, errc::not_found);
  EXPECT_EQ(missing.error().message, "Contract " + sender + " not found");
  sql("UPDATE current_state SET data = '{\"state\": {\"accepted\": {}}}'");
  const auto undeployed = call("gen_getContractCode", {sender});
  ASSERT_FALSE(undeployed);
  EXPECT_EQ(undeployed.error().message, "Contract not deployed");
}

TEST_F(database_methods, a_status_is_moved_noted_and_the_loops_are_woken) {
  const auto hash = fund("1");
  const auto moved = answer("sim_updateTransactionStatus", {hash, "ACCEPTED"});
  EXPECT_EQ(moved["status"], "ACCEPTED");
  EXPECT_EQ(moved["consensus_history"]["current_status_changes"], json::array({"PENDING", "ACCEPTED"}));
  EXPECT_EQ(wakes, 1);
  const auto unknown = call("sim_updateTransactionStatus", {some_hash, "ACCEPTED"});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, errc::invalid_params);
  EXPECT_EQ(unknown.error().message, "Transaction not found: " + some_hash);
  EXPECT_EQ(wakes, 1);
}

TEST_F(database_methods, a_block_holds_what_began_to_wait_in_its_second) {
  const auto hash = fund("1");
  sql("UPDATE transactions SET status = 'ACCEPTED', timestamp_awaiting_finalization = 1780308001");
  for (const auto* tag : {"latest", "pending", "safe", "finalized", "0x6a1d5821"}) {
    const auto block = answer("eth_getBlockByNumber", {tag, false});
    EXPECT_EQ(block["number"], "0x6a1d5821") << tag;
    EXPECT_EQ(block["transactions"], json::array({hash})) << tag;
  }
  const auto block = answer("eth_getBlockByNumber", {"latest", true});
  EXPECT_EQ(block["transactions"][0]["hash"], hash);
  EXPECT_EQ(answer("eth_getBlockByHash", {block["hash"], true}), block);
  EXPECT_EQ(answer("eth_getBlockByHash", {hash, false})["transactions"], json::array({hash}));
  EXPECT_EQ(answer("eth_getBlockByHash", {some_hash, false}), nullptr);
  sql("UPDATE transactions SET status = 'FINALIZED'");
  EXPECT_EQ(answer("eth_getBlockByNumber", {"0x6a1d5821", false})["transactions"], json::array({hash}));
  EXPECT_EQ(answer("eth_getBlockByNumber", {"0x6a1d5821", true})["transactions"][0]["status"], "FINALIZED");
  const auto first = answer("eth_getBlockByNumber", {"earliest", false});
  EXPECT_EQ(first["number"], "0x0");
  EXPECT_EQ(first["transactions"], json::array());
  EXPECT_EQ(answer("eth_blockNumber"), "0x6a1d5821");
}

TEST_F(database_methods, a_block_of_the_future_is_empty_without_a_query) {
  pool.labels.clear();
  const auto block = answer("eth_getBlockByNumber", {"0xffffffffff", true});
  EXPECT_EQ(block["number"], "0xffffffffff");
  EXPECT_EQ(block["transactions"], json::array());
  EXPECT_TRUE(pool.labels.empty());
}

TEST_F(database_methods, snapshots_bring_back_what_was) {
  fund("5");
  const auto id = answer("sim_createSnapshot");
  ASSERT_TRUE(id.is_number_integer());
  EXPECT_EQ(answer("sim_clearDbTables", {json::array({"transactions", "current_state"})}), nullptr);
  EXPECT_EQ(answer("eth_getBalance", {sender}), "0x0");
  EXPECT_EQ(answer("sim_restoreSnapshot", {id}), true);
  EXPECT_EQ(answer("eth_getBalance", {sender}), "0x5");
  for (const std::int64_t unknown : {id.get<std::int64_t>() + 1000, std::int64_t{3'000'000'000}, std::int64_t{-1}})
    EXPECT_EQ(answer("sim_restoreSnapshot", {unknown}), false);
  EXPECT_EQ(answer("sim_deleteAllSnapshots"), (json{{"deleted_count", 1}}));
}

TEST_F(database_methods, an_unknown_table_stops_everything) {
  fund("5");
  const auto got = call("sim_clearDbTables", {json::array({"current_state", "pg_class"})});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::invalid_params);
  EXPECT_EQ(answer("eth_getBalance", {sender}), "0x5");
}

TEST_F(database_methods, the_finality_window_is_stored_and_told) {
  window = 42;
  EXPECT_EQ(answer("sim_getFinalityWindowTime"), 42) << "the configured default until it is set";
  EXPECT_EQ(answer("sim_setFinalityWindowTime", {1800}), nullptr);
  EXPECT_EQ(window, 1800);
  window = 7;
  EXPECT_EQ(answer("sim_getFinalityWindowTime"), 1800) << "what is stored counts";
}

TEST_F(database_methods, validators_without_their_keys) {
  EXPECT_EQ(answer("sim_countValidators"), 0);
  EXPECT_EQ(answer("sim_getAllValidators"), json::array());
  sql("INSERT INTO validators (stake, config, address, provider, model, plugin, plugin_config, private_key) VALUES (7, "
      "'{\"a\": 1}', '" +
      sender + "', 'openai', 'gpt', 'openai-compatible', '{\"api_key_env_var\": \"K\"}', '0xsecret')");
  EXPECT_EQ(answer("sim_countValidators"), 1);
  const auto one = answer("sim_getValidator", {sender});
  EXPECT_EQ(one["stake"], 7);
  EXPECT_EQ(one["config"]["a"], 1);
  EXPECT_EQ(one["plugin_config"]["api_key_env_var"], "K");
  EXPECT_EQ(one.size(), 9u);
  EXPECT_EQ(answer("sim_getAllValidators"), json::array({one}));
  const auto missing = call("sim_getValidator", {recipient});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, errc::not_found);
  EXPECT_EQ(missing.error().message, "Validator doesn't exist.");
}

TEST_F(database_methods, health_of_consensus_and_studios_gauges) {
  fund("5");
  sql("UPDATE transactions SET created_at = now() - interval '2 hours'");
  const auto routes = make_health_routes(with);
  std::string text;
  routes.at("/health/consensus")([&](const reply& r) { text = r.body; });
  const auto body = chain::parse_json(text).value();
  EXPECT_EQ(body["status"], "degraded");
  const auto& contract = body["contracts"][0];
  EXPECT_EQ(contract["contract_address"], sender);
  EXPECT_EQ(contract["pending_count"], 1);
  EXPECT_EQ(contract["created_last_1h"], 0);
  EXPECT_EQ(contract["created_last_3h"], 1);
  EXPECT_EQ(contract["oldest_transaction_elapsed"], "2h");
  EXPECT_EQ(contract["orphaned_transactions"], 1);

  sql("UPDATE transactions SET blocked_at = now(), worker_id = 'w'");
  routes.at("/health/consensus")([&](const reply& r) { text = r.body; });
  const auto leased = chain::parse_json(text).value();
  EXPECT_EQ(leased["status"], "healthy");
  EXPECT_EQ(leased["active_workers"], 1);

  routes.at("/metrics")([&](const reply& r) { text = r.body; });
  EXPECT_NE(text.find("genlayer_occupied_contracts 0\n"), std::string::npos);
  EXPECT_NE(text.find("genlayer_runnable_contracts 1\n"), std::string::npos);
  EXPECT_NE(text.find("genlayer_needed_workers 2\n"), std::string::npos);
}

}  // namespace
}  // namespace quorate::rpc::methods::tests
