// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/result.hpp"

/// LISTEN/NOTIFY between Quorate processes. Upstream's tables carry no trigger: whoever inserts a row notifies in the
/// same transaction (docs/spec/decisions.md, Consensus).
namespace quorate::db {

namespace channels {
inline constexpr std::string_view transactions =
    "quorate_transactions";  // payload: hash of a new PENDING row; none: look at everything
inline constexpr std::string_view settings = "quorate_settings";  // payload: name of the changed setting
inline constexpr std::string_view events = "quorate_events";  // payload: a `change`, for whoever listens on a socket
inline constexpr std::string_view forwards = "quorate_forwards";  // no payload: the outbox has new rows
}  // namespace channels

struct notification {
  std::string channel, payload;
};

/// What a payload of channels::events says. Names and numbers only, never the row: PostgreSQL carries 8000 bytes.
struct change {
  enum class kind {
    stored,              // "new <hash>": a row has come, PENDING
    status,              // "status <STATUS> <hash>"
    appeal,              // "appeal <hash>": an appeal was recorded
    window,              // "window <seconds>": the finality window
    validator_created,   // "validator created <id>"
    validator_updated,   // "validator updated <id>"
    validator_deleted,   // "validator deleted <address>"
    validators_deleted,  // "validators deleted": all of them
  };
  kind what = kind::status;
  std::string hash;
  std::string status;
  std::int64_t seconds = 0;
  std::int64_t id = 0;  // of a validator
  std::string address;
};
/// Empty for anything else: another version, or another program, may have sent it.
std::optional<change> parse_change(std::string_view payload);

/// One connection that only listens. Same rules as a session: one thread, destroyed when broken.
class listener {
 public:
  virtual ~listener() = default;
  /// Waits at most `timeout`; returns what arrived (maybe nothing). errc::database_unavailable: destroy it.
  virtual result<std::vector<notification>> wait(std::chrono::milliseconds timeout) = 0;
};

}  // namespace quorate::db
