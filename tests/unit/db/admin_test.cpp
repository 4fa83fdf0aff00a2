// SPDX-License-Identifier: MIT
#include "db/admin.hpp"

#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

class administration : public database_test<administration> {
 protected:
  std::unique_ptr<db::session> on = open_session(url_);
};

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
