// SPDX-License-Identifier: MIT
#include "rpc/methods/format/receipt_format.hpp"

#include <algorithm>

#include "rpc/methods/format/json_object.hpp"
#include "rpc/methods/format/transaction_parts.hpp"

namespace quorate::rpc::methods {

namespace {

// keccak256("NewTransaction(bytes32,address,address)")
constexpr std::string_view new_transaction_topic = "0xdab9102861c7483a187584d6371d88316f005af507982ccf95c110879f3ed5a5";
constexpr std::string_view gas_used = "0x7a1200";
const std::string empty_bloom = "0x" + std::string(512, '0');

/// Left-padded to 32 bytes; the EIP-55 letter case stays, as upstream has it.
std::string topic(const std::optional<std::string>& address) {
  const std::string& text = address ? *address : zero_address;
  return "0x" + std::string(24, '0') + (text.starts_with("0x") ? text.substr(2) : text);
}

bool is_type(const db::transaction_row& row, db::tx_type type) { return row.type == static_cast<std::int32_t>(type); }

std::vector<std::string> log_topics(const db::transaction_row& row) {
  return {std::string{new_transaction_topic}, row.hash, topic(row.to_address), topic(row.from_address)};
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return text;
}

}  // namespace

std::string format_log(const db::transaction_row& row) {
  json_object log;
  log.text("address", row.to_address.value_or(zero_address)).raw("topics", json_strings(log_topics(row)));
  log.text("data", "0x").text("blockNumber", "0x0").text("transactionHash", row.hash);
  log.text("transactionIndex", "0x0").text("blockHash", row.hash).text("logIndex", "0x0").boolean("removed", false);
  return log.str();
}

std::vector<std::string> log_keys(const db::transaction_row& row) {
  std::vector<std::string> keys{lower_case(row.to_address.value_or(zero_address))};
  for (auto& one : log_topics(row)) keys.push_back(lower_case(std::move(one)));
  return keys;
}

bool failed_for_good(const db::transaction_row& row) {
  if (row.status == db::tx_status::canceled) return true;
  if (row.status != db::tx_status::finalized) return false;
  if (is_type(row, db::tx_type::send)) return row.value.value_or(0) > 0 && !row.value_credited;
  const transaction_parts parts{row};
  if (const auto* upgrade = member(&parts.consensus_data, "upgrade_result")) return *upgrade != "success";
  return execution_result(parts) == 2;
}

std::string format_receipt(const db::transaction_row& row) {
  json_object out;
  out.text("transactionHash", row.hash).text("transactionIndex", "0x0");
  out.text("blockHash", row.hash).text("blockNumber", "0x0");
  out.text("from", row.from_address).text("to", row.to_address);
  out.text("cumulativeGasUsed", gas_used).text("gasUsed", gas_used).text("effectiveGasPrice", "0x0");
  out.text("type", "0x0");
  out.text("contractAddress", is_type(row, db::tx_type::deploy) ? row.to_address : std::nullopt);
  out.raw("logs", json_array({format_log(row)})).text("logsBloom", empty_bloom);
  out.text("status", failed_for_good(row) ? "0x0" : "0x1");
  return out.str();
}

}  // namespace quorate::rpc::methods
