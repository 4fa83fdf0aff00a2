// SPDX-License-Identifier: MIT
#include "db/contracts.hpp"

#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

class contract_rows : public database_test<contract_rows> {
 protected:
  void SetUp() override {
    database_test<contract_rows>::SetUp();
    sql(R"(INSERT INTO current_state (id, data, balance) VALUES
      ('0xA', '{"state": {"accepted": {}}}', 115792089237316195423570985008687907853), ('0xB', '{}', 7))");
  }
  contracts::call_ground ground(const std::string& address) {
    auto read = in_transaction(*on, [&](transaction& tx) { return contracts::read_ground(tx, address); });
    EXPECT_TRUE(read) << read.error().detail;
    return read.value_or(contracts::call_ground{});
  }
  std::optional<contracts::contract_row> read(const std::string& address) {
    return *in_transaction(*on, [&](transaction& tx) { return contracts::read(tx, address); });
  }
  std::unique_ptr<db::session> on = open_session(url_);
};

TEST_F(contract_rows, are_read_with_their_data_as_text_and_their_balance) {
  const auto contract = read("0xA");
  ASSERT_TRUE(contract);
  EXPECT_EQ(contract->data, R"({"state": {"accepted": {}}})");
  EXPECT_EQ(contract->balance, chain::integer{"115792089237316195423570985008687907853"});
  EXPECT_EQ(read("0xB")->data, "");
  EXPECT_EQ(read("0xB")->balance, 7);
  EXPECT_EQ(read("0xC"), std::nullopt);
}

TEST_F(contract_rows, come_to_a_call_with_the_oldest_validator) {
  sql(R"(INSERT INTO validators (stake, config, address, provider, model, plugin, plugin_config) VALUES
    (5, '{"a": 1}', '0x1', 'openai', 'gpt', 'chat', '{"api_url": null}'), (6, '{}', '0x2', 'p', 'm', 'g', '{}'))");
  const auto both = ground("0xA");
  EXPECT_EQ(both.validator.value().address, "0x1");
  EXPECT_EQ(both.validator->plugin_config, R"({"api_url": null})");
  EXPECT_EQ(both.contract.value(), read("0xA"));
  const auto alone = ground("0xC");
  EXPECT_EQ(alone.validator.value().stake, 5);
  EXPECT_EQ(alone.contract, std::nullopt);
}

TEST_F(contract_rows, come_to_a_call_without_a_validator_when_there_is_none) {
  const auto contract = ground("0xB");
  EXPECT_FALSE(contract.validator);
  EXPECT_EQ(contract.contract.value().balance, 7);
  const auto nothing = ground("0xC");
  EXPECT_FALSE(nothing.validator);
  EXPECT_FALSE(nothing.contract);
}

TEST_F(contract_rows, know_how_much_is_pending) {
  const auto pending = [&] {
    return *in_transaction(*on, [](transaction& tx) { return contracts::pending(tx, address(2)); });
  };
  EXPECT_EQ(pending(), 0);
  for (const int n : {1, 2}) {
    ASSERT_TRUE(in_transaction(
        *on, [n](transaction& tx) { return transactions::insert(tx, transfer(n, address(1), address(2), 3)); }));
  }
  sql("UPDATE transactions SET status = 'FINALIZED' WHERE hash = '" + hash(2) + "'");
  EXPECT_EQ(pending(), 1);
}

}  // namespace
}  // namespace quorate::db::tests
