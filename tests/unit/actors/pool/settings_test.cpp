// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <map>

#include "tests/unit/actors/pool/pool_fixture.hpp"

/// The five settings the design document orders, by what they do (docs/spec/seed.md S2), and its echo (S3).
namespace quorate::tests {
namespace {

class pool_setting : public pool_test {
 protected:
  ~pool_setting() override { log::set_sink({}); }

  /// Leases held by as many actors; they live until the end of the test.
  void hold(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      ask_for_lease(std::chrono::hours{24});
      holders_.push_back(holder);
    }
    run();
  }
  void let_go() {
    for (const auto& h : holders_) stop(h);
    holders_.clear();
    run();
  }

  std::vector<caf::actor> holders_;
};

TEST_F(pool_setting, defaults_are_those_of_the_document) {
  const pool_settings s;
  EXPECT_EQ(s.size, 20u);
  EXPECT_EQ(s.max_overflow, 30u);
  EXPECT_EQ(s.timeout, seconds{30});
  EXPECT_EQ(s.recycle, seconds{3600});
  EXPECT_TRUE(s.pre_ping);
}

TEST_F(pool_setting, size_and_overflow_bound_the_connections) {
  pool_settings s;
  s.reserved_consensus = 0;
  start(s);
  hold(60);
  EXPECT_EQ(db->most_live, 50);
  EXPECT_EQ(grants.size(), 50u);
  let_go();
  EXPECT_EQ(db->live, 20);  // the overflow is closed, the size stays
}

TEST_F(pool_setting, timeout_ends_the_wait_of_a_call_that_has_more_time) {
  auto s = small();
  s.timeout = seconds{1};
  start(s);
  hold(1);
  const auto h = submit(seconds{60});
  advance(milliseconds{999});
  EXPECT_FALSE(h->answer);
  advance(milliseconds{2});
  EXPECT_EQ(h->code(), errc::pool_exhausted);
  s.timeout = seconds{5};
  pool.configure(s, [](status) {});
  const auto later = submit(seconds{60}), hurried = submit(seconds{2});
  advance(milliseconds{2'001});
  EXPECT_EQ(hurried->code(), errc::pool_exhausted);
  EXPECT_FALSE(later->answer);
  advance(milliseconds{3'000});
  EXPECT_EQ(later->code(), errc::pool_exhausted);
  let_go();
}

TEST_F(pool_setting, timeout_is_what_the_server_is_told_about_a_query) {
  auto s = small();
  s.timeout = milliseconds{900};
  start(s);
  submit(seconds{60});
  run();
  EXPECT_EQ(db->last_statement_timeout_ms, 1'000);  // rounded up to one of few values
}

TEST_F(pool_setting, recycle_replaces_an_old_connection) {
  auto s = small();
  s.idle_timeout = milliseconds{0};
  start(s);
  submit();
  run();
  advance(seconds{3599});
  submit();
  run();
  EXPECT_EQ(db->opened, 1);
  advance(seconds{2});
  const auto h = submit();
  run();
  EXPECT_TRUE(h->ok());
  EXPECT_EQ(db->opened, 2);
  EXPECT_EQ(db->live, 1);
}

TEST_F(pool_setting, pre_ping_tests_what_was_idle) {
  auto s = small();
  start(s);
  submit();
  run();
  advance(seconds{2});
  submit();
  run();
  EXPECT_EQ(db->pinged, 1);
  s.pre_ping = false;
  pool.configure(s, [](status) {});
  advance(seconds{2});
  submit();
  run();
  EXPECT_EQ(db->pinged, 1);
}

TEST_F(pool_setting, echo_logs_every_event_with_the_counts) {
  std::vector<std::string> lines;
  log::set_sink([&lines](const log::record& r) {
    if (r.component == "pool") lines.push_back(log::to_text(r));
  });
  const auto seen = [&](const std::string& what) {
    return std::any_of(lines.begin(), lines.end(), [&](const auto& l) { return l.find(what) != std::string::npos; });
  };
  auto s = small();
  s.max_overflow = 1;
  s.reserved_consensus = s.reserved_background = 0;
  s.echo = true;
  start(s);
  hold(2);
  let_go();
  EXPECT_TRUE(seen("create")) << lines.size();
  EXPECT_TRUE(seen("lease"));
  EXPECT_TRUE(seen("return"));
  EXPECT_TRUE(seen("overflow"));
  EXPECT_TRUE(seen("close overflow"));
  EXPECT_TRUE(seen("size=1 max_overflow=1"));
  EXPECT_TRUE(seen("leased=2"));
  s.recycle = seconds{1};
  pool.configure(s, [](status) {});
  advance(seconds{3});
  submit();
  run();
  EXPECT_TRUE(seen("recycle"));
  db->breaks = true;
  submit();
  run();
  EXPECT_TRUE(seen("discard"));
}

TEST_F(pool_setting, without_echo_nothing_is_logged) {
  std::size_t lines = 0;
  log::set_sink([&lines](const log::record&) { ++lines; });
  start();
  submit();
  run();
  EXPECT_EQ(lines, 0u);
}

}  // namespace
}  // namespace quorate::tests
