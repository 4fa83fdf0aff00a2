// SPDX-License-Identifier: MIT
#include "actors/event_hub.hpp"

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "actors/caf.hpp"
#include "tests/common/test_system.hpp"

namespace quorate::actors {
namespace {

using namespace std::chrono_literals;

class listening : public event_sink {
 public:
  bool push(std::shared_ptr<const std::string> text) override {
    if (heard.size() >= room) return false;
    heard.push_back(*text);
    return true;
  }
  std::vector<std::string> heard;
  std::size_t room = 100'000;
};

class event_hub_test : public testing::Test {
 protected:
  ~event_hub_test() override {
    supervised.reset();
    sys.run();
  }

  std::shared_ptr<listening> listener(const std::string& room) {
    auto made = std::make_shared<listening>();
    hub->join(made, room);
    return made;
  }
  void tell(const std::string& room, std::string name) { hub->publish(room, {.name = std::move(name)}); }
  void notify(std::string payload) { hub->hearer()({std::string{db::channels::events}, std::move(payload)}); }
  std::uint64_t count(const std::string& name, const metrics::labels& labels = {}) {
    return registry.counter(name, "", labels).value();
  }
  std::int64_t second() { return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count(); }
  /// Both clocks.
  void advance(std::chrono::milliseconds by) {
    while (by > 0ms) {
      const auto step = std::min(by, 100ms);
      time += step;
      sys.advance(step);
      by -= step;
    }
  }

