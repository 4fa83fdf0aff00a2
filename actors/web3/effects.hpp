// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "actors/time.hpp"
#include "actors/web3/link.hpp"
#include "db/forwards.hpp"

/// What the machine wants done, in order. The actor carries it out; the tests look at it.
namespace quorate::actors::web3 {

/// Names one thing that is under way; what comes back carries it, and an old one is ignored.
using ticket = std::uint64_t;

/// link::connect, link::post; the answer goes to machine::linked.
struct connect_node {
  ticket id = 0;
};
struct call_node {
  ticket id = 0;
  std::string method;
  series what;
};
struct hang_up {};

/// One unit of work; its answer goes to machine::turned.
struct run_turn {
  ticket id = 0;
  db::forwards::turn what;
};
/// Settle and give the lease back; machine::left says that it is done, whether it worked or not.
struct run_leave {
  std::string holder;
  std::vector<db::forwards::settlement> settled;
};
/// Call machine::woke then; the latest one counts.
struct wake_at {
  time_point when;
};

/// Whoever waits for this transaction need not any longer; `age` is from its submission.
struct recorded {
  std::string hash;
  db::forwards::settlement::what how = db::forwards::settlement::what::done;
  duration age{};
};
/// The node is away: nobody should wait for it.
struct let_go {};
struct stopped {};

/// For the log and the metrics alone.
struct note {
  enum class kind : std::uint8_t {
    reached,     // text: what the node is
    fault,       // an exchange failed: why and text
    lost,        // the node is away now: why and text
    resynced,    // the account's nonce was not what it was thought to be
    not_mined,   // a hash was returned, a receipt did not come
    again,       // to be signed anew; text: why
    failed,      // for good; text: why
    turn_failed  // the database; text
  };
  kind what;
  web3::fault why = web3::fault::none;
  std::string hash = {};  // of the transaction
  std::string text = {};
};

using effect =
    std::variant<connect_node, call_node, hang_up, run_turn, run_leave, wake_at, recorded, let_go, stopped, note>;
using effects = std::vector<effect>;

}  // namespace quorate::actors::web3
