// SPDX-License-Identifier: MIT
#include "db/notifications.hpp"

#include <pqxx/pqxx>

#include "db/admin.hpp"
#include "db/processing.hpp"
#include "db/submissions.hpp"
#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

TEST(change_notes, are_read_whole_or_not_at_all) {
  const auto stored = parse_change("new 0xab");
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->what, change::kind::stored);
  EXPECT_EQ(stored->hash + stored->status, "0xabPENDING");
  const auto moved = parse_change("status CANCELED 0xab");
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->hash + moved->status, "0xabCANCELED");
  EXPECT_EQ(parse_change("appeal 0xab")->what, change::kind::appeal);
  EXPECT_EQ(parse_change("window 0")->seconds, 0);
  EXPECT_EQ(parse_change("validator created 7")->what, change::kind::validator_created);
  EXPECT_EQ(parse_change("validator updated 8")->id, 8);
  EXPECT_EQ(parse_change("validator deleted 0xab")->address, "0xab");
  EXPECT_EQ(parse_change("validators deleted")->what, change::kind::validators_deleted);
  for (const char* const odd : {"",
                                " ",
                                "new",
                                "new ",
                                "new 0xab ",
                                "new 0x\"",
                                "status 0xab",
                                "status NOSUCH 0xab",
                                "status FINALIZED",
                                "appeal",
                                "window",
                                "window x",
                                "window 5 6",
                                "old 0xab",
                                "validator",
                                "validator created",
                                "validator created x",
                                "validator created 7 8",
                                "validator deleted",
                                "validator deleted a\"",
                                "validator gone 7",
                                "validators",
                                "validators deleted 2"})
    EXPECT_FALSE(parse_change(odd)) << odd;
}

/// Each statement that changes what a client may see also says so, in the same transaction.
class changes_of_rows : public database_test<changes_of_rows> {
 protected:
  void SetUp() override {
    database_test::SetUp();
    auto made = connector_to(url_)->listen(std::chrono::seconds{10});
    ASSERT_TRUE(made);
    ears_ = std::move(*made);
  }

  template <class Work>
  void commit(Work work) {
    const auto done = in_transaction(*on, work);
    ASSERT_TRUE(done) << done.error().detail;
  }
  void set(int n, const std::string& what) {
    sql("UPDATE transactions SET " + what + " WHERE hash = '" + hash(n) + "'");
  }
  std::vector<std::string> heard() { return heard_by(*ears_)[std::string{channels::events}]; }

  std::unique_ptr<db::session> on = open_session(url_);
  std::unique_ptr<listener> ears_;
  const std::string a = address(1), b = address(2);
  using notes = std::vector<std::string>;
};

TEST_F(changes_of_rows, are_told_when_a_row_comes_and_when_it_is_final) {
  commit([&](transaction& tx) { return transactions::insert(tx, transfer(1, a, b, 0)); });
  commit([&](transaction& tx) { return transactions::fund(tx, hash(2), a, 5); });
  EXPECT_EQ(heard(), (notes{"new " + hash(1), "new " + hash(2)}));
  commit([&](transaction& tx) { return processing::process_send(tx, hash(1), b, {}); });
  EXPECT_EQ(heard(), notes{"status FINALIZED " + hash(1)});
}

TEST_F(changes_of_rows, are_told_in_the_order_of_the_commits) {
  commit([&](transaction& tx) { return transactions::insert(tx, transfer(1, a, b, 7)); });
  commit([&](transaction& tx) { return processing::process_send(tx, hash(1), b, {}); });
  commit([&](transaction& tx) { return submissions::appeal(tx, hash(1)); });
  set(1, "appealed = false");
  processing::window_rules over;
  over.window = std::chrono::seconds{0};
  commit([&](transaction& tx) { return processing::finalize(tx, hash(1), b, {}, over); });
  EXPECT_EQ(heard(), (notes{"new " + hash(1), "status UNDETERMINED " + hash(1), "appeal " + hash(1),
                            "status FINALIZED " + hash(1)}));
}

TEST_F(changes_of_rows, are_told_of_cancellations_and_of_what_is_set_by_hand) {
  commit([&](transaction& tx) { return transactions::insert(tx, transfer(1, a, b, 7)); });
  commit([&](transaction& tx) { return submissions::cancel(tx, hash(1)); });
  commit([&](transaction& tx) { return transactions::set_status(tx, hash(1), tx_status::accepted); });
  EXPECT_EQ(heard(), (notes{"new " + hash(1), "status CANCELED " + hash(1), "status ACCEPTED " + hash(1)}));
}

TEST_F(changes_of_rows, are_told_of_what_recovery_resets_and_gives_up) {
  for (const int n : {1, 2}) {
    commit([&](transaction& tx) { return transactions::insert(tx, transfer(n, a, b, 7)); });
    set(n, "status = 'COMMITTING', blocked_at = now() - interval '31 minutes', worker_id = 'dead'");
  }
  set(2, "recovery_count = 100");
  heard();
  commit([](transaction& tx) { return processing::recover(tx, {}); });
  auto told = heard();
  std::sort(told.begin(), told.end());
  EXPECT_EQ(told, (notes{"status CANCELED " + hash(2), "status PENDING " + hash(1)}));
}

TEST_F(changes_of_rows, are_told_of_the_finality_window_and_of_nothing_that_was_rolled_back) {
  commit([](transaction& tx) { return finality_window::set(tx, 90); });
  const auto undone = in_transaction(*on, [&](transaction& tx) -> result<bool> {
    static_cast<void>(transactions::insert(tx, transfer(1, a, b, 7)));
    return fail(errc::application, "no");
  });
  EXPECT_FALSE(undone);
  EXPECT_EQ(heard(), notes{"window 90"});
}

}  // namespace
}  // namespace quorate::db::tests
