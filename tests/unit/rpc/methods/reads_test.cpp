// SPDX-License-Identifier: MIT
#include "chain/base64.hpp"
#include "tests/unit/rpc/methods/harness.hpp"

/// Keyed reads of accounts, transactions and contracts, given what the read gateway would give.
namespace quorate::rpc::methods::tests {
namespace {

class keyed_reads : public methods_test {
 protected:
  error refused(const std::string& name, const std::vector<json>& params, const db::read_value& value) {
    const auto got = call(name, params, value);
    EXPECT_FALSE(got) << *got;
    return got ? error{} : got.error();
  }
  const db::read_value nothing{};
};

TEST_F(keyed_reads, balances_of_any_size) {
  EXPECT_EQ(answer("eth_getBalance", {sender}, nothing), "0x0");
  EXPECT_EQ(answer("eth_getBalance", {sender}, chain::integer{0}), "0x0");
  EXPECT_EQ(answer("eth_getBalance", {sender}, chain::integer{1'000'000'000'000'000'000}), "0xde0b6b3a7640000");
  chain::integer value = 1;
  for (int exponent = 0; exponent <= 78; ++exponent, value *= 10)
    for (const chain::integer& exact : {chain::integer{value - 1}, value}) {
      const auto text = answer("eth_getBalance", {sender}, exact).get<std::string>();
      EXPECT_EQ(chain::parse_hex_quantity(text), exact);
      EXPECT_TRUE(text == "0x0" || text[2] != '0') << text;
    }
}

TEST_F(keyed_reads, counts) {
  EXPECT_EQ(answer("eth_getTransactionCount", {sender}, nothing), "0x0");
  EXPECT_EQ(answer("eth_getTransactionCount", {sender}, std::uint64_t{26}), "0x1a");
  EXPECT_EQ(answer("gen_getContractNonce", {sender}, nothing), 0);
  EXPECT_EQ(answer("gen_getContractNonce", {sender}, std::uint64_t{26}), 26);
}

TEST_F(keyed_reads, a_transaction_in_each_form) {
  const auto row = stored(pending_call());
  EXPECT_EQ(answer("eth_getTransactionByHash", {some_hash}, row)["current_timestamp"], "1780308001");
  EXPECT_EQ(answer("gen_getStudioTransactionByHash", {some_hash}, row)["tx_id"], some_hash);
  EXPECT_TRUE(answer("gen_getStudioTransactionByHash", {some_hash}, row).contains("data"));
  EXPECT_FALSE(answer("gen_getStudioTransactionByHash", {some_hash, false}, row).contains("data"));
  EXPECT_EQ(answer("eth_getTransactionReceipt", {some_hash}, row)["status"], "0x1");
  EXPECT_EQ(answer("eth_getTransactionReceipt", {some_hash}, nothing), nullptr);
}

TEST_F(keyed_reads, contract_state_on_request) {
  auto row = pending_call();
  row.consensus_data = R"({"leader_receipt":[{"contract_state":{}}]})";
  const auto receipt = [&](json sim_config) {
    return answer("eth_getTransactionByHash", {some_hash, std::move(sim_config)},
                  stored(row))["consensus_data"]["leader_receipt"][0];
  };
  EXPECT_TRUE(receipt({{"include_contract_state", true}}).contains("contract_state"));
  EXPECT_FALSE(receipt({{"include_contract_state", false}}).contains("contract_state"));
  EXPECT_FALSE(receipt(nullptr).contains("contract_state"));
}

TEST_F(keyed_reads, an_unknown_hash_is_an_error_that_names_it) {
  for (const auto* name : {"eth_getTransactionByHash", "gen_getStudioTransactionByHash", "gen_getTransactionStatus"}) {
    const auto problem = refused(name, {some_hash}, nothing);
    EXPECT_EQ(problem.code, errc::not_found);
    EXPECT_EQ(problem.message, "Transaction " + some_hash + " not found");
    EXPECT_EQ(problem.data, "{\"hash\":\"" + some_hash + "\"}");
  }
}

// docs/spec/json-rpc.md §7.8.
TEST_F(keyed_reads, status_codes) {
  const std::map<std::string, int> codes{
      {"PENDING", 1},        {"ACTIVATED", 2},    {"PROPOSING", 2}, {"COMMITTING", 3}, {"REVEALING", 4},
      {"ACCEPTED", 5},       {"UNDETERMINED", 6}, {"FINALIZED", 7}, {"CANCELED", 8},   {"VALIDATORS_TIMEOUT", 12},
      {"LEADER_TIMEOUT", 13}};
  for (std::size_t i = 0; i < db::tx_status_names.size(); ++i) {
    auto row = pending_call();
    row.status = static_cast<db::tx_status>(i);
    const std::string name{db::tx_status_names[i]};
    EXPECT_EQ(answer("gen_getTransactionStatus", {some_hash}, stored(row)),
              (json{{"status", name}, {"statusCode", codes.at(name)}}));
  }
}

TEST_F(keyed_reads, contract_code_without_its_length) {
  const chain::bytes slot{5, 0, 0, 0, 'h', 'e', 'l', 'l', 'o', 0, 0};
  EXPECT_EQ(answer("gen_getContractCode", {sender}, chain::to_base64(slot)), "aGVsbG8=");
  const auto missing = refused("gen_getContractCode", {sender}, nothing);
  EXPECT_EQ(missing.code, errc::not_found);
  EXPECT_EQ(missing.message, "Contract " + sender + " not found");
  EXPECT_EQ(missing.data, "{\"contract_address\":\"" + sender + "\"}");
  const chain::bytes lying{200, 0, 0, 0, 'h'};
  for (const auto& bad : {std::string{}, std::string{"AQ=="}, std::string{"?"}, chain::to_base64(lying)}) {
    const auto problem = refused("gen_getContractCode", {sender}, bad);
    EXPECT_EQ(problem.code, errc::invalid_params);
    EXPECT_EQ(problem.message, "Contract not deployed");
  }
}

}  // namespace
}  // namespace quorate::rpc::methods::tests
