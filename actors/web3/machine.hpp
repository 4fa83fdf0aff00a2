// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "actors/web3/effects.hpp"
#include "actors/web3/row.hpp"
#include "actors/web3/settings.hpp"
#include "chain/result.hpp"

namespace quorate::actors::web3 {

/// What the machine shows of itself.
struct figures {
  enum class breaker : std::uint8_t { closed, open, half_open };
  bool connected = false;
  breaker state = breaker::closed;
  bool holder = false;      // this process is the one that forwards
  std::int64_t open = 0;    // rows neither done nor failed, when they were last counted
  std::size_t overdue = 0;  // sent, and not mined for longer than settings::patience
};

/// Brings what stands in the outbox (db/forwards.hpp) onto the rollup, one call after another. Pure: it knows no actor,
/// no socket and no clock; every input returns what is to be done, and at most one exchange with the node or one unit
/// of work is under way.
///
/// A turn hands out rows with consecutive nonces, signed and stored. They are sent in order, then their receipts are
/// fetched. Whenever a connection is new or the node refuses something, the fate of each row that is not settled is
/// looked into (web3::row) before anything else is sent; on a new connection that includes the account's nonce, because
/// a node that came back may have forgotten everything.
class machine {
 public:
  /// `random`: in [0, 1), for the jitter of pauses.
  machine(settings with, std::function<double()> random);

  effects start(time_point now);
  /// There may be new rows.
  effects nudge(time_point now);
  effects turned(time_point now, ticket id, result<db::forwards::turn_report> report);
  effects linked(time_point now, ticket id, link_answer answer);
  effects woke(time_point now);
  /// Hangs up and leaves; `stopped` comes when that is done. What is not settled stays signed, for whoever comes next.
  effects stop(time_point now);
  effects left();

  figures look() const;

 private:
  enum class doing : std::uint8_t { nothing, connecting, calling, turning, leaving, over };
  enum class question : std::uint8_t { chain_id, code, own_nonce, used, mined, all_mined, next, send, known };
  enum class purpose : std::uint8_t { hold, renew, count };

  // machine.cpp: what to do next
  void step(time_point now);
  void idle(time_point now);
  void rest();
  void work(time_point now, row& on);
  bool ready(time_point now);  // connected to a node that is understood; else it is on the way there
  void begin_turn(time_point now, purpose why);
  void leased(time_point now, const db::forwards::turn_report& report);
  void take_rows(time_point now, std::vector<db::forwards::forward>& rows);
  void begin_leave();
  void ask(question what, std::string_view method, const chain::json& params);
  void ask_receipts(time_point now);
  void send_rows(time_point now, row& first);
  void call(question what, std::string_view method, series with);
  void wake(time_point when);
  row* next_row();
  void close_batch();
  time_point renew_at() const { return lease_until_ - set_.lease + set_.call_timeout; }
  bool held(time_point now) const { return now < lease_until_; }
  bool tripped() const { return failures_ >= set_.breaker_failures; }
  effects take() { return std::exchange(out_, {}); }

  // machine_node.cpp: what the node said
  void answered(time_point now, const link_answer& answer);
  void heard(time_point now, const reply& said);
  void heard_of_node(time_point now, const reply& said);
  void heard_of_receipts(time_point now, const std::string& text);
  void heard_of_row(time_point now, row& on, const reply& said);
  void sent(time_point now, row& on, const reply& said);
  void taken(time_point now, row& on);
  void mined(time_point now, row& on, const reply& said);
  void placed(time_point now, row& on, std::uint64_t next);
  void known(row& on, const reply& said);
  void settle(row& on, db::forwards::settlement outcome);
  void sign_again(row& on, std::string why);
  void doubt_rest();
  void progress();
  void node_failed(time_point now, fault why, const std::string& text);
  void disconnect();

  const settings set_;
  const chain::address20 account_;
  const std::function<double()> random_;
  effects out_;

  doing doing_ = doing::nothing;
  ticket ticket_ = 0;
  bool stopping_ = false;
  time_point alarm_{};

  // The node.
  bool connected_ = false, answered_once_ = false, retried_ = false, lost_ = false;
  std::optional<std::uint64_t> chain_id_;  // of this connection
  bool has_contract_ = false;
  std::optional<std::uint64_t> next_nonce_;
  time_point last_used_{}, retry_at_{};
  std::size_t failures_ = 0;
  question asked_ = question::chain_id;
  std::size_t asked_row_ = 0;
  std::vector<std::size_t> asked_rows_;  // of all_mined and send
  bool knows_batches_ = true;            // the node, as far as this connection has shown
  std::uint64_t request_ = 0;

  // The outbox.
  std::vector<row> batch_;
  std::vector<db::forwards::settlement> settled_, in_turn_;
  purpose turn_why_ = purpose::hold;
  std::optional<std::uint64_t> turn_nonce_;  // the turn under way signs, from this one on
  bool wanted_ = true, wants_sign_ = false;
  time_point turn_began_{}, lease_until_{}, poll_at_{}, turn_after_{};
  std::size_t turn_failures_ = 0;
  std::int64_t open_ = 0;
  std::uint64_t variation_ = 0;  // taken from the gas limit: gives the same call another hash
  std::string varied_row_;       // the latest that needed it
};

}  // namespace quorate::actors::web3
