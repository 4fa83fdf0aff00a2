// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "rpc/methods/format/transaction_format.hpp"

namespace quorate::rpc::methods {
namespace {

TEST(fees, are_null_without_accounting) {
  EXPECT_EQ(fees(nullptr), "null");
  EXPECT_EQ(fees({{"calldata", "AA=="}}), "null");
  EXPECT_EQ(fees({{"fee_accounting", "odd"}}), "null");
}

// The shape of docs/spec/json-rpc.md §9.4.
TEST(fees, are_decimal_texts_with_every_digit) {
  const auto data = chain::parse_json(R"({"fee_accounting":{"paid_fee_value":1100000000000511512,"user_value":7,
    "policy_snapshot":{"gen_per_time_unit":1000000000000000,"storage_unit_price":1,"receipt_gas_price":2},
    "execution_fee_consumed":340282366920938463463374607431768211456,"message_fee_consumed":3,"message_fee_budget":4,
    "fees_distribution":{"leaderTimeunitsAllocation":100,"rotations":[0,1],"totalMessageFees":5}}})");
  const auto out = chain::parse_json(fees(data.value())).value();
  EXPECT_EQ(out["deposit"], "1100000000000511512");
  EXPECT_EQ(out["userValue"], "7");
  EXPECT_EQ(out["locked"],
            (json{{"genPerTimeUnit", "1000000000000000"}, {"storageUnitPrice", "1"}, {"receiptGasPrice", "2"}}));
  EXPECT_EQ(out["consumed"]["executionConsumed"], "340282366920938463463374607431768211456");
  EXPECT_EQ(out["consumed"]["messageFeesConsumed"], "3");
  EXPECT_EQ(out["consumed"]["messageFeesBudgetTotal"], "4");
  EXPECT_EQ(out["distribution"]["leaderTimeunitsAllocation"], "100");
  EXPECT_EQ(out["distribution"]["rotations"], json::array({"0", "1"}));
  EXPECT_EQ(out["distribution"]["appealRounds"], "0");
  EXPECT_EQ(out["distribution"].size(), 9u);
}

// Each source hides those behind it; a row has the ones that its version of Studio wrote.
TEST(fees, of_storage_come_from_the_best_source_there_is) {
  json accounting{{"execution_fee_report",
                   {{"chargeableExecution", {{"storage", 11}, {"total", 1}}}, {"genvmBuckets", {{"storage", 33}}}}},
                  {"execution_fee_consumed_buckets", {1, 22, 3}},
                  {"genvm_fee_consumed_buckets", {1, 44}}};
  const auto used = [&] {
    const auto out = chain::parse_json(fees({{"fee_accounting", accounting}})).value();
    return out["consumed"]["storageFeeUsed"].get<std::string>();
  };
  EXPECT_EQ(used(), "11");
  accounting["execution_fee_report"].erase("chargeableExecution");
  EXPECT_EQ(used(), "22");
  accounting["execution_fee_consumed_buckets"] = json::array({1});
  EXPECT_EQ(used(), "33");
  accounting["execution_fee_report"] = nullptr;
  EXPECT_EQ(used(), "44");
  accounting["genvm_fee_consumed_buckets"] = json::array();
  EXPECT_EQ(used(), "0");
}

TEST(fees, were_locked_in_either_spelling) {
  const auto locked = [](json policy) {
    return chain::parse_json(fees({{"fee_accounting", {{"policy_snapshot", std::move(policy)}}}})).value()["locked"];
  };
  EXPECT_EQ(locked({{"genPerTimeUnit", 5}, {"gen_per_time_unit", 6}, {"storage_unit_price", 7}}),
            (json{{"genPerTimeUnit", "5"}, {"storageUnitPrice", "7"}, {"receiptGasPrice", "0"}}));
}

TEST(fees, were_not_locked_without_a_policy) {
  EXPECT_EQ(chain::parse_json(fees({{"fee_accounting", json::object()}})).value()["locked"], nullptr);
}

}  // namespace
}  // namespace quorate::rpc::methods
