// SPDX-License-Identifier: MIT
#include "tests/unit/actors/web3/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "chain/rollup.hpp"

namespace quorate::actors::web3::tests {

world::world() : now{1h} {}
world::~world() = default;

std::string world::submit(int number) {
  const auto digits = std::to_string(number);
  const auto id = "0x" + std::string(64 - digits.size(), '0') + digits;
  outbox_row row;
  row.what.hash = id;
  row.what.call =
      chain::encode_announced_transaction({.payload = {1, 2}}, chain::parse_hash(id).value(), chain::address20{9})
          .value();
  outbox_.push_back(std::move(row));
  for (auto& one : processes_) nudge(*one);
  return id;
}

world::process& world::start(settings with) {
  with.key = chain::parse_private_key(std::string(63, '0') + "1").value();
  with.holder = std::to_string(processes_.size());
  processes_.push_back(std::make_unique<process>(std::move(with)));
  auto& who = *processes_.back();
  carry_out(who, who.brain.start(now));
  return who;
}

void world::kill(process& whom) { whom.alive = false; }
void world::stop(process& whom) {
  if (whom.alive) carry_out(whom, whom.brain.stop(now));
}
void world::nudge(process& whom) {
  if (whom.alive) carry_out(whom, whom.brain.nudge(now));
}

void world::run(duration span) {
  const auto end = now + span;
  while (!events_.empty() && events_.begin()->first <= end) {
    auto next = events_.extract(events_.begin());
    now = std::max(now, next.key());
    next.mapped()();
  }
  now = end;
}

bool world::run_until(const std::function<bool()>& holds) {
  const auto end = now + 1h;
  while (!holds()) {
    if (events_.empty() || events_.begin()->first > end) return false;
    run(std::max(events_.begin()->first - now, duration::zero()));
  }
  return true;
}

bool world::settled() const { return count("waiting") + count("signed") == 0; }

std::string world::state_of(const std::string& id) const {
  for (const auto& row : outbox_)
    if (row.what.hash == id) return row.state == "done" && row.rollup_id != id ? "done as another" : row.state;
  return {};
}

std::size_t world::count(const std::string& state) const {
  return static_cast<std::size_t>(
      std::count_if(outbox_.begin(), outbox_.end(), [&](const auto& row) { return row.state == state; }));
}

std::size_t world::noted(note::kind what) const {
  return static_cast<std::size_t>(
      std::count_if(notes.begin(), notes.end(), [&](const note& one) { return one.what == what; }));
}

void world::later(process& who, duration wait, std::function<effects(machine&)> input) {
  events_.emplace(now + wait, [this, &who, input = std::move(input)] {
    if (who.alive) carry_out(who, input(who.brain));
  });
}

void world::carry_out(process& who, effects what) {
  for (auto& one : what) {
    if (const auto* const connect = std::get_if<connect_node>(&one)) {
      EXPECT_FALSE(who.open) << "a second connection";
      ++connects;
      exchange(who, connect->id, {}, {}, 0);
    } else if (const auto* const call = std::get_if<call_node>(&one)) {
      EXPECT_TRUE(who.open) << "a call without a connection";
      exchange(who, call->id, call->method, call->what, 0);
    } else if (std::get_if<hang_up>(&one) != nullptr) {
      who.open = false;
      ++who.connection;
    } else if (const auto* const t = std::get_if<run_turn>(&one)) {
      turn(who, *t);
    } else if (const auto* const leave = std::get_if<run_leave>(&one)) {
      if (holder_ == leave->holder) {
        settle(leave->settled);
        holder_.clear();
      }
      later(who, 1ms, [](machine& m) { return m.left(); });
    } else if (const auto* const wake = std::get_if<wake_at>(&one)) {
      const auto number = ++who.alarm;
      EXPECT_GE(wake->when, now) << "an alarm in the past never rests";
      events_.emplace(std::max(wake->when, now), [this, &who, number] {
        if (who.alive && number == who.alarm) carry_out(who, who.brain.woke(now));
      });
    } else if (const auto* const said = std::get_if<note>(&one)) {
      notes.push_back(*said);
    } else if (std::get_if<let_go>(&one) != nullptr) {
      ++released;
    } else if (std::get_if<stopped>(&one) != nullptr) {
      who.stopped = true;
    }
  }
}

void world::exchange(process& who, ticket id, const std::string& method, const series& what, std::size_t at) {
  const auto now_is = sky(method);
  const auto connection = who.connection;
  if (method.empty() && now_is.failure == fault::none) who.open = true;
  events_.emplace(now + now_is.travel, [this, &who, id, method, what, at, now_is, connection] {
    link_answer back{.what = now_is.failure, .text = now_is.instead, .last = now_is.last, .passed = at};
    if (now_is.reaches && !method.empty()) {
      const auto said = node.answer(what.bodies[at]);
      if (back.text.empty() && back.what == fault::none) back.text = said;
    }
    if (!now_is.returns && back.what == fault::none) back.what = fault::broken;
    // The answer to a connection that is gone comes to nobody.
    const auto wait = back.what == fault::timeout ? duration{who.set.call_timeout} : duration{1ms};
    events_.emplace(now + wait, [this, &who, id, method, what, at, back, connection] {
      // The link is part of a process, and a process that is frozen sends nothing.
      if (!who.alive || connection != who.connection) return;
      const bool goes_on = back.what == fault::none && !back.last && at + 1 < what.bodies.size() && now < what.until;
      if (goes_on && what.expected(at, back.text)) return exchange(who, id, method, what, at + 1);
      carry_out(who, who.brain.linked(now, id, back));
    });
  });
}

void world::turn(process& who, const run_turn& e) {
  const auto failure = database();
  result<db::forwards::turn_report> report = fail(errc::database_unavailable, "Database unavailable");
  if (!failure || *failure) {
    auto done = take_turn(e.what);
    if (!failure) report = std::move(done);
  }
  later(who, 2ms, [this, id = e.id, report = std::move(report)](machine& m) { return m.turned(now, id, report); });
}

void world::settle(const std::vector<db::forwards::settlement>& settled) {
  using what = db::forwards::settlement::what;
  for (const auto& one : settled)
    for (auto& row : outbox_) {
      if (row.what.hash != one.hash || row.state != "signed") continue;
      row.state = one.how == what::done ? "done" : one.how == what::failed ? "failed" : "waiting";
      row.rollup_id = one.rollup_id;
      if (one.how == what::again) row.what.raw.clear();
    }
}

db::forwards::turn_report world::take_turn(const db::forwards::turn& what) {
  db::forwards::turn_report out;
  const auto count_open = [&] { out.open = static_cast<std::int64_t>(count("waiting") + count("signed")); };
  count_open();
  if (!what.hold) return out;
  if (!holder_.empty() && holder_ != what.holder && now < lease_until_) {
    out.held_for = std::chrono::duration_cast<std::chrono::milliseconds>(lease_until_ - now);
    return out;
  }
  holder_ = what.holder;
  lease_until_ = now + what.lease;
  out.held = true;
  settle(what.settled);
  count_open();
  if (what.limit == 0) return out;
  for (const auto& row : outbox_)
    if (row.state == "signed") out.rows.push_back(row.what);
  if (!out.rows.empty() || !what.sign) return out;
  for (auto& row : outbox_) {
    if (row.state != "waiting" || out.rows.size() >= what.limit) continue;
    auto made = what.sign(row.what, out.rows.size()).value();
    row.what.raw = made.raw;
    row.what.rollup_hash = made.rollup_hash;
    row.state = "signed";
    out.rows.push_back(row.what);
    out.rows.back().fresh = true;
  }
  return out;
}

}  // namespace quorate::actors::web3::tests
