// SPDX-License-Identifier: MIT
#include "db/accounts.hpp"

#include <thread>

#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

class accounts_table : public database_test<accounts_table> {
 protected:
  std::unique_ptr<db::session> on = open_session(url_);

  auto balance(const std::string& of) {
    return *in_transaction(*on, [&](transaction& tx) { return accounts::balance(tx, of); });
  }
  void credit(const std::string& to, const chain::integer& amount) {
    ASSERT_TRUE(in_transaction(*on, [&](transaction& tx) { return accounts::credit(tx, to, amount); }));
  }
  bool debit(const std::string& from, const chain::integer& amount) {
    return *in_transaction(*on, [&](transaction& tx) { return accounts::debit(tx, from, amount); });
  }
};

TEST_F(accounts_table, an_unknown_address_has_no_balance) { EXPECT_EQ(balance(address(1)), std::nullopt); }

TEST_F(accounts_table, ensure_makes_an_empty_account_once) {
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(in_transaction(*on, [&](transaction& tx) { return accounts::ensure(tx, address(1)); }));
  }
  EXPECT_EQ(balance(address(1)), chain::integer{0});
  EXPECT_EQ(value("SELECT data FROM current_state"), "{}");
  EXPECT_EQ(value("SELECT jsonb_typeof(data) FROM current_state"), "object");
}

TEST_F(accounts_table, ensure_leaves_a_contract_alone) {
  sql("INSERT INTO current_state VALUES ('" + address(1) + R"(', '{"state": {}}', now(), 7))");
  ASSERT_TRUE(in_transaction(*on, [&](transaction& tx) { return accounts::ensure(tx, address(1)); }));
  EXPECT_EQ(value("SELECT data || jsonb_build_object('b', balance) FROM current_state"), R"({"b": 7, "state": {}})");
}

TEST_F(accounts_table, a_balance_never_outgrows_its_column) {
  credit(address(1), chain::integer{biggest_wei} - 1);
  credit(address(1), 1);
  EXPECT_FALSE(*in_transaction(*on, [](transaction& tx) { return accounts::credit(tx, address(1), 1); }));
  EXPECT_EQ(value("SELECT balance FROM current_state"), biggest_wei);
}

TEST_F(accounts_table, amounts_of_78_digits_stay_exact) {
  const chain::integer all{biggest_wei};
  credit(address(1), all - 1);
  credit(address(1), 1);
  EXPECT_EQ(balance(address(1)), all);
  EXPECT_TRUE(debit(address(1), all - 2));
  EXPECT_EQ(balance(address(1)), chain::integer{2});
}

TEST_F(accounts_table, a_debit_needs_the_balance) {
  credit(address(1), 10);
  EXPECT_FALSE(debit(address(1), 11));
  EXPECT_EQ(balance(address(1)), chain::integer{10});
  EXPECT_TRUE(debit(address(1), 10));
  EXPECT_EQ(balance(address(1)), chain::integer{0});
  EXPECT_FALSE(debit(address(2), 1));
}

TEST_F(accounts_table, nothing_is_always_there_to_be_moved) {
  EXPECT_TRUE(debit(address(1), 0));
  credit(address(1), 0);
  EXPECT_EQ(balance(address(1)), std::nullopt);
}

TEST_F(accounts_table, concurrent_credits_of_a_new_account_all_count) {
  constexpr int threads = 8, each = 25;
  std::vector<std::thread> crowd;
  std::atomic<int> failures{0};
  for (int t = 0; t < threads; ++t) {
    crowd.emplace_back([&] {
      const auto mine = open_session(url_);
      for (int i = 0; i < each; ++i) {
        failures += in_transaction(*mine, [](transaction& tx) { return accounts::credit(tx, address(1), 3); }) ? 0 : 1;
        failures += in_transaction(*mine, [](transaction& tx) { return accounts::debit(tx, address(1), 1); }) ? 0 : 1;
      }
    });
  }
  for (auto& one : crowd) one.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(balance(address(1)), chain::integer{threads * each * 2});
}

}  // namespace
}  // namespace quorate::db::tests
