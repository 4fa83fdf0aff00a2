// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/u256.hpp"

/// Rows as the statements return them. JSON columns are kept as PostgreSQL's text: nothing is parsed that nobody asks
/// for, and no number loses digits. JSON null and SQL NULL both read as an empty optional (docs/spec/database.md §2.1).
namespace quorate::db {

/// The enum transaction_status, in its sort order.
enum class tx_status : std::uint8_t {
  pending,
  activated,
  canceled,
  proposing,
  committing,
  revealing,
  accepted,
  finalized,
  undetermined,
  leader_timeout,
  validators_timeout
};
inline constexpr std::array<std::string_view, 11> tx_status_names{
    "PENDING",  "ACTIVATED", "CANCELED",     "PROPOSING",      "COMMITTING",        "REVEALING",
    "ACCEPTED", "FINALIZED", "UNDETERMINED", "LEADER_TIMEOUT", "VALIDATORS_TIMEOUT"};
std::string_view to_string(tx_status status);
std::optional<tx_status> parse_tx_status(std::string_view name);

enum class tx_type : std::uint8_t { send = 0, deploy = 1, run = 2, upgrade = 3 };

using json_text = std::optional<std::string>;

/// Every column of `transactions` (docs/spec/database.md §1.3).
struct transaction_row {
  std::string hash;
  tx_status status = tx_status::pending;
  std::optional<std::string> from_address, to_address;
  json_text input_data, data, consensus_data;
  std::optional<std::int32_t> nonce;
  std::optional<chain::integer> value;  // wei
  std::optional<std::int32_t> type;
  std::optional<std::int64_t> gaslimit;
  std::string created_at;         // ISO-8601 UTC, as docs/spec/database.md §2.1 "timestamps"
  std::int64_t created_unix = 0;  // whole seconds of the same moment
  std::optional<std::int32_t> r, s, v;
  bool leader_only = false;
  std::string execution_mode = "NORMAL";
  std::optional<std::string> triggered_by_hash, triggered_on, origin_address;
  std::vector<std::string> triggered_transactions;  // hashes of the children, oldest first
  bool appealed = false, appeal_undetermined = false, appeal_leader_timeout = false, appeal_validators_timeout = false;
  std::optional<std::int32_t> appeal_failed, appeal_processing_time;
  std::optional<std::int64_t> timestamp_appeal, timestamp_awaiting_finalization, last_vote_timestamp;
  json_text consensus_history, contract_snapshot, leader_timeout_validators, sim_config;
  std::optional<std::int32_t> config_rotation_rounds, num_of_initial_validators, rotation_count;
  std::optional<std::string> blocked_at, worker_id;
  bool value_credited = false;
  std::int32_t recovery_count = 0;
};

/// `validators` without the private key: it never leaves the database (decisions.md Q15).
struct validator_row {
  std::int64_t id = 0;
  std::optional<std::string> address;
  std::int64_t stake = 0;
  std::string provider, model, plugin;
  std::string config, plugin_config;  // JSON text
  std::optional<std::string> created_at;
};

}  // namespace quorate::db