  metrics::registry registry;
  telemetry figures{registry};
  tests::test_system sys;
  std::chrono::system_clock::time_point time{1'000'000'000'250ms};
  std::vector<std::string> stored;
  std::vector<db::change> validators;
  caf::actor actor;
  std::unique_ptr<event_hub> hub = std::make_unique<event_hub>(
      sys.system(), figures, registry, event_hub_settings{.inbox_messages = 10, .heads_at_once = 4},
      event_hub_hooks{[this] { return time; }, [](std::int64_t n) { return "{\"number\":" + std::to_string(n) + "}"; },
                      [this](const std::string& hash) { stored.push_back(hash); },
                      [this](const db::change& what) { validators.push_back(what); }});
  std::unique_ptr<supervisor> supervised = [this] {
    auto spec = hub->child();
    spec.publish = [this, inner = spec.publish](const caf::actor& now) {
      actor = now;
      inner(now);
    };
    return std::make_unique<supervisor>(sys.system(), figures, supervisor_settings{}, std::vector{spec},
                                        [](int, const std::string&) {});
  }();
};

TEST_F(event_hub_test, tells_a_room_and_no_other_in_the_order_of_publishing) {
  const auto a = listener("a"), also_a = listener("a"), b = listener("b");
  for (const char* name : {"one", "two", "three"}) tell("a", name);
  EXPECT_TRUE(a->heard.empty()) << "the publisher does not pay for the audience";
  sys.run();
  ASSERT_EQ(a->heard.size(), 3u);
  EXPECT_EQ(a->heard[0], R"({"event":"one","data":{"name":"one","type":"info","scope":"RPC","message":"","data":null,)"
                         R"("transaction_hash":null,"client_id":null,"account_address":null}})");
  EXPECT_NE(a->heard[2].find("three"), std::string::npos);
  EXPECT_EQ(also_a->heard, a->heard);
  EXPECT_TRUE(b->heard.empty());
  EXPECT_EQ(count("quorate_events_delivered_total"), 6u);
}

TEST_F(event_hub_test, joining_twice_is_joining_once_and_leaving_ends_it) {
  const auto a = listener("a");
  hub->join(a, "a");
  tell("a", "x");
  sys.run();
  EXPECT_EQ(a->heard.size(), 1u);
  hub->leave(a, "a");
  hub->leave(a, "never");
  EXPECT_FALSE(hub->heard_in("a"));
  tell("a", "x");
  sys.run();
  EXPECT_EQ(a->heard.size(), 1u);
}

TEST_F(event_hub_test, forgets_who_takes_no_more_and_goes_on_with_the_others) {
  const auto full = listener("a"), fine = listener("a");
  full->room = 1;
  hub->join(full, "b");
  hub->watch(full, "0x1", feed::pending, {});
  for (int i = 0; i < 3; ++i) tell("a", "x");
  sys.run();
  EXPECT_EQ(full->heard.size(), 1u);
  EXPECT_EQ(fine->heard.size(), 3u);
  EXPECT_FALSE(hub->heard_in("b"));
  EXPECT_EQ(full.use_count(), 1) << "nothing of it is kept";
}

TEST_F(event_hub_test, keeps_nothing_that_nobody_listens_for) {
  tell("a", "x");
  hub->publish(feed::pending, "1", {});
  const auto a = listener("a");
  sys.run();
  EXPECT_TRUE(a->heard.empty());
  EXPECT_EQ(count("quorate_events_published_total", {{"kind", "room"}}), 0u);
}

TEST_F(event_hub_test, of_calls_everybody_hears_some_and_who_asked_for_them_all) {
  const std::string everybody{broadcast_room};
  EXPECT_FALSE(hub->wants_call(everybody)) << "nobody is there";
  const auto a = listener(everybody), b = listener("a");
  int told = 0;
  for (int i = 0; i < 100'000; ++i) {
    told += hub->wants_call(everybody) ? 1 : 0;
    ASSERT_TRUE(hub->wants_call("a"));
  }
  EXPECT_GE(told, 200);
  EXPECT_EQ(count("quorate_call_logs_withheld_total"), 100'000u - static_cast<unsigned>(told));
  EXPECT_LT(told, 100'000);
}

TEST_F(event_hub_test, drops_and_counts_what_its_inbox_cannot_hold) {
  const auto a = listener("a");
  for (int i = 0; i < 15; ++i) tell("a", std::to_string(i));
  sys.run();
  EXPECT_EQ(a->heard.size(), 10u);
  EXPECT_EQ(count("quorate_events_dropped_total"), 5u);
  tell("a", "later");
  sys.run();
  EXPECT_EQ(a->heard.size(), 11u);
}

TEST_F(event_hub_test, a_successor_tells_what_waited_and_goes_on_with_heads) {
  const auto a = listener("a");
  hub->watch(a, "0x1", feed::heads, {});
  sys.run();
  caf::anon_send_exit(actor, caf::exit_reason::kill);
  tell("a", "x");
  sys.advance(1s);
  ASSERT_EQ(a->heard.size(), 1u);
  advance(2s);
  EXPECT_GE(a->heard.size(), 2u);
}

TEST_F(event_hub_test, makes_a_status_event_of_a_notification) {
  const auto a = listener("0xab");
  notify("status FINALIZED 0xab");
  sys.run();
  ASSERT_EQ(a->heard.size(), 1u);
  EXPECT_EQ(a->heard[0],
            R"({"event":"transaction_status_updated","data":{"name":"transaction_status_updated","type":"info",)"
            R"("scope":"Consensus","message":"FINALIZED 0xab",)"
            R"("data":{"hash":"0xab","new_status":"FINALIZED","status":"FINALIZED"},)"
            R"("transaction_hash":"0xab","client_id":null,"account_address":null}})");
}

TEST_F(event_hub_test, tells_everybody_of_appeals_and_of_the_finality_window) {
  const auto all = listener(std::string{broadcast_room});
  notify("appeal 0xab");
  notify("window 90");
  sys.run();
  ASSERT_EQ(all->heard.size(), 2u);
  EXPECT_NE(all->heard[0].find(R"("event":"transaction_appeal_updated")"), std::string::npos);
  EXPECT_NE(all->heard[0].find(R"("data":{"hash":"0xab"})"), std::string::npos);
  EXPECT_NE(all->heard[1].find(R"("data":{"time":90})"), std::string::npos);
}

TEST_F(event_hub_test, hands_on_changes_of_validators_while_somebody_hears) {
  notify("validator created 7");
  EXPECT_TRUE(validators.empty());
  const auto all = listener(std::string{broadcast_room});
  for (const char* one : {"validator created 7", "validator updated 8", "validator deleted 0xab", "validators deleted"})
    notify(one);
  ASSERT_EQ(validators.size(), 4u);
  EXPECT_EQ(validators[1].id, 8);
  EXPECT_EQ(validators[2].address, "0xab");
  hub->publish(std::string{broadcast_room},
               {.name = "validator_deleted", .data = R"({"address":"0xab"})", .bare = true});
  sys.run();
  EXPECT_EQ(all->heard, std::vector<std::string>{R"({"event":"validator_deleted","data":{"address":"0xab"}})"});
}

TEST_F(event_hub_test, ignores_notifications_it_does_not_know) {
  const auto all = listener(std::string{broadcast_room}), hash = listener("0xab");
  for (const char* odd : {"", "status", "status NOSUCH 0xab", "new 0xab\"}", "new", "window x", "window 5 6", "?"})
    notify(odd);
  sys.run();
  EXPECT_TRUE(all->heard.empty());
  EXPECT_TRUE(hash->heard.empty());
}

TEST_F(event_hub_test, a_stored_transaction_is_pending_and_may_have_logs) {
  const auto a = std::make_shared<listening>();
  hub->watch(a, "0x7", feed::pending, {});
  notify("new 0xab");
  notify("status PENDING 0xab");  // again, as the recoverer does: not new
  sys.run();
  ASSERT_EQ(a->heard.size(), 1u);
  EXPECT_EQ(a->heard[0],
            R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0x7","result":"0xab"}})");
  EXPECT_TRUE(stored.empty()) << "nobody watches logs";
  hub->watch(a, "0x8", feed::logs, {});
  notify("new 0xcd");
  EXPECT_EQ(stored, std::vector<std::string>{"0xcd"});
}

TEST_F(event_hub_test, logs_go_to_those_whose_filter_takes_them) {
  const auto a = std::make_shared<listening>();
  hub->watch(a, "0x1", feed::logs, [](const log_keys& k) { return k.address == "0xaa"; });
  hub->watch(a, "0x2", feed::logs, {});
  hub->publish(feed::logs, "1", {"0xaa", {}});
  hub->publish(feed::logs, "2", {"0xbb", {}});
  sys.run();
  EXPECT_EQ(a->heard.size(), 3u);
  EXPECT_TRUE(hub->unwatch(a, "0x2"));
  EXPECT_FALSE(hub->unwatch(a, "0x2"));
  EXPECT_FALSE(hub->unwatch(std::make_shared<listening>(), "0x1")) << "of another socket";
  hub->publish(feed::logs, "3", {"0xbb", {}});
  sys.run();
  EXPECT_EQ(a->heard.size(), 3u);
}

TEST_F(event_hub_test, tells_of_a_head_when_its_second_is_over_and_of_none_twice) {
  const auto a = std::make_shared<listening>();
  const auto began = second();
  hub->watch(a, "0x1", feed::heads, {});
  advance(700ms);
  EXPECT_TRUE(a->heard.empty());
  advance(100ms);
  ASSERT_EQ(a->heard.size(), 1u);
  EXPECT_NE(a->heard[0].find("{\"number\":" + std::to_string(began) + "}"), std::string::npos);
  advance(3s);
  EXPECT_EQ(a->heard.size(), 4u);
  hub->forget(a);
  advance(3s);
  EXPECT_EQ(a->heard.size(), 4u);
  hub->watch(a, "0x2", feed::heads, {});
  advance(1s);
  EXPECT_EQ(a->heard.size(), 5u) << "nothing of the time in between";
}

TEST_F(event_hub_test, tells_of_heads_it_missed_but_not_of_a_whole_night) {
  const auto a = std::make_shared<listening>();
  hub->watch(a, "0x1", feed::heads, {});
  sys.run();
  time += 3s;
  sys.advance(1s);
  EXPECT_EQ(a->heard.size(), 3u);
  time += std::chrono::hours{8};
  sys.advance(1s);
  EXPECT_EQ(a->heard.size(), 3u + 4u);
  // A clock that is set back begins anew.
  time -= std::chrono::hours{8};
  sys.advance(1s);
  EXPECT_EQ(a->heard.size(), 7u);
  time += 1s;
  sys.advance(1s);
  EXPECT_EQ(a->heard.size(), 8u);
}

TEST_F(event_hub_test, rooms_have_one_key_however_a_client_spells_them) {
  EXPECT_EQ(room_of("0xAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa");
  EXPECT_EQ(room_of("0x" + std::string(64, 'A')), "0x" + std::string(64, 'a'));
  EXPECT_EQ(room_of("WS-1"), "WS-1");
  EXPECT_EQ(room_of(""), "");
}

TEST_F(event_hub_test, takes_events_from_many_threads_while_sockets_come_and_go) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        const auto own = std::make_shared<listening>();
        const auto room = std::to_string((t + i) % 3);
        hub->join(own, room);
        hub->watch(own, hub->new_id(), feed::pending, {});
        tell(room, "x");
        notify("new 0xab");
        hub->forget(own);
        EXPECT_EQ(own.use_count(), 1);
      }
    });
  }
  for (auto& t : threads) t.join();
  sys.run();
  for (const char* room : {"0", "1", "2"}) EXPECT_FALSE(hub->heard_in(room));
}

}  // namespace
}  // namespace quorate::actors
