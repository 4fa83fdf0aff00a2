// SPDX-License-Identifier: MIT
#include "actors/caf.hpp"
#include "tests/unit/actors/loop_fixture.hpp"

namespace quorate::actors {
namespace {

using namespace std::chrono_literals;

class recoverer_test : public loop_fixture {};

TEST_F(recoverer_test, recovers_at_its_start_and_at_its_interval) {
  start({"recoverer"});
  pass(0s);
  EXPECT_EQ(recoveries, 1);
  pass(59999ms);
  EXPECT_EQ(recoveries, 1);
  pass(1ms);
  EXPECT_EQ(recoveries, 2);
  EXPECT_EQ(pool.waiting(), 0u);
}

TEST_F(recoverer_test, what_it_resets_wakes_the_settler) {
  settings.claim_poll = 1h;
  start({"recoverer", "settler"});
  pass(0s);
  const auto before = settle_turns;
  report.reset = {"0x01"};
  report.canceled = {"0x02"};
  pass(60s);
  EXPECT_GT(settle_turns, before);
  const auto page = registry.render();
  EXPECT_NE(page.find("quorate_transactions_recovered_total{effect=\"reset\"} 1\n"), std::string::npos);
  EXPECT_NE(page.find("quorate_transactions_recovered_total{effect=\"canceled\"} 1\n"), std::string::npos);
}

TEST_F(recoverer_test, a_failure_is_tried_again_soon) {
  settings.retry = {100ms, 1s};
  broken = true;
  start({"recoverer"});
  pass(0s);
  broken = false;
  pass(100ms);
  EXPECT_EQ(recoveries, 2);
  EXPECT_NE(registry.render().find("quorate_loop_errors_total{loop=\"recoverer\"} 1\n"), std::string::npos);
}

}  // namespace
}  // namespace quorate::actors
