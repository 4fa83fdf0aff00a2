// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "actors/metrics.hpp"
#include "actors/pool/pool.hpp"
#include "actors/submissions.hpp"
#include "actors/telemetry.hpp"
#include "db/submissions.hpp"
#include "rpc/method.hpp"
#include "rpc/methods/model_check.hpp"
#include "rpc/methods/provider_defaults.hpp"

namespace quorate::actors {
class contract_runs;
}

namespace quorate::rpc::methods {

/// How signed transactions are taken in (docs/spec/json-rpc.md §7.7, §11).
struct submission_rules {
  bool any_chain_id = false;       // decisions.md Q23
  std::int32_t max_rotations = 3;  // of a transfer; the others bring their own
  db::submissions::pending_caps caps;
  std::string consensus_main = "0x0000000000000000000000000000000000000000";  // of sim_getConsensusContract
  bool forward = false;                       // DEPLOY and RUN go to the outbox of the rollup, too
  std::chrono::milliseconds forward_wait{0};  // how long a reply may wait for the record there
};

/// What the handlers need from the rest of the process. Built once by the composition root and copied into the
/// handlers; what it refers to outlives the method table. Every function is thread-safe.
struct services {
  std::string version;             // of Quorate, "0.1.0"
  std::uint64_t chain_id = 61127;  // GENLAYER_CHAIN_ID, else HARDHAT_CHAIN_ID
  actors::pool& pool;
  actors::metrics::registry& metrics;
  actors::submissions& gateway;

  std::function<std::chrono::system_clock::time_point()> now;
  std::function<void(std::span<std::uint8_t>)> random_bytes;

  /// The appeal window in force, seconds: what was stored last, or the configured default.
  std::function<std::int64_t()> finality_window;
  /// Tells this process at once what the others hear by notification.
  std::function<void(std::int64_t seconds)> finality_window_changed;
  /// The loops look for work now instead of at their next tick.
  std::function<void()> wake_loops;
  /// The actors' figures, one entry per name.
  std::function<std::vector<actors::actor_figures>()> telemetry;
  /// True once shutdown has begun: no longer ready.
  std::function<bool()> draining;
  submission_rules submissions = {};
  /// Which models would answer.
  model_check check_models = {};
  std::shared_ptr<const provider_defaults> defaults = {};
  /// Only when something is forwarded. There may be new rows in the outbox; and: call `then` when this one's fate is
  /// known, or sooner when nobody knows when that will be.
  std::function<void()> wake_forwarder = {};
  std::function<void(std::string hash, actors::time_point until, std::function<void()> then)> await_forward = {};

  /// Null where no engine was given: then contracts are not run.
  actors::contract_runs* runs = nullptr;

  std::int64_t unix_seconds() const {
    return std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch()).count();
  }
};

/// Bodies of error `data` members.
inline std::string data_of(const char* key, const json& value) { return chain::dump_json(json{{key, value}}); }

}  // namespace quorate::rpc::methods
