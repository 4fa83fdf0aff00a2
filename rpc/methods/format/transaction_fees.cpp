// SPDX-License-Identifier: MIT
#include <algorithm>

#include "rpc/methods/format/transaction_format.hpp"

namespace quorate::rpc::methods {

namespace {

/// Every number of `fees` is decimal text; a missing one is "0".
std::string decimal(const json* number) {
  if (!number) return "0";
  if (number->is_string()) return number->get<std::string>();
  const auto whole = chain::as_integer(*number);
  return whole ? whole->str() : "0";
}
std::string decimal(const json* owner, std::string_view key) { return decimal(member(owner, key)); }

/// The first of these that is there.
const json* first_of(std::initializer_list<const json*> found) {
  const auto* const one = std::find_if(found.begin(), found.end(), [](const json* p) { return p != nullptr; });
  return one == found.end() ? nullptr : *one;
}

/// A list of fees by bucket; storage is the second.
const json* storage_bucket(const json* buckets) {
  if (!buckets || !buckets->is_array() || buckets->size() < 2 || (*buckets)[1].is_null()) return nullptr;
  return &(*buckets)[1];
}

/// What was charged counts before what GenVM reported, and a report before the bare buckets of older rows.
std::string storage_fee_used(const json* accounting) {
  const auto* report = member(accounting, "execution_fee_report");
  return decimal(first_of({member(member(report, "chargeableExecution"), "storage"),
                           storage_bucket(member(accounting, "execution_fee_consumed_buckets")),
                           member(member(report, "genvmBuckets"), "storage"),
                           storage_bucket(member(accounting, "genvm_fee_consumed_buckets"))}));
}

/// The prices in force at submission; newer rows spell them as clients do.
json_object locked_prices(const json* policy) {
  json_object out;
  const auto price = [&](std::string_view name, std::string_view older) {
    out.text(name, decimal(first_of({member(policy, name), member(policy, older)})));
  };
  price("genPerTimeUnit", "gen_per_time_unit");
  price("storageUnitPrice", "storage_unit_price");
  price("receiptGasPrice", "receipt_gas_price");
  return out;
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
    out.raw("locked", locked_prices(policy).str());
  } else {
    out.null("locked");
  }
  json_object consumed;
  consumed.text("executionConsumed", decimal(accounting, "execution_fee_consumed"));
  consumed.text("storageFeeUsed", storage_fee_used(accounting));
  consumed.text("messageFeesConsumed", decimal(accounting, "message_fee_consumed"));
  consumed.text("messageFeesBudgetTotal", decimal(accounting, "message_fee_budget"));
  out.raw("consumed", consumed.str());
  return out.str();
}

}  // namespace quorate::rpc::methods
