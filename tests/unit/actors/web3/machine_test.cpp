// SPDX-License-Identifier: MIT
#include "actors/web3/machine.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/actors/web3/world.hpp"

namespace quorate::actors::web3::tests {
namespace {

class web3_machine : public testing::Test {
 protected:
  std::vector<std::string> submit(int count, int first = 1) {
    std::vector<std::string> ids;
    for (int n = first; n < first + count; ++n) ids.push_back(all.emplace_back(w.submit(n)));
    return ids;
  }
  bool all_settled() {
    return w.run_until([this] { return w.settled(); });
  }
  /// Every transaction is on the chain, once, and said to be.
  void expect_all_once() {
    for (const auto& id : all) {
      EXPECT_EQ(w.node.recorded(id), 1U) << id;
      EXPECT_EQ(w.state_of(id), "done") << id;
    }
  }
  int calls(const std::string& method) { return w.node.calls[method]; }

  world w;
  std::vector<std::string> all;
};

TEST_F(web3_machine, forwards_in_order_over_one_connection) {
  w.start();
  const auto ids = submit(100);
  ASSERT_TRUE(all_settled());
  expect_all_once();
  EXPECT_EQ(w.node.events, ids);
  EXPECT_EQ(w.connects, 1U);
  EXPECT_EQ(calls("eth_sendRawTransaction"), 100);
  EXPECT_EQ(calls("eth_getTransactionReceipt"), 100);
  EXPECT_EQ(calls("eth_getTransactionCount"), 1);
}

TEST_F(web3_machine, asks_the_node_nothing_while_there_is_nothing_to_record) {
  w.start();
  w.run(1h);
  EXPECT_EQ(w.connects, 0U);
}

TEST_F(web3_machine, finds_what_nobody_told_it_of) {
  auto& p = w.start();
  w.run(1s);
  p.alive = false;  // hears no nudge
  submit(1);
  p.alive = true;
  ASSERT_TRUE(all_settled());
  expect_all_once();
}

TEST_F(web3_machine, hangs_up_before_an_idle_connection_is_closed_by_the_node) {
  auto& p = w.start();
  submit(1);
  ASSERT_TRUE(all_settled());
  w.run(3s);
  EXPECT_TRUE(p.brain.look().connected);
  w.run(2s);
  EXPECT_FALSE(p.brain.look().connected);
  submit(1, 2);
  ASSERT_TRUE(all_settled());
  expect_all_once();
  EXPECT_EQ(w.connects, 2U);
}

TEST_F(web3_machine, a_reset_of_a_connection_in_use_is_tried_again_at_once_and_blames_nobody) {
  auto& p = w.start();
  submit(1);
  ASSERT_TRUE(all_settled());
  bool once = true;
  w.sky = [&](const std::string& method) {
    if (method != "eth_sendRawTransaction" || !std::exchange(once, false)) return weather{};
    return weather{.reaches = false, .failure = fault::broken};
  };
  const auto before = w.now;
  submit(1, 2);
  ASSERT_TRUE(all_settled());
  expect_all_once();
  EXPECT_LT(w.now - before, 100ms);
  EXPECT_EQ(w.noted(note::kind::lost), 0U);
  EXPECT_EQ(p.brain.look().state, figures::breaker::closed);
}

TEST_F(web3_machine, an_answer_that_is_lost_is_looked_for_not_sent_anew) {
  w.node.knows_ids = false;
  int lost = 0;
  w.sky = [&](const std::string& method) {
    if (method != "eth_sendRawTransaction" || ++lost % 3 != 0) return weather{};
    return weather{.returns = false};
  };
  w.start();
  submit(50);
  ASSERT_TRUE(all_settled());
  expect_all_once();
  EXPECT_EQ(w.noted(note::kind::again), 0U);
}

TEST_F(web3_machine, a_node_that_is_away_is_probed_ever_more_seldom_and_found_again) {
  auto& p = w.start();
  w.sky = [](const std::string&) { return weather{.reaches = false, .failure = fault::connect}; };
  submit(5);
  w.run(10min);
  EXPECT_EQ(p.brain.look().state, figures::breaker::open);
  EXPECT_EQ(p.brain.look().open, 5);
  EXPECT_GT(w.released, 0U);
  EXPECT_LT(w.connects, 200U);
  EXPECT_GT(w.connects, 100U);
  EXPECT_EQ(w.noted(note::kind::lost), 2U) << "once at first, once when it was given up";
  w.sky = [](const std::string&) { return weather{}; };
  const auto before = w.now;
  ASSERT_TRUE(all_settled());
  EXPECT_LT(w.now - before, 6s);
  expect_all_once();
  EXPECT_EQ(p.brain.look().state, figures::breaker::closed);
}

TEST_F(web3_machine, a_node_that_is_back_is_used_as_soon_as_it_is_found_not_at_the_next_poll) {
  int refused = 0;
  w.sky = [&](const std::string& method) {
    if (!method.empty() || refused == 4) return weather{};
    ++refused;
    return weather{.reaches = false, .failure = fault::connect};
  };
  auto& p = w.start();
  const auto before = w.now;
  submit(40);
  ASSERT_TRUE(all_settled());
  EXPECT_LT(w.now - before, 2s);
  EXPECT_EQ(refused, 4);
  EXPECT_EQ(p.brain.look().state, figures::breaker::closed);
  expect_all_once();
}

TEST_F(web3_machine, a_node_that_is_back_is_not_said_to_be_away_by_who_has_nothing_to_do) {
  bool away = true;
  w.sky = [&](const std::string& method) {
    return away ? weather{.reaches = false, .failure = fault::connect}
                : weather{.travel = method.empty() ? 1ms : 100ms};
  };
  auto& first = w.start();
  auto& second = w.start();
  submit(200);
  w.run(1min);
  EXPECT_EQ(first.brain.look().state, figures::breaker::open);
  EXPECT_EQ(second.brain.look().state, figures::breaker::open);
  away = false;
  w.run(20s);
  EXPECT_FALSE(w.settled());
  EXPECT_EQ(first.brain.look().state, figures::breaker::closed);
  EXPECT_EQ(second.brain.look().state, figures::breaker::closed);
  ASSERT_TRUE(all_settled());
  expect_all_once();
}

TEST_F(web3_machine, a_silent_node_costs_a_call_its_deadline_and_nothing_twice) {
  w.node.knows_ids = false;
  bool frozen = true;
  // What it was sent while it was frozen it works off when it thaws.
  w.sky = [&](const std::string& method) {
    if (!frozen) return weather{};
    return method.empty() ? weather{} : weather{.travel = 61s, .failure = fault::timeout};
  };
  w.start();
  submit(3);
  w.run(60s);
  frozen = false;
  ASSERT_TRUE(all_settled());
  expect_all_once();
}

TEST_F(web3_machine, a_node_that_was_replaced_gets_what_it_lacks_with_its_own_nonces) {
  w.node.knows_ids = false;
  w.start();
  submit(40);
  ASSERT_TRUE(w.run_until([&] { return w.node.events.size() == 20; }));
  const auto before = w.node.events;
  w.node.restart();
  w.sky = [once = true](const std::string& method) mutable {
    if (method.empty() || !std::exchange(once, false)) return weather{};
    return weather{.reaches = false, .failure = fault::broken};
  };
  ASSERT_TRUE(all_settled());
  // The chain that is gone had the first ones; what was in flight may have come to both.
  std::size_t missing = 0;
  for (const auto& id : all) {
    EXPECT_EQ(w.state_of(id), "done");
    EXPECT_LE(w.node.recorded(id), 1U);
    missing += 1 - w.node.recorded(id);
    if (w.node.recorded(id) == 0) {
      EXPECT_NE(std::find(before.begin(), before.end(), id), before.end());
    }
  }
  EXPECT_LE(missing, 20U);
}

TEST_F(web3_machine, a_node_that_keeps_gaps_and_was_replaced_is_left_no_transaction_in_a_gap) {
  w.node.knows_ids = false;
  w.node.keeps_gaps = true;
  w.start();
  submit(10);
  ASSERT_TRUE(w.run_until([&] { return w.node.events.size() == 5; }));
  w.node.restart();
  w.sky = [once = true](const std::string& method) mutable {
    if (method.empty() || !std::exchange(once, false)) return weather{};
    return weather{.reaches = false, .failure = fault::broken};
  };
  submit(20, 11);
  ASSERT_TRUE(all_settled());
  for (int n = 10; n < 30; ++n) EXPECT_EQ(w.node.recorded(all[static_cast<std::size_t>(n)]), 1U) << n;
}

TEST_F(web3_machine, nonces_that_somebody_else_used_are_found_out_and_left_to_him) {
  for (const bool gaps : {false, true}) {
    w.node.keeps_gaps = gaps;
    w.node.knows_ids = false;
    auto& p = w.start();
    submit(10, gaps ? 101 : 1);
    ASSERT_TRUE(w.run_until([&] { return w.node.recorded(all.back()) == 0 && !w.node.events.empty(); }));
    w.node.use_nonces(3);
    ASSERT_TRUE(all_settled());
    w.stop(p);
    w.run(1s);
  }
  EXPECT_GT(w.noted(note::kind::again), 0U);
  EXPECT_GT(w.noted(note::kind::resynced), 0U);
  expect_all_once();
}

TEST_F(web3_machine, a_node_that_mines_nothing_is_waited_for_and_reported) {
  w.node.knows_ids = false;
  w.node.automine = false;
  auto& p = w.start();
  submit(5);
  w.run(5min);
  EXPECT_EQ(p.brain.look().overdue, 1U) << "the first; the others are behind it";
  EXPECT_EQ(w.noted(note::kind::not_mined), 1U);
  EXPECT_EQ(calls("eth_sendRawTransaction"), 5);
  w.node.mine();
  ASSERT_TRUE(all_settled());
  expect_all_once();
  EXPECT_EQ(p.brain.look().overdue, 0U);
}

TEST_F(web3_machine, a_transaction_that_fell_out_of_the_nodes_pool_is_sent_again_as_it_was) {
  w.node.automine = false;
  w.start();
  submit(2);
  w.run(10s);
  w.node.restart();
  w.node.automine = true;
  ASSERT_TRUE(all_settled());
  expect_all_once();
  EXPECT_EQ(w.noted(note::kind::again), 0U) << "the chain is as young as before: the same bytes fit";
}

TEST_F(web3_machine, one_that_is_refused_for_itself_fails_and_does_not_hold_up_the_others) {
  w.node.refuses = "exceeds transaction gas cap";
  w.start();
  const auto first = submit(1);
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(w.state_of(first[0]), "failed");
  EXPECT_EQ(w.noted(note::kind::failed), 1U);
  w.node.refuses.clear();
  all.clear();
  submit(3, 2);
  ASSERT_TRUE(all_settled());
  expect_all_once();
}

TEST_F(web3_machine, receipts_are_fetched_together_where_the_node_knows_how) {
  w.start();
  submit(32);
  ASSERT_TRUE(all_settled());
  expect_all_once();
  EXPECT_LE(w.node.batches, 3U);
  w.node.batches = 0;
  w.node.takes_batches = false;
  submit(32);
  ASSERT_TRUE(all_settled());
  expect_all_once();
  EXPECT_EQ(w.node.batches, 1U) << "it is asked once";
  EXPECT_EQ(w.noted(note::kind::fault), 0U);
}

TEST_F(web3_machine, one_that_the_node_holds_back_for_good_goes_under_another_hash) {
  w.start();
  w.node.holds_next = true;
  submit(4);
  ASSERT_TRUE(all_settled());
  expect_all_once();
  EXPECT_EQ(w.noted(note::kind::failed), 0U);
}

TEST_F(web3_machine, rubbish_is_a_fault_of_the_node_and_never_of_a_transaction) {
  w.start();
  std::mt19937 dice{7};
  const std::vector<std::string> rubbish{"",
                                         "<html>",
                                         "[]",
                                         "null",
                                         R"({"jsonrpc":"2.0","id":1})",
                                         R"({"jsonrpc":"2.0","id":0,"result":null})",
                                         R"({"result":"0x1"})"};
  bool raining = true;
  w.sky = [&](const std::string& method) {
    if (!raining || method.empty() || dice() % 4 != 0) return weather{};
    weather bad{.instead = rubbish[dice() % rubbish.size()]};
    if (bad.instead.empty()) bad.instead = " ";
    return bad;
  };
  submit(20);
  w.run(2min);
  raining = false;
  ASSERT_TRUE(all_settled());
  expect_all_once();
  EXPECT_EQ(w.noted(note::kind::failed), 0U);
}

TEST_F(web3_machine, a_chain_without_the_contract_records_nothing_and_is_said_to_be_so) {
  w.node.has_contract = false;
  w.start();
  submit(1);
  w.run(1min);
  EXPECT_EQ(calls("eth_sendRawTransaction"), 0);
  EXPECT_GE(w.noted(note::kind::lost), 1U);
  w.node.has_contract = true;
  ASSERT_TRUE(all_settled());
  expect_all_once();
}

TEST_F(web3_machine, a_contract_that_announces_nothing_fails_the_transaction) {
  w.node.emits = false;
  w.start();
  const auto ids = submit(1);
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(w.state_of(ids[0]), "failed");
}

TEST_F(web3_machine, another_chain_means_another_signature) {
  w.node.automine = false;
  auto& p = w.start();
  submit(3);
  w.run(1s);
  w.kill(p);
  w.node.restart();
  w.node.automine = true;
  w.node.chain_id = 5;
  w.start();
  ASSERT_TRUE(all_settled());
  expect_all_once();
}

TEST_F(web3_machine, a_database_that_fails_delays_and_doubles_nothing) {
  w.node.knows_ids = false;
  std::mt19937 dice{3};
  w.database = [&]() -> std::optional<bool> { return dice() % 3 == 0 ? std::optional{dice() % 2 == 0} : std::nullopt; };
  auto with = settings{};
  with.batch = 4;
  w.start(with);
  submit(60);
  ASSERT_TRUE(all_settled());
  expect_all_once();
}

TEST_F(web3_machine, stopping_leaves_the_lease_to_the_next_at_once) {
  auto& first = w.start();
  auto& second = w.start();
  submit(40);
  ASSERT_TRUE(w.run_until([&] { return w.node.events.size() == 10; }));
  EXPECT_TRUE(first.brain.look().holder);
  EXPECT_FALSE(second.brain.look().holder);
  w.stop(first);
  w.run(10ms);
  EXPECT_TRUE(first.stopped);
  const auto before = w.now;
  ASSERT_TRUE(all_settled());
  EXPECT_LT(w.now - before, 6s) << "one poll, not one lease";
  expect_all_once();
}

TEST_F(web3_machine, a_successor_takes_up_what_a_killed_one_had_on_its_way) {
  w.node.knows_ids = false;
  w.node.automine = false;
  auto* running = &w.start();
  submit(30);
  for (const std::size_t killed_after : {1U, 3U, 7U}) {
    const auto before = static_cast<std::size_t>(calls("eth_sendRawTransaction"));
    ASSERT_TRUE(w.run_until(
        [&] { return static_cast<std::size_t>(calls("eth_sendRawTransaction")) >= before + killed_after; }));
    w.kill(*running);
    w.node.mine();
    running = &w.start();
  }
  w.node.automine = true;
  w.node.mine();
  ASSERT_TRUE(all_settled());
  expect_all_once();
}

TEST_F(web3_machine, a_frozen_process_that_thaws_after_its_lease_doubles_nothing) {
  // The one case that needs the contract's memory: bytes that left a frozen process after another one signed anew.
  auto& frozen = w.start();
  bool thick = true;
  w.sky = [&](const std::string& method) {
    if (!thick || method != "eth_sendRawTransaction") return weather{};
    thick = false;
    return weather{.travel = 5min, .failure = fault::timeout};
  };
  submit(1);
  ASSERT_TRUE(w.run_until([&] { return !thick; }));
  frozen.alive = false;
  w.node.use_nonces(1);  // so that the successor has to sign anew
  w.start();
  ASSERT_TRUE(all_settled());
  submit(30, 2);
  ASSERT_TRUE(all_settled());
  w.run(10min);
  expect_all_once();
}

/// Everything at once, many times over: what was signed is never sent twice with another nonce while the first could
/// still be mined, however the exchange, the database and the processes fail. Without the contract's help.
TEST_F(web3_machine, whatever_happens_all_arrive_and_none_twice) {
  const unsigned seeds = std::getenv("QUORATE_LONG") != nullptr ? 2000 : 60;
  for (unsigned seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE(seed);
    world v;
    std::mt19937 dice{seed};
    const auto one_in = [&](unsigned n) { return dice() % n == 0; };
    v.node.knows_ids = false;
    v.node.keeps_gaps = one_in(2);
    v.node.automine = !one_in(3);
    bool raining = true;
    v.sky = [&](const std::string& method) -> weather {
      if (!raining || !one_in(6)) return {};
      switch (dice() % 5) {
        case 0: return {.reaches = false, .failure = method.empty() ? fault::connect : fault::broken};
        case 1: return {.returns = false, .failure = method.empty() ? fault::connect : fault::broken};
        case 2: return {.reaches = method.empty() ? false : one_in(2), .failure = fault::timeout};
        case 3: return {.instead = "rubbish"};
        default: return {.last = !method.empty()};
      }
    };
    v.database = [&]() -> std::optional<bool> {
      return raining && one_in(8) ? std::optional{one_in(2)} : std::nullopt;
    };
    settings with;
    with.batch = 1 + dice() % 8;
    std::vector<world::process*> alive{&v.start(with), &v.start(with)};
    std::vector<std::string> ids;
    for (int n = 1; n <= 40; ++n) {
      ids.push_back(v.submit(n));
      v.run(std::chrono::milliseconds{dice() % 200});
      if (one_in(10)) v.node.use_nonces(1);
      if (one_in(5)) v.node.mine();
      if (one_in(15)) {
        auto& victim = alive[dice() % 2];
        one_in(2) ? v.kill(*victim) : v.stop(*victim);
        victim = &v.start(with);
      }
    }
    raining = false;
    v.node.automine = true;
    v.node.mine();
    ASSERT_TRUE(v.run_until([&] { return v.settled(); }));
    for (const auto& id : ids) {
      ASSERT_EQ(v.node.recorded(id), 1U) << id;
      ASSERT_EQ(v.state_of(id), "done") << id;
    }
  }
}

}  // namespace
}  // namespace quorate::actors::web3::tests
