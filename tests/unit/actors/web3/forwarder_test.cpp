// SPDX-License-Identifier: MIT
#include "actors/web3/forwarder.hpp"

#include <gtest/gtest.h>

#include "actors/caf.hpp"
#include "tests/common/fake_pool.hpp"
#include "tests/common/test_system.hpp"
#include "tests/unit/actors/web3/scripted_node.hpp"

namespace quorate::actors::web3::tests {
namespace {

using namespace std::chrono_literals;

/// A link that is answered when the test says so.
class fake_link final : public link {
 public:
  void connect(duration, done_function done) override {
    waiting.push_back([done] { done({}); });
  }
  void post(series what, done_function done) override {
    waiting.push_back([this, what = std::move(what), done] {
      if (away) return done({.what = fault::connect, .text = "refused"});
      std::size_t at = 0;
      auto text = node.answer(what.bodies[at]);
      while (at + 1 < what.bodies.size() && what.expected(at, text)) text = node.answer(what.bodies[++at]);
      done({.text = std::move(text), .passed = at});
    });
  }
  void hang_up() override { ++hang_ups; }

  scripted_node node;
  bool away = false;
  int hang_ups = 0;
  std::vector<std::function<void()>> waiting;
};

/// The actor on the test scheduler, with a database that is one row.
class web3_forwarder : public testing::Test {
 protected:
  ~web3_forwarder() override {
    supervised.reset();
    door.reset();
    sys.run();
  }

  void start() {
    settings with;
    with.key = chain::parse_private_key(std::string(63, '0') + "1").value();
    forward_statements statements;
    statements.take_turn = [this](auto&, const db::forwards::turn& what) { return take_turn(what); };
    statements.leave = [this](auto&, std::string_view, const std::vector<db::forwards::settlement>&) -> status {
      ++left;
      return {};
    };
    door = std::make_unique<forwarder>(
        sys.system(), pool, kinds, registry, with, wire, [] { return 0.5; }, statements);
    supervised = std::make_unique<supervisor>(sys.system(), kinds, supervisor_settings{},
                                              std::vector<child_spec>{door->child()}, [](int, const std::string&) {});
    sys.run();
  }
  result<db::forwards::turn_report> take_turn(const db::forwards::turn& what) {
    for (const auto& one : what.settled) settled.push_back(one.hash);
    db::forwards::turn_report out;
    out.held = what.hold;
    const bool open = has_row && settled.empty();
    out.open = open ? 1 : 0;
    if (!open || !what.sign) return out;
    db::forwards::forward row{.hash = id, .call = chain::bytes(64, 0)};
    row.call[31] = 7;
    const auto made = what.sign(row, 0).value();
    row.raw = made.raw;
    row.rollup_hash = made.rollup_hash;
    row.fresh = true;
    out.rows.push_back(row);
    return out;
  }
  /// Everything that waits, database and node, until nothing does.
  void settle() {
    while (true) {
      sys.run();
      if (pool.waiting() > 0) {
        // The node is never waited for inside a unit of work.
        EXPECT_TRUE(wire->waiting.empty());
        pool.run_one();
      } else if (!wire->waiting.empty()) {
        auto one = std::move(wire->waiting.front());
        wire->waiting.erase(wire->waiting.begin());
        one();
      } else {
        return;
      }
    }
  }
  actor_figures seen() {
    for (auto& one : kinds.snapshot())
      if (one.name == "web3") return one;
    return {};
  }

  const std::string id = "0x" + std::string(63, '0') + "7";
  quorate::tests::test_system sys;
  quorate::tests::fake_pool pool;
  metrics::registry registry;
  telemetry kinds{registry};
  std::shared_ptr<fake_link> wire = std::make_shared<fake_link>();
  bool has_row = false;
  int left = 0;
  std::vector<std::string> settled;
  std::unique_ptr<forwarder> door;
  std::unique_ptr<supervisor> supervised;
};

TEST_F(web3_forwarder, a_nudge_brings_a_row_onto_the_rollup_and_says_so_to_who_waits) {
  start();
  settle();
  int told = 0;
  door->await(id, sys.now() + 1min, [&] { ++told; });
  has_row = true;
  door->wake();
  settle();
  EXPECT_EQ(told, 1);
  EXPECT_EQ(settled, std::vector{id});
  EXPECT_EQ(registry.counter("quorate_rollup_forwards_total", "", {{"outcome", "done"}}).value(), 1U);
  EXPECT_EQ(registry.gauge("quorate_rollup_open", "").value(), 0);
  EXPECT_EQ(registry.gauge("quorate_rollup_connected", "").value(), 1);
  EXPECT_EQ(seen().running, 1U);
}

TEST_F(web3_forwarder, polls_for_what_nobody_told_it_of) {
  start();
  settle();
  has_row = true;
  sys.advance(5s);
  settle();
  EXPECT_EQ(settled, std::vector{id});
}

TEST_F(web3_forwarder, whoever_waits_for_a_node_that_is_away_is_let_go) {
  start();
  wire->away = true;
  has_row = true;
  int told = 0;
  door->await(id, sys.now() + 1min, [&] { ++told; });
  for (int i = 0; i < 50 && told == 0; ++i) {
    settle();
    sys.advance(100ms);
  }
  EXPECT_EQ(told, 1);
  EXPECT_EQ(registry.gauge("quorate_rollup_breaker", "").value(), 1);
  EXPECT_FALSE(seen().last_error.empty());
  door->await(id, sys.now() + 1min, [&] { ++told; });
  sys.run();
  EXPECT_EQ(told, 2) << "at once";
}

TEST_F(web3_forwarder, stopping_hangs_up_leaves_and_says_so_once) {
  start();
  settle();
  int stopped = 0;
  const auto before = wire->hang_ups;
  door->stop([&] { ++stopped; });
  settle();
  EXPECT_EQ(stopped, 1);
  EXPECT_EQ(left, 1);
  EXPECT_GT(wire->hang_ups, before);
}

TEST_F(web3_forwarder, stopping_without_an_actor_is_over_at_once) {
  start();
  supervised.reset();
  sys.run();
  int stopped = 0;
  door->stop([&] { ++stopped; });
  sys.run();
  door.reset();
  EXPECT_LE(stopped, 1);
}

}  // namespace
}  // namespace quorate::actors::web3::tests
