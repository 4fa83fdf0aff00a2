// SPDX-License-Identifier: MIT
#include "db/forwards.hpp"

#include <pqxx/pqxx>

#include <set>
#include <thread>

#include "db/submissions.hpp"
#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

using namespace std::chrono_literals;
using forwards::settlement;

class forwards_table : public database_test<forwards_table> {
 protected:
  void SetUp() override {
    database_test::SetUp();
    sql("TRUNCATE quorate.forwards, quorate.leases");
  }
  void add(int n, const chain::bytes& call = {1, 2, 3}) {
    const auto done = in_transaction(*on, [&](transaction& tx) -> status {
      forwards::add(tx, hash(n), call);
      return {};
    });
    ASSERT_TRUE(done) << done.error().detail;
  }
  static forwards::turn a_turn(const std::string& holder = "a") {
    return {.holder = holder, .lease = 10s, .sign = [](const forwards::forward& row, std::size_t index) {
              return result<forwards::signed_call>{{{static_cast<std::uint8_t>(index)}, "0x" + row.hash.substr(60)}};
            }};
  }
  forwards::turn_report take(const forwards::turn& what) {
    auto done = in_transaction(*on, [&](transaction& tx) { return forwards::take_turn(tx, what); });
    if (!done) throw std::runtime_error{done.error().detail};
    return std::move(*done);
  }
  forwards::turn_report settle(settlement what) {
    auto turn = a_turn();
    turn.sign = {};
    turn.settled = {std::move(what)};
    return take(turn);
  }
  static std::vector<std::string> hashes(const forwards::turn_report& report) {
    std::vector<std::string> out;
    for (const auto& row : report.rows) out.push_back(row.hash);
    return out;
  }
  std::string get(int n, const std::string& what) {
    return value("SELECT coalesce((" + what + ")::text, 'none') FROM quorate.forwards WHERE hash = '" + hash(n) + "'");
  }

  std::unique_ptr<session> on = open_session(url_);
};

TEST_F(forwards_table, hands_out_the_oldest_signed_and_stored) {
  for (const int n : {3, 1, 2}) add(n);
  auto turn = a_turn();
  turn.limit = 2;
  const auto first = take(turn);
  EXPECT_TRUE(first.held);
  EXPECT_EQ(first.open, 3);
  EXPECT_EQ(hashes(first), (std::vector{hash(3), hash(1)}));
  EXPECT_EQ(first.rows[1].call, (chain::bytes{1, 2, 3}));
  EXPECT_EQ(first.rows[1].raw, chain::bytes{1});
  EXPECT_TRUE(first.rows[1].fresh);
  EXPECT_EQ(get(1, "state"), "signed");
  EXPECT_EQ(get(1, "encode(raw, 'hex')") + get(1, "rollup_hash"), "01" + ("0x" + hash(1).substr(60)));
  EXPECT_EQ(get(2, "state"), "waiting");
}

TEST_F(forwards_table, what_is_signed_comes_back_before_anything_else_is) {
  add(1);
  take(a_turn());
  add(2);
  const auto again = take(a_turn());
  EXPECT_EQ(hashes(again), std::vector{hash(1)});
  EXPECT_FALSE(again.rows[0].fresh);
  EXPECT_EQ(again.rows[0].raw, chain::bytes{0});
  EXPECT_EQ(get(2, "state"), "waiting");
}

TEST_F(forwards_table, settles_and_hands_out_in_one_turn) {
  for (const int n : {1, 2, 3, 4}) add(n);
  auto turn = a_turn();
  turn.limit = 3;
  take(turn);
  turn.settled = {{.hash = hash(1), .rollup_id = "0x77", .block = 5},
                  {.hash = hash(2), .how = settlement::what::failed, .error = "a \"word\", {x}"},
                  {.hash = hash(3), .how = settlement::what::again, .error = "nonce"}};
  const auto next = take(turn);
  EXPECT_EQ(hashes(next), (std::vector{hash(3), hash(4)}));
  EXPECT_EQ(next.open, 2);
  EXPECT_EQ(get(1, "state") + get(1, "rollup_id") + get(1, "block") + get(1, "octet_length(call)") + get(1, "raw"),
            "done0x7750none");
  EXPECT_NE(get(1, "settled_at"), "none");
  EXPECT_EQ(get(2, "state") + get(2, "error"), "faileda \"word\", {x}");
  EXPECT_EQ(get(2, "encode(call, 'hex')"), "010203") << "kept, to be looked at or tried again";
}

TEST_F(forwards_table, a_settled_row_stays_settled) {
  add(1);
  take(a_turn());
  settle({.hash = hash(1), .rollup_id = "0x77"});
  settle({.hash = hash(1), .how = settlement::what::again});
  EXPECT_EQ(get(1, "state"), "done");
  add(1);  // the transaction was cleared and sent again
  EXPECT_EQ(get(1, "state"), "done");
}

