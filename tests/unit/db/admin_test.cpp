// SPDX-License-Identifier: MIT
#include "db/admin.hpp"

#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

class administration : public database_test<administration> {
 protected:
  std::unique_ptr<db::session> on = open_session(url_);
};

TEST_F(administration, validators_are_read_by_id_and_without_their_keys) {
  sql(R"(INSERT INTO validators (stake, config, address, provider, model, plugin, plugin_config, private_key, created_at) VALUES
    (5, '{"a": 1}', '0xA', 'openai', 'gpt', 'chat', '{"api_url": null}', '0xsecret', '2026-01-02 03:04:05+00'),
    (7, '{}', NULL, 'p', 'm', 'g', '{}', NULL, NULL))");
  const auto all = in_transaction(*on, [](transaction& tx) { return validators::all(tx); });
  ASSERT_TRUE(all) << all.error().detail;
  ASSERT_EQ(all->size(), 2U);
  const auto& first = all->front();
  EXPECT_LT(first.id, all->back().id);
  EXPECT_EQ(first.address, "0xA");
  EXPECT_EQ(first.stake, 5);
  EXPECT_EQ(first.provider + first.model + first.plugin, "openaigptchat");
  EXPECT_EQ(first.config, R"({"a": 1})");
  EXPECT_EQ(first.plugin_config, R"({"api_url": null})");
  EXPECT_EQ(first.created_at, "2026-01-02T03:04:05+00:00");
  EXPECT_EQ(all->back().address, std::nullopt);
  EXPECT_EQ(all->back().created_at, std::nullopt);
}

TEST_F(administration, a_validator_is_found_by_address) {
  sql("INSERT INTO validators (stake, config, address, provider, model, plugin, plugin_config) VALUES (5, '{}', '0xA', "
      "'p', "
      "'m', 'g', '{}')");
  const auto find = [&](const std::string& address) {
    return *in_transaction(*on, [&](transaction& tx) { return validators::by_address(tx, address); });
  };
  EXPECT_EQ(find("0xA")->stake, 5);
  EXPECT_EQ(find("0xB"), std::nullopt);
  EXPECT_EQ(*in_transaction(*on, [](transaction& tx) { return validators::count(tx); }), 1);
}

TEST_F(administration, tables_are_cleared_in_order) {
  sql("INSERT INTO current_state (id, data, balance) VALUES ('a', '{}', 1)");
  ASSERT_TRUE(in_transaction(
      *on, [](transaction& tx) { return transactions::insert(tx, transfer(1, address(1), address(2), 3)); }));
  EXPECT_TRUE(in_transaction(*on, [](transaction& tx) { return clear_tables(tx, {"transactions", "current_state"}); }));
  EXPECT_EQ(value("SELECT (SELECT count(*) FROM transactions) + (SELECT count(*) FROM current_state)"), "0");
}

TEST_F(administration, an_unknown_table_stops_it_before_anything_is_deleted) {
  sql("INSERT INTO current_state (id, data, balance) VALUES ('a', '{}', 1)");
  for (const auto* const table : {"alembic_version", "pg_class", "current_state; --", ""}) {
    const auto done = in_transaction(*on, [&](transaction& tx) { return clear_tables(tx, {"current_state", table}); });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, errc::invalid_params);
    EXPECT_EQ(done.error().message, "Unknown table: " + std::string{table});
  }
  EXPECT_EQ(value("SELECT count(*) FROM current_state"), "1");
}

TEST_F(administration, the_finality_window_is_shared_and_announced) {
  const auto get = [&] { return *in_transaction(*on, [](transaction& tx) { return finality_window::get(tx); }); };
  const auto from = connector_to(url_);
  const auto ear = from->listen(std::chrono::seconds{5});
  EXPECT_EQ(get(), std::nullopt);
  for (const std::int64_t seconds : {120, 0}) {
    ASSERT_TRUE(in_transaction(*on, [&](transaction& tx) { return finality_window::set(tx, seconds); }));
    EXPECT_EQ(get(), seconds);
  }
  EXPECT_EQ(heard_by(**ear)[std::string{channels::settings}],
            (std::vector<std::string>{"finality_window", "finality_window"}));
}

}  // namespace
}  // namespace quorate::db::tests
