// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/transaction.hpp"

/// How far the work of each contract has come, for /health/consensus (docs/spec/json-rpc.md §3.1, docs/spec/database.md
/// §2.12).
namespace quorate::db {

/// The oldest unfinished transaction of a contract, when nobody works on it and it is old.
struct stuck_head {
  std::string hash, status, created_at;
  std::int64_t age_s = 0;
};

/// A contract with work that is pending or in consensus.
struct contract_health {
  std::string contract_address;
  std::int64_t processing = 0, pending = 0;
  std::int64_t created_1h = 0, created_3h = 0, created_6h = 0, created_12h = 0, created_1d = 0;
  std::optional<std::int64_t> oldest_age_s, oldest_processing_age_s;
  std::optional<std::string> oldest_processing_created_at;
  std::optional<stuck_head> stuck;
};

struct consensus_health {
  std::vector<contract_health> contracts;  // oldest work first
  std::int64_t active_workers = 0;         // with a live lease
};

struct health_rules {
  std::chrono::seconds lease_timeout{30 * 60};  // TRANSACTION_TIMEOUT_MINUTES
  std::chrono::seconds stuck_after{15 * 60};    // HEALTH_HEAD_STUCK_AFTER_MINUTES
  std::int64_t most_contracts = 1000;
};

/// Two plain SELECTs over the partial index of unfinished rows.
result<consensus_health> inspect_consensus(transaction& tx, const health_rules& rules);

}  // namespace quorate::db