TEST_F(forwards_table, without_a_signer_or_with_no_room_it_only_looks) {
  add(1);
  auto turn = a_turn();
  turn.limit = 0;
  EXPECT_TRUE(take(turn).rows.empty());
  turn = a_turn();
  turn.sign = {};
  const auto looked = take(turn);
  EXPECT_TRUE(looked.rows.empty());
  EXPECT_EQ(looked.open, 1);
  turn.hold = false;
  turn.holder = "b";
  EXPECT_EQ(take(turn).open, 1);
  EXPECT_EQ(value("SELECT holder FROM quorate.leases"), "a");
}

TEST_F(forwards_table, large_calls_make_small_turns) {
  for (int n = 1; n <= 4; ++n) add(n, chain::bytes(3 << 20, 7));
  EXPECT_EQ(take(a_turn()).rows.size(), 2U);
}

TEST_F(forwards_table, the_lease_has_one_holder_until_it_ends_or_is_given_back) {
  add(1);
  ASSERT_TRUE(take(a_turn("a")).held);
  const auto refused = take(a_turn("b"));
  EXPECT_FALSE(refused.held);
  EXPECT_GT(refused.held_for, 0ms);
  EXPECT_LE(refused.held_for, 10s);
  EXPECT_TRUE(refused.rows.empty());
  sql("UPDATE quorate.leases SET until = now() - interval '1 second'");
  EXPECT_EQ(hashes(take(a_turn("b"))), std::vector{hash(1)});
  EXPECT_FALSE(take(a_turn("a")).held);

  const auto leave = [&](const char* who) {
    return in_transaction(
        *on, [&](transaction& tx) { return forwards::leave(tx, who, {{.hash = hash(1), .rollup_id = "0x1"}}); });
  };
  EXPECT_TRUE(leave("a"));
  EXPECT_EQ(get(1, "state"), "signed") << "not its to settle";
  EXPECT_TRUE(leave("b"));
  EXPECT_EQ(get(1, "state"), "done");
  EXPECT_TRUE(take(a_turn("a")).held);
}

TEST_F(forwards_table, several_processes_at_once_hand_nothing_out_twice) {
  for (int n = 1; n <= 200; ++n) add(n);
  std::mutex mutex;
  std::multiset<std::string> handed_out;
  std::vector<std::thread> crowd;
  for (int t = 0; t < 4; ++t) {
    crowd.emplace_back([&, holder = std::to_string(t)] {
      const auto mine = open_session(url_);
      auto turn = a_turn(holder);
      turn.limit = 7;
      for (bool left = true; left;) {
        auto done = in_transaction(*mine, [&](transaction& tx) { return forwards::take_turn(tx, turn); });
        ASSERT_TRUE(done) << done.error().detail;
        left = done->open > 0;
        if (!done->held) continue;
        std::vector<settlement> settled;
        for (const auto& row : done->rows) {
          const std::lock_guard lock{mutex};
          handed_out.insert(row.hash);
          settled.push_back({.hash = row.hash, .rollup_id = row.hash});
        }
        const auto gone = in_transaction(*mine, [&](transaction& tx) { return forwards::leave(tx, holder, settled); });
        ASSERT_TRUE(gone) << gone.error().detail;
      }
    });
  }
  for (auto& one : crowd) one.join();
  EXPECT_EQ(handed_out.size(), 200U);
  EXPECT_EQ(std::set(handed_out.begin(), handed_out.end()).size(), 200U);
}

TEST_F(forwards_table, a_submission_and_its_row_come_in_together_or_not_at_all) {
  submissions::submission s;
  s.row = transfer(1, address(1), address(2), 0);
  s.row.type = tx_type::deploy;
  s.row.accounts = {address(1), address(2)};
  s.forward = {9};
  const auto submit = [&](bool fails) {
    return in_transaction(*on, [&](transaction& tx) -> result<submissions::outcome> {
      auto done = submissions::submit(tx, s);
      if (fails) return fail(errc::application, "");
      return done;
    });
  };
  EXPECT_FALSE(submit(true));
  EXPECT_EQ(value("SELECT count(*) FROM quorate.forwards"), "0");
  EXPECT_TRUE(submit(false));
  EXPECT_EQ(get(1, "encode(call, 'hex')"), "09");
  EXPECT_EQ(submit(false)->what, submissions::verdict::known);
  EXPECT_EQ(value("SELECT count(*) FROM quorate.forwards"), "1");
  s.row.hash = hash(2);
  s.row.type = tx_type::run;
  s.row.to_address = address(77);
  EXPECT_EQ(submit(false)->what, submissions::verdict::no_contract);
  EXPECT_EQ(value("SELECT count(*) FROM quorate.forwards"), "1");
}

}  // namespace
}  // namespace quorate::db::tests
