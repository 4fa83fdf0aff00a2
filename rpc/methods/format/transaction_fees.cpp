// SPDX-License-Identifier: MIT
#include "rpc/methods/format/transaction_format.hpp"

namespace quorate::rpc::methods {

namespace {

/// Every number of `fees` is decimal text; a missing one is "0".
std::string decimal(const json* owner, std::string_view key) {
  const auto* found = member(owner, key);
  if (!found) return "0";
  if (found->is_string()) return found->get<std::string>();
  const auto number = chain::as_integer(*found);
  return number ? number->str() : "0";
}

json_object distribution(const json* from) {
  json_object out;
  const auto copy = [&](std::string_view key) { out.text(key, decimal(from, key)); };
  for (const auto* key : {"leaderTimeunitsAllocation", "validatorTimeunitsAllocation", "appealRounds",
                          "executionBudgetPerRound", "totalMessageFees"})
    copy(key);
  std::vector<std::string> rotations;
  for (const auto* one : elements(member(from, "rotations"))) {
    const auto number = chain::as_integer(*one);
    rotations.push_back(number ? number->str() : one->is_string() ? one->get<std::string>() : "0");
  }
  out.raw("rotations", json_strings(rotations));
  for (const auto* key : {"maxPriceGenPerTimeUnit", "storageFeeMaxGasPrice", "receiptFeeMaxGasPrice"}) copy(key);
  return out;
}

}  // namespace

std::string fees(const json& data) {
  const auto* accounting = member(&data, "fee_accounting");
  if (!accounting || !accounting->is_object()) return "null";
  const auto* shares = member(accounting, "fees_distribution");
  if (!shares) shares = member(&data, "fees_distribution");

  json_object out;
  out.text("deposit", decimal(accounting, "paid_fee_value")).text("userValue", decimal(accounting, "user_value"));
  out.raw("distribution", distribution(shares).str());
  if (const auto* policy = member(accounting, "policy_snapshot")) {
    json_object locked;
    locked.text("genPerTimeUnit", decimal(policy, "gen_per_time_unit"));
    locked.text("storageUnitPrice", decimal(policy, "storage_unit_price"));
    locked.text("receiptGasPrice", decimal(policy, "receipt_gas_price"));
    out.raw("locked", locked.str());
  } else {
    out.null("locked");
  }
  json_object consumed;
  consumed.text("executionConsumed", decimal(accounting, "execution_fee_consumed"));
  consumed.text("storageFeeUsed",
                decimal(member(member(accounting, "execution_fee_report"), "genvmBuckets"), "storage"));
  consumed.text("messageFeesConsumed", decimal(accounting, "message_fee_consumed"));
  consumed.text("messageFeesBudgetTotal", decimal(accounting, "message_fee_budget"));
  out.raw("consumed", consumed.str());
  return out.str();
}

}  // namespace quorate::rpc::methods
