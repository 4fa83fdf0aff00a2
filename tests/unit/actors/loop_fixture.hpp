// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "actors/loops.hpp"
#include "tests/common/fake_pool.hpp"
#include "tests/common/test_system.hpp"

namespace quorate::actors {

/// The loops on a pool that does what the test says, and on a database that is a few lists.
class loop_fixture : public testing::Test {
 protected:
  using candidate = db::processing::candidate;
  using send_outcome = db::processing::send_outcome;

  ~loop_fixture() override {
    supervised.reset();
    background.reset();
    sys.run();
  }

  /// Starts the loops named; all of them would answer each other's nudges.
  void start(const std::vector<std::string>& names) {
    background = std::make_unique<loops>(
        sys.system(), pool, figures, registry, window, settings, [this] { return unix_now(); }, statements());
    std::vector<child_spec> chosen;
    for (auto& one : background->children())
      if (std::find(names.begin(), names.end(), one.name) != names.end()) {
        one.publish = [this, name = one.name, inner = one.publish](const caf::actor& now) {
          actor_of[name] = std::make_shared<caf::actor>(now);
          inner(now);
        };
        chosen.push_back(std::move(one));
      }
    supervised = std::make_unique<supervisor>(sys.system(), figures, supervisor_settings{}, std::move(chosen),
                                              [](int, const std::string&) {});
    sys.run();
  }

  std::int64_t unix_now() {
    return 1'700'000'000 + std::chrono::duration_cast<std::chrono::seconds>(sys.now() - born).count();
  }

  loop_statements statements() {
    loop_statements s;
    s.settle = [this](auto&, auto&, std::size_t limit, auto&) -> result<db::transfers::settlement> {
      ++settle_turns;
      if (settle_error) return tl::unexpected{*settle_error};
      db::transfers::settlement done;
      done.more = to_settle >= limit;
      if (!settle_leaves) (nobody_can_pay ? done.undetermined : done.finalized) = std::min(limit, to_settle);
      to_settle -= done.finalized + done.undetermined;
      return done;
    };
    s.pending_sends = [this](auto&, auto&, std::size_t limit, auto&) -> result<std::vector<candidate>> {
      ++looks;
      if (broken) return fail(errc::database_unavailable, "Database unavailable", {}, "gone");
      // The oldest of each recipient.
      std::vector<candidate> out;
      std::map<std::string, bool> seen;
      for (const auto& one : pending)
        if (seen.emplace(one.to_address.value_or(""), true).second && out.size() < limit) out.push_back(one);
      return out;
    };
    s.process_send = [this](auto&, std::string_view hash, auto to, auto&, auto&) -> result<send_outcome> {
      processed.emplace_back(hash);
      const auto planned = outcomes.find(std::string{hash});
      const auto outcome = planned == outcomes.end() ? result<send_outcome>{send_outcome::finalized} : planned->second;
      if (outcome && *outcome != send_outcome::not_claimable)
        std::erase_if(pending, [&](const candidate& one) { return one.hash == hash && one.to_address == to; });
      return outcome;
    };
    s.finalizable = [this](auto&, auto&, const db::processing::window_rules& rules,
                           std::size_t) -> result<std::vector<candidate>> {
      ++finalizer_looks;
      windows_seen.push_back(rules.window.count());
      if (broken) return fail(errc::database_unavailable, "Database unavailable", {}, "gone");
      return std::exchange(due, {});
    };
    s.finalize = [this](auto&, std::string_view hash, auto, auto&, auto&) -> result<bool> {
      if (hash == "stuck") return fail(errc::internal, "Internal error", {}, "a row that no rule expects");
      finalized.emplace_back(hash);
      return hash != "lost";
    };
    s.recover = [this](auto&, auto&) -> result<db::processing::recovery_report> {
      ++recoveries;
      if (broken) return fail(errc::database_unavailable, "Database unavailable", {}, "gone");
      return std::exchange(report, {});
    };
    s.stored_window = [this](auto&) -> result<std::optional<std::int64_t>> { return stored_window; };
    return s;
  }

  /// Everything that can happen now does, jobs included.
  void settle() {
    do {
      sys.run();
      pool.run_all();
      sys.run();
    } while (pool.waiting() > 0);
  }
  /// Time passes; jobs are answered as soon as they are asked for, to the millisecond.
  void pass(duration time) {
    pool.run_at_once(true);
    settle();
    sys.advance(time);
    pool.run_at_once(false);
  }
  std::size_t running(const std::string& name) {
    for (const auto& one : figures.snapshot())
      if (one.name == name) return one.running;
    return 0;
  }
  std::string last_error(const std::string& name) {
    for (const auto& one : figures.snapshot())
      if (one.name == name) return one.last_error;
    return {};
  }
  std::size_t waiting(const std::string& label) {
    const auto labels = pool.labels();
    return static_cast<std::size_t>(std::count(labels.begin(), labels.end(), label));
  }

  metrics::registry registry;
  telemetry figures{registry};
  tests::test_system sys;
  const time_point born = sys.now();
  tests::fake_pool pool;
  finality_window window{std::chrono::seconds{30}};
  loop_settings settings;
  std::unique_ptr<loops> background;
  std::unique_ptr<supervisor> supervised;
  std::map<std::string, std::shared_ptr<caf::actor>> actor_of;

  std::vector<candidate> pending, due;
  std::map<std::string, result<send_outcome>> outcomes;
  std::vector<std::string> processed, finalized;
  std::vector<std::int64_t> windows_seen;
  db::processing::recovery_report report;
  std::optional<std::int64_t> stored_window;
  std::size_t to_settle = 0;
  bool settle_leaves = false;  // somebody else is at work on them
  bool nobody_can_pay = false;
  std::optional<error> settle_error;
  int settle_turns = 0;
  int looks = 0, finalizer_looks = 0, recoveries = 0;
  bool broken = false;
};

}  // namespace quorate::actors
