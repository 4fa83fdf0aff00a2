// SPDX-License-Identifier: MIT
#include <algorithm>

#include "chain/base64.hpp"
#include "chain/utf8.hpp"
#include "rpc/methods/format/transaction_format.hpp"

namespace quorate::rpc::methods {

namespace {

constexpr std::string_view execution_result_names[] = {"NOT_VOTED", "FINISHED_WITH_RETURN", "FINISHED_WITH_ERROR"};

/// Lossy on purpose, as Studio shows it: no invalid UTF-8, no leading control characters (the result code is one).
std::string readable(std::string_view base64) {
  const auto decoded = chain::from_base64(base64).value_or(chain::bytes{});
  std::string_view rest{reinterpret_cast<const char*>(decoded.data()), decoded.size()};
  std::string out;
  while (!rest.empty()) {
    const auto length = chain::utf8_sequence(rest);
    const bool leading_control = out.empty() && (static_cast<unsigned char>(rest[0]) < 0x20 || rest[0] == 0x7f);
    if (length > 0 && !leading_control) out += rest.substr(0, length);
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

/// Null before consensus, {} without a receipt.
std::string leader_result(const transaction_parts& parts) {
  if (parts.consensus_data.is_null()) return "null";
  const auto* result = member(parts.leader_receipt(0), "result");
  if (!result) return "{}";
  return result->is_string() ? json_string(readable(result->get_ref<const std::string&>())) : chain::dump_json(*result);
}

json json_safe(json value) {
  chain::make_json_safe(value);
  return value;
}

/// Columns nobody looks into keep PostgreSQL's own tokens.
std::string untouched(const db::json_text& column) { return column ? compact_json(*column) : "null"; }

/// An integer always (decisions.md Q20): the column repeats the nonce.
std::int64_t gas_limit(const db::transaction_row& row) { return row.gaslimit.value_or(row.nonce.value_or(0)); }

}  // namespace

json_object base_fields(const db::transaction_row& row, const transaction_parts& parts) {
  const int execution = execution_result(parts);
  json_object out;
  out.text("hash", row.hash).text("from_address", row.from_address).text("to_address", row.to_address);
  out.value("data", json_safe(parts.data)).number("value", row.value).number("type", row.type);
  out.text("status", db::tx_status_names[static_cast<std::size_t>(row.status)]);
  out.number("txExecutionResult", execution).text("txExecutionResultName", execution_result_names[execution]);
  out.raw("fees", fees(parts.data)).raw("result", leader_result(parts));
  out.value("consensus_data", json_safe(parts.consensus_data));
  out.number("gaslimit", gas_limit(row)).number("nonce", row.nonce);
  out.number("r", row.r).number("s", row.s).number("v", row.v).text("created_at", row.created_at);
  out.boolean("leader_only", row.leader_only).text("execution_mode", row.execution_mode);
  out.text("origin_address", row.origin_address).text("triggered_by", row.triggered_by_hash);
  out.text("triggered_on", row.triggered_on).raw("triggered_transactions", json_strings(row.triggered_transactions));
  out.boolean("appealed", row.appealed);
  out.number("timestamp_awaiting_finalization", row.timestamp_awaiting_finalization);
  out.number("appeal_failed", row.appeal_failed).boolean("appeal_undetermined", row.appeal_undetermined);
  out.value("consensus_history", parts.consensus_history).number("timestamp_appeal", row.timestamp_appeal);
  out.number("appeal_processing_time", row.appeal_processing_time);
  out.raw("contract_snapshot", untouched(row.contract_snapshot));
  out.number("config_rotation_rounds", row.config_rotation_rounds);
  out.number("num_of_initial_validators", row.num_of_initial_validators);
  out.number("last_vote_timestamp", row.last_vote_timestamp).number("rotation_count", row.rotation_count);
  out.boolean("appeal_leader_timeout", row.appeal_leader_timeout);
  out.value("leader_timeout_validators", parts.leader_timeout_validators);
  out.boolean("appeal_validators_timeout", row.appeal_validators_timeout);
  out.value("sim_config", parts.sim_config).boolean("value_credited", row.value_credited);
  return out;
}

std::string format_c(const db::transaction_row& row) { return base_fields(row, transaction_parts{row}).str(); }

std::string format_b(const db::transaction_row& row, bool full) {
  auto out = base_fields(row, transaction_parts{row});
  out.rename("hash", "tx_id");
  out.rename("from_address", "sender");
  out.rename("to_address", "recipient");
  out.rename("config_rotation_rounds", "initial_rotations");
  out.rename("created_at", "created_timestamp");
  out.text("created_timestamp", std::to_string(row.created_unix));
  out.text("last_vote_timestamp", std::to_string(row.last_vote_timestamp.value_or(0)));
  if (!full)
    for (const auto* big : {"data", "consensus_data", "consensus_history", "contract_snapshot",
                            "leader_timeout_validators", "sim_config"})
      out.remove(big);
  return out.str();
}

}  // namespace quorate::rpc::methods
