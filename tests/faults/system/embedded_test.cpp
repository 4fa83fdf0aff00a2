// SPDX-License-Identifier: MIT
#include "tests/faults/system/stand.hpp"

/// The private PostgreSQL of `serve` without a database.
namespace quorate::tests {
namespace {

TEST(embedded_database, survives_kill_9_of_quorate_again_and_again) {
  quorate_process quorate{{}};
  quorate.start();
  for (int i = 1; i <= 3; ++i) {
    quorate.result("sim_fundAccount", chain::json::array({some_account, 1}));
    quorate.kill();
    quorate.start();
    EXPECT_EQ(quorate.result("eth_getBalance", balance_params()), "0x" + std::to_string(i));
  }
  EXPECT_EQ(quorate.stop(), 0);
}

TEST(embedded_database, a_second_quorate_on_the_same_data_directory_is_refused) {
  quorate_process first{{}};
  first.start();
  quorate_process second{{{}, first.data_dir(), {}}};
  EXPECT_EQ(second.start_and_fail(), 1);
  EXPECT_NE(second.log().find(std::to_string(first.pid())), std::string::npos) << second.log();
  first.result("sim_fundAccount", chain::json::array({some_account, 1}));
  EXPECT_EQ(first.stop(), 0);
  // Freed: the second one may have it now.
  second.start();
  EXPECT_EQ(second.result("eth_getBalance", balance_params()), "0x1");
  EXPECT_EQ(second.stop(), 0);
}

}  // namespace
}  // namespace quorate::tests
