// SPDX-License-Identifier: MIT
#include "engine/host/request_body.hpp"

#include <algorithm>

namespace quorate::engine::host {

namespace {

using chain::bytes;
using chain::calldata_array;
using chain::calldata_map;
using chain::calldata_value;
using chain::integer;

/// genvm.md §1.2: without fee accounting nothing costs anything, and every bucket is as full as it can be.
constexpr std::uint64_t bucket_total = 10'000'000;
constexpr const char* gas_prices[] = {"storageUnitPrice",      "receiptGasPerByte",  "gasPerChangedSlot",
                                      "intrinsicGas",          "bootloaderOverhead", "fixedProposeReceiptGas",
                                      "fixedMessageRevealGas", "genPerTimeUnit"};
constexpr std::uint64_t time_units = 600;
/// What the clock of a run shows whose message has no time.
constexpr const char* default_timestamp = "2024-11-26T06:42:42.424242Z";

calldata_value message_map(const run_message& message) {
  calldata_map out;
  out.emplace("contract_address", message.contract);
  out.emplace("sender_address", message.sender);
  out.emplace("origin_address", message.origin);
  out.emplace("chain_id", integer{message.chain_id});
  out.emplace("value", message.value);
  out.emplace("is_init", message.is_init);
  if (!message.datetime.empty()) out.emplace("datetime", message.datetime);
  return calldata_value{std::move(out)};
}

std::string permission_letters(const run_permissions& may) {
  std::string out = "r";
  for (auto [letter, is_set] :
       {std::pair{'w', may.write}, std::pair{'s', may.send}, std::pair{'c', may.call}, std::pair{'n', may.nondet}}) {
    if (is_set) out += letter;
  }
  return out;
}

calldata_value leader_list(const std::optional<std::vector<bytes>>& results) {
  if (!results) return {};
  calldata_array out;
  for (const auto& entry : *results) out.emplace_back(entry);
  return calldata_value{std::move(out)};
}

/// A guard against runs that nobody stops: never before the host's own deadline.
std::uint64_t most_minutes(std::chrono::milliseconds budget) {
  const auto half_more = std::chrono::ceil<std::chrono::minutes>(budget * 3 / 2);
  return static_cast<std::uint64_t>(std::max<std::chrono::minutes::rep>(20, half_more.count()));
}

}  // namespace

result<bytes> encode_request(const run_request& request, const std::string& host_socket) {
  calldata_map out;
  out.emplace("major", integer{0});
  out.emplace("message", message_map(request.message));
  out.emplace("is_sync", request.is_sync);
  out.emplace("capture_output", true);
  out.emplace("host_data", chain::dump_json(request.host_data));
  out.emplace("max_execution_minutes", integer{most_minutes(request.budget)});
  out.emplace("timestamp", request.message.datetime.empty() ? default_timestamp : request.message.datetime);
  out.emplace("host", "unix://" + host_socket);
  calldata_array arguments;
  if (request.debug) arguments.emplace_back("--debug-mode");
  out.emplace("extra_args", std::move(arguments));
  out.emplace("permissions", permission_letters(request.may));
  out.emplace("code", request.code ? calldata_value{*request.code} : calldata_value{});
  out.emplace("calldata", request.calldata);
  out.emplace("leader_nondet_results", leader_list(request.leader_results));
  out.emplace("bucket_totals", calldata_array(3, calldata_value{integer{bucket_total}}));
  calldata_map prices;
  for (const char* name : gas_prices) prices.emplace(name, "0");
  out.emplace("gas_data", std::move(prices));
  out.emplace("message_fee_allocation", calldata_array{});
  out.emplace("initial_time_units_allocation", integer{time_units});
  return chain::encode_calldata(calldata_value{std::move(out)});
}

}  // namespace quorate::engine::host
