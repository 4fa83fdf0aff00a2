// SPDX-License-Identifier: MIT
#include "engine/host/receipt.hpp"

#include "chain/address.hpp"
#include "chain/base64.hpp"
#include "chain/calldata_fields.hpp"
#include "chain/utf8.hpp"
#include "engine/host/failure.hpp"

namespace quorate::engine::host {

namespace {

using chain::bytes;
using chain::calldata_map;
using chain::calldata_value;
using chain::json;

/// Characters of stdout that a receipt keeps.
constexpr std::size_t longest_output = 5000;
constexpr std::uint64_t full_bucket = 10'000'000;

std::string text_field(const calldata_map& map, const char* name) {
  const auto* held = chain::find_as<std::string>(map, name);
  return held ? *held : std::string{};
}

std::string bytes_field(const calldata_map& map, const char* name) {
  const auto* held = chain::find_as<bytes>(map, name);
  return chain::to_base64(held ? *held : bytes{});
}

json number_field(const calldata_map& map, const char* name) {
  const auto* held = chain::find_as<chain::integer>(map, name);
  return chain::make_number(held ? *held : chain::integer{0});
}

json address_field(const calldata_map& map) {
  const auto* held = chain::find_as<chain::address20>(map, "address");
  return held ? json(chain::address_text(*held).value_or("")) : json(nullptr);
}

/// The value that is sent, encoded anew.
std::string calldata_field(const calldata_map& map) {
  const auto* held = chain::find(map, "calldata");
  return held ? chain::to_base64(chain::encode_calldata(*held).value_or(bytes{})) : "";
}

json common(const calldata_map& map) {
  return {{"value", number_field(map, "value")},
          {"fee_params", ""},
          {"declared_budget", 0},
          {"call_key", "0x" + std::string(64, '0')},
          {"allocation_subtree", json::array()},
          {"gas_used", 0}};
}

json pending(const calldata_map& map) {
  const auto type = text_field(map, "type");
  json out = common(map);
  if (type == "PostMessage") {
    out["address"] = address_field(map);
    out["calldata"] = calldata_field(map);
    out["on"] = text_field(map, "on");
  } else if (type == "DeployContract") {
    out["calldata"] = calldata_field(map);
    out["code"] = bytes_field(map, "code");
    out["salt_nonce"] = number_field(map, "salt_nonce");
    out["on"] = text_field(map, "on");
  } else if (type == "EthSend") {
    out["address"] = address_field(map);
    out["is_eth_send"] = true;
    out["on"] = "finalized";
  } else {
    return nullptr;
  }
  return out;
}

/// The first characters, whole ones.
std::string shortened(const std::string& text) {
  std::size_t end = 0;
  for (std::size_t count = 0; end < text.size() && count < longest_output; ++count) {
    end += std::max<std::size_t>(1, chain::utf8_sequence(std::string_view{text}.substr(end)));
  }
  return text.substr(0, end);
}

json genvm_result(const run_result& outcome) {
  const auto why = classify(outcome);
  const json buckets = json::array({full_bucket, full_bucket, full_bucket});
  return {{"stdout", shortened(outcome.standard_output)},
          {"stderr", outcome.standard_error},
          {"error_code", why.code.empty() ? json(nullptr) : json(why.code)},
          {"raw_error", why.raw},
          {"error_description", nullptr},
          {"data_fee_bucket_totals", buckets},
          {"data_fees_remaining", buckets},
          {"data_fees_consumed", json::array({0, 0, 0})}};
}

}  // namespace

json pending_transactions(const chain::calldata_array& emissions) {
  json out = json::array();
  for (const auto& emission : emissions) {
    const auto* map = std::get_if<calldata_map>(&emission.held);
    if (auto entry = map ? pending(*map) : json(nullptr); !entry.is_null()) out.push_back(std::move(entry));
  }
  return out;
}

json make_receipt(const run_result& outcome, const receipt_context& context, const contract_state& after) {
  json out{{"vote", nullptr},
           {"execution_result", outcome.is_returned() ? "SUCCESS" : "ERROR"},
           {"result", chain::to_base64(outcome.receipt())},
           {"calldata", chain::to_base64(context.calldata)},
           {"gas_used", 0},
           {"mode", context.is_leader ? "leader" : "validator"},
           {"contract_state", after.to_json()},
           {"contract_state_hash", after.hash()},
           {"node_config", context.node_config},
           {"pending_transactions", pending_transactions(outcome.emissions)},
           {"genvm_result", genvm_result(outcome)},
           {"processing_time", context.processing_time.count()},
           {"nondet_disagree", outcome.disagreement ? json(*outcome.disagreement) : json(nullptr)},
           {"execution_stats", nullptr}};
  if (context.is_leader) {
    json outputs = json::object();
    for (std::size_t call = 0; call < outcome.nondet_results.size(); ++call) {
      outputs[std::to_string(call)] = chain::to_base64(outcome.nondet_results[call]);
    }
    out["eq_outputs"] = std::move(outputs);
  }
  return out;
}

}  // namespace quorate::engine::host
