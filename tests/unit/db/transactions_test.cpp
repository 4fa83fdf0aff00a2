// SPDX-License-Identifier: MIT
#include "db/transactions.hpp"

#include <pqxx/pqxx>
#include <thread>

#include "db/accounts.hpp"
#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

class transactions_table : public database_test<transactions_table> {
 protected:
  std::unique_ptr<db::session> on = open_session(url_);

  bool insert(const transactions::new_transaction& row) {
    const auto done = in_transaction(*on, [&](transaction& tx) { return transactions::insert(tx, row); });
    if (!done) ADD_FAILURE() << done.error().detail;
    return done && *done;
  }
  transaction_row get(int n) {
    const auto found = in_transaction(*on, [&](transaction& tx) { return transactions::by_hash(tx, hash(n)); });
    if (!found) throw std::runtime_error{found.error().detail};
    return found->value();
  }
  std::vector<std::string> hashes(const std::function<result<std::vector<transaction_row>>(transaction&)>& work) {
    std::vector<std::string> list;
    const auto found = in_transaction(*on, work);
    for (const auto& row : *found) list.push_back(row.hash);
    return list;
  }
};

TEST_F(transactions_table, a_new_row_has_upstreams_values) {
  auto row = transfer(1, address(1), address(2), chain::integer{biggest_wei});
  row.type = tx_type::deploy;
  row.data = R"({"n": 123456789012345678901234567890.5, "s": "\"é\""})";
  row.execution_mode = "LEADER_ONLY";
  row.config_rotation_rounds = 3;
  row.num_of_initial_validators = 5;
  row.sim_config = R"({"genvm_datetime": null})";
  ASSERT_TRUE(insert(row));
  const auto got = get(1);
  EXPECT_EQ(got.status, tx_status::pending);
  EXPECT_EQ(got.from_address, address(1));
  EXPECT_EQ(got.to_address, address(2));
  EXPECT_EQ(got.value, chain::integer{biggest_wei});
  EXPECT_EQ(got.type, 1);
  EXPECT_EQ(got.nonce, 1);
  EXPECT_EQ(got.data, R"({"n": 123456789012345678901234567890.5, "s": "\"é\""})");
  EXPECT_TRUE(got.leader_only);
  EXPECT_EQ(got.execution_mode, "LEADER_ONLY");
  EXPECT_EQ(got.origin_address, address(1));
  EXPECT_EQ(got.config_rotation_rounds, 3);
  EXPECT_EQ(got.num_of_initial_validators, 5);
  EXPECT_EQ(got.rotation_count, 0);
  EXPECT_EQ(got.appeal_failed, 0);
  EXPECT_EQ(got.appeal_processing_time, 0);
  EXPECT_EQ(got.consensus_history, "{}");
  EXPECT_EQ(got.consensus_data, std::nullopt);
  EXPECT_EQ(got.input_data, std::nullopt);
  EXPECT_EQ(got.sim_config, R"({"genvm_datetime": null})");
  EXPECT_FALSE(got.value_credited);
  EXPECT_FALSE(got.appealed);
  EXPECT_EQ(got.gaslimit, std::nullopt);
  EXPECT_EQ(value("SELECT jsonb_typeof(input_data) || jsonb_typeof(consensus_data) FROM transactions"), "nullnull");
}

TEST_F(transactions_table, a_known_hash_is_left_alone_and_poisons_nothing) {
  ASSERT_TRUE(insert(transfer(1, address(1), address(2), 5)));
  const auto again = in_transaction(*on, [&](transaction& tx) -> result<bool> {
    const auto second = transactions::insert(tx, transfer(1, address(3), address(4), 6));
    if (!second) return second;
    if (auto credited = accounts::credit(tx, address(9), 1); !credited) return tl::unexpected<error>{credited.error()};
    return second;
  });
  ASSERT_TRUE(again);
  EXPECT_FALSE(*again);
  EXPECT_EQ(get(1).from_address, address(1));
  EXPECT_EQ(value("SELECT balance FROM current_state"), "1");
}

TEST_F(transactions_table, an_insert_is_heard_after_its_commit) {
  const auto from = connector_to(url_);
  const auto ear = from->listen(std::chrono::seconds{5});
  const auto rolled_back = in_transaction(*on, [&](transaction& tx) -> result<bool> {
    static_cast<void>(transactions::insert(tx, transfer(1, address(1), address(2), 5)));
    return fail(errc::application, "no");
  });
  ASSERT_FALSE(rolled_back);
  ASSERT_TRUE(insert(transfer(2, address(1), address(2), 5)));
  EXPECT_EQ(heard_by(**ear)[std::string{channels::transactions}], std::vector{hash(2)});
}

TEST_F(transactions_table, times_are_written_as_studio_writes_them) {
  ASSERT_TRUE(insert(transfer(1, address(1), address(2), 5)));
  for (const auto& [stored, shown] : {std::pair{"2026-06-01 10:00:00.12+02", "2026-06-01T08:00:00.120000+00:00"},
                                      std::pair{"2026-06-01 10:00:00+00", "2026-06-01T10:00:00+00:00"},
                                      std::pair{"2026-06-01 10:00:00.123456+00", "2026-06-01T10:00:00.123456+00:00"}}) {
    sql("UPDATE transactions SET created_at = '" + std::string{stored} + "', blocked_at = '" + stored + "'");
    EXPECT_EQ(get(1).created_at, shown);
    EXPECT_EQ(get(1).blocked_at, shown);
  }
  EXPECT_EQ(get(1).created_unix, 1780308000);
}

TEST_F(transactions_table, every_column_is_read) {
  ASSERT_TRUE(insert(transfer(1, std::nullopt, std::nullopt, 5)));
  sql(R"(UPDATE transactions SET status = 'LEADER_TIMEOUT', from_address = 'f', to_address = 't', input_data = '1', data = '2',
    consensus_data = '3', nonce = 4, value = 5, type = 3, gaslimit = 9007199254740993, r = 7, s = 8, v = 9,
    leader_only = true, execution_mode = 'LEADER_SELF_VALIDATOR', triggered_on = 'finalized', origin_address = 'o',
    appealed = true, appeal_undetermined = true, appeal_leader_timeout = true, appeal_validators_timeout = true,
    appeal_failed = 10, appeal_processing_time = 11, timestamp_appeal = 12, timestamp_awaiting_finalization = 13,
    last_vote_timestamp = 14, consensus_history = '15', contract_snapshot = '16', leader_timeout_validators = '17',
    sim_config = '18', config_rotation_rounds = 19, num_of_initial_validators = 20, rotation_count = 21,
    worker_id = 'w', value_credited = true, recovery_count = 22, triggered_by_hash = hash)");
  const auto got = get(1);
  EXPECT_EQ(got.status, tx_status::leader_timeout);
  EXPECT_EQ(got.from_address, "f");
  EXPECT_EQ(got.to_address, "t");
  EXPECT_EQ(got.input_data, "1");
  EXPECT_EQ(got.data, "2");
  EXPECT_EQ(got.consensus_data, "3");
  EXPECT_EQ(got.nonce, 4);
  EXPECT_EQ(got.value, chain::integer{5});
  EXPECT_EQ(got.type, 3);
  EXPECT_EQ(got.gaslimit, 9007199254740993);
  EXPECT_EQ(got.r, 7);
  EXPECT_EQ(got.s, 8);
  EXPECT_EQ(got.v, 9);
  EXPECT_TRUE(got.leader_only);
  EXPECT_EQ(got.execution_mode, "LEADER_SELF_VALIDATOR");
  EXPECT_EQ(got.triggered_by_hash, hash(1));
  EXPECT_EQ(got.triggered_on, "finalized");
  EXPECT_EQ(got.origin_address, "o");
  EXPECT_EQ(got.triggered_transactions, std::vector{hash(1)});
  EXPECT_TRUE(got.appealed && got.appeal_undetermined && got.appeal_leader_timeout && got.appeal_validators_timeout);
  EXPECT_EQ(got.appeal_failed, 10);
  EXPECT_EQ(got.appeal_processing_time, 11);
  EXPECT_EQ(got.timestamp_appeal, 12);
  EXPECT_EQ(got.timestamp_awaiting_finalization, 13);
  EXPECT_EQ(got.last_vote_timestamp, 14);
  EXPECT_EQ(got.consensus_history, "15");
  EXPECT_EQ(got.contract_snapshot, "16");
  EXPECT_EQ(got.leader_timeout_validators, "17");
  EXPECT_EQ(got.sim_config, "18");
  EXPECT_EQ(got.config_rotation_rounds, 19);
  EXPECT_EQ(got.num_of_initial_validators, 20);
  EXPECT_EQ(got.rotation_count, 21);
  EXPECT_EQ(got.blocked_at, std::nullopt);
  EXPECT_EQ(got.worker_id, "w");
  EXPECT_TRUE(got.value_credited);
  EXPECT_EQ(got.recovery_count, 22);
}

TEST_F(transactions_table, a_row_of_nothing_but_nulls_is_read) {
  sql("INSERT INTO transactions (hash, leader_only, appealed, appeal_undetermined, appeal_leader_timeout, "
      "appeal_validators_timeout, created_at, data) VALUES ('" +
      hash(1) + "', false, false, false, false, false, NULL, 'null')");
  const auto got = get(1);
  EXPECT_EQ(got.value, std::nullopt);
  EXPECT_EQ(got.created_at, "");
  EXPECT_EQ(got.data, std::nullopt);
  EXPECT_EQ(got.consensus_history, std::nullopt);
  EXPECT_TRUE(got.triggered_transactions.empty());
}

TEST_F(transactions_table, the_faucet_pays_at_once) {
  const auto funded = in_transaction(
      *on, [](transaction& tx) { return transactions::fund(tx, hash(1), address(1), chain::integer{biggest_wei}); });
  ASSERT_TRUE(funded) << funded.error().detail;
  EXPECT_TRUE(*funded);
  const auto got = get(1);
  EXPECT_EQ(got.status, tx_status::pending);
  EXPECT_EQ(got.from_address, std::nullopt);
  EXPECT_EQ(got.type, 0);
  EXPECT_EQ(got.nonce, 0);
  EXPECT_EQ(got.value, chain::integer{biggest_wei});
  EXPECT_TRUE(got.value_credited);
  EXPECT_EQ(got.data, std::nullopt);
  EXPECT_EQ(value("SELECT balance FROM current_state WHERE id = '" + address(1) + "'"), biggest_wei);
}

TEST_F(transactions_table, the_faucet_under_load_loses_and_doubles_nothing) {
  constexpr int threads = 8, each = 20;
  std::vector<std::thread> crowd;
  std::atomic<int> failures{0};
  for (int t = 0; t < threads; ++t) {
    crowd.emplace_back([&, t] {
      const auto mine = open_session(url_);
      for (int i = 0; i < each; ++i) {
        const auto done = in_transaction(*mine, [&](transaction& tx) {
          return transactions::fund(tx, hash(1000 + t * each + i), address(i % 3), 7);
        });
        failures += done ? 0 : 1;
      }
    });
  }
  for (auto& one : crowd) one.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(value("SELECT sum(balance) FROM current_state"), std::to_string(threads * each * 7));
  EXPECT_EQ(value("SELECT count(*) FROM transactions WHERE value_credited"), std::to_string(threads * each));
}

TEST_F(transactions_table, a_list_for_an_address_is_newest_first) {
  ASSERT_TRUE(insert(transfer(1, address(1), address(2), 5)));
  ASSERT_TRUE(insert(transfer(2, address(2), address(1), 5)));
  ASSERT_TRUE(insert(transfer(3, address(3), address(4), 5)));
  ASSERT_TRUE(insert(transfer(4, address(1), address(1), 5)));
  EXPECT_EQ(hashes([](transaction& tx) { return transactions::for_address(tx, address(1)); }),
            (std::vector{hash(4), hash(2), hash(1)}));
}

TEST_F(transactions_table, blocks_are_the_seconds_of_acceptance) {
  const auto latest = [&] {
    return *in_transaction(*on, [](transaction& tx) { return transactions::latest_block(tx); });
  };
  EXPECT_EQ(latest(), std::nullopt);
  for (int n = 1; n <= 3; ++n) ASSERT_TRUE(insert(transfer(n, address(1), address(2), 5)));
  sql("UPDATE transactions SET timestamp_awaiting_finalization = 100 WHERE hash <> '" + hash(2) + "'");
  EXPECT_EQ(latest(), 100);
  EXPECT_EQ(hashes([](transaction& tx) { return transactions::of_block(tx, 100); }), (std::vector{hash(1), hash(3)}));
  EXPECT_TRUE(hashes([](transaction& tx) { return transactions::of_block(tx, 99); }).empty());
}

TEST_F(transactions_table, the_newest_block_is_read_by_index) {
  ASSERT_TRUE(insert(transfer(1, address(1), address(2), 5)));
  ASSERT_TRUE(insert(transfer(2, address(1), address(2), 5)));
  sql("UPDATE transactions SET status = 'ACCEPTED', timestamp_awaiting_finalization = 100");
  const auto newest = [](transaction& tx) { return transactions::of_newest_block(tx, 100); };
  const auto only_hashes = [](transaction& tx) { return transactions::hashes_of_newest_block(tx, 100); };
  EXPECT_EQ(hashes(newest), (std::vector{hash(1), hash(2)}));
  EXPECT_EQ(*in_transaction(*on, only_hashes), (std::vector{hash(1), hash(2)}));
  EXPECT_EQ(*in_transaction(*on, [](transaction& tx) { return transactions::hashes_of_block(tx, 100); }),
            (std::vector{hash(1), hash(2)}));

  // Many that are final: what makes a scan of the table dear.
  sql("INSERT INTO transactions SELECT (jsonb_populate_record(t, jsonb_build_object('hash', 'f' || n, 'status', "
      "'FINALIZED'))).* FROM transactions t, generate_series(1, 5000) n WHERE t.hash = '" +
      hash(1) + "'");
  sql("ANALYZE transactions");
  std::string plans;
  const auto read_plans = [&](transaction& tx) -> result<bool> {
    (void)transactions::of_newest_block(tx, 100);
    (void)transactions::hashes_of_newest_block(tx, 100);
    tx.native().exec("SET LOCAL plan_cache_mode = force_generic_plan");
    for (const auto* name : {"transactions_of_newest_block", "transactions_hashes_of_newest_block"})
      for (const auto& row : tx.native().exec("EXPLAIN EXECUTE " + std::string{name} + "(100)"))
        plans += std::string{row[0].c_str()} + '\n';
    return true;
  };
  ASSERT_TRUE(in_transaction(*on, read_plans));
  EXPECT_NE(plans.find("idx_transactions_pending_finalization"), std::string::npos) << plans;
  EXPECT_EQ(plans.find("Seq Scan on transactions t"), std::string::npos) << plans;
}

TEST_F(transactions_table, children_are_listed_oldest_first) {
  ASSERT_TRUE(insert(transfer(1, address(1), address(2), 5)));
  for (const int n : {3, 2}) {
    auto child = transfer(n, address(2), address(3), 5);
    child.triggered_by_hash = hash(1);
    child.triggered_on = "accepted";
    child.origin_address = address(1);
    ASSERT_TRUE(insert(child));
  }
  EXPECT_EQ(get(1).triggered_transactions, (std::vector{hash(3), hash(2)}));
  EXPECT_EQ(get(2).origin_address, address(1));
  EXPECT_EQ(get(2).triggered_on, "accepted");
}

TEST_F(transactions_table, a_status_change_is_tracked_whatever_the_history_was) {
  const auto set = [&](tx_status to) {
    return *in_transaction(*on, [&](transaction& tx) { return transactions::set_status(tx, hash(1), to); });
  };
  EXPECT_FALSE(set(tx_status::accepted));
  ASSERT_TRUE(insert(transfer(1, address(1), address(2), 5)));
  EXPECT_TRUE(set(tx_status::proposing));
  EXPECT_TRUE(set(tx_status::committing));
  EXPECT_EQ(get(1).consensus_history, R"({"current_status_changes": ["PENDING", "PROPOSING", "COMMITTING"]})");
  EXPECT_EQ(get(1).timestamp_awaiting_finalization, std::nullopt);
  for (const auto* const history : {"'null'", "NULL", "'[1]'", "'\"x\"'"}) {
    sql("UPDATE transactions SET consensus_history = " + std::string{history});
    EXPECT_TRUE(set(tx_status::canceled));
    EXPECT_EQ(get(1).consensus_history, R"({"current_status_changes": ["PENDING", "CANCELED"]})") << history;
  }
  sql(R"(UPDATE transactions SET consensus_history = '{"n": 123456789012345678901234567890, "current_status_changes": null}')");
  EXPECT_TRUE(set(tx_status::undetermined));
  EXPECT_EQ(get(1).consensus_history,
            R"({"n": 123456789012345678901234567890, "current_status_changes": ["PENDING", "UNDETERMINED"]})");
  EXPECT_EQ(get(1).status, tx_status::undetermined);
  EXPECT_NE(get(1).timestamp_awaiting_finalization, std::nullopt);
}

TEST_F(transactions_table, a_window_begins_anew_unless_the_row_awaits_already) {
  ASSERT_TRUE(insert(transfer(1, address(1), address(2), 5)));
  const auto stamp = [&](const std::string& from, const std::string& old, tx_status to) {
    sql("UPDATE transactions SET status = '" + from + "', timestamp_awaiting_finalization = " + old);
    (void)in_transaction(*on, [&](transaction& tx) { return transactions::set_status(tx, hash(1), to); });
    return get(1).timestamp_awaiting_finalization.value_or(0);
  };
  const auto now = std::stoll(value("SELECT floor(extract(epoch FROM now()))::bigint"));
  EXPECT_GE(stamp("FINALIZED", "100", tx_status::accepted), now) << "else it would be final at once";
  EXPECT_GE(stamp("PENDING", "0", tx_status::undetermined), now);
  EXPECT_GE(stamp("ACCEPTED", "0", tx_status::undetermined), now) << "the seed's 0 is no time";
  EXPECT_EQ(stamp("ACCEPTED", "100", tx_status::undetermined), 100);
  EXPECT_EQ(stamp("ACCEPTED", "100", tx_status::finalized), 100);
}

TEST_F(transactions_table, the_loops_hear_of_every_status_they_work_on) {
  ASSERT_TRUE(insert(transfer(1, address(1), address(2), 5)));
  const auto ears = connector_to(url_)->listen(std::chrono::seconds{10});
  ASSERT_TRUE(ears);
  const auto heard_of = [&](tx_status to) {
    (void)in_transaction(*on, [&](transaction& tx) { return transactions::set_status(tx, hash(1), to); });
    return heard_by(**ears)[std::string{channels::transactions}];
  };
  using payloads = std::vector<std::string>;
  EXPECT_EQ(heard_of(tx_status::pending), payloads{hash(1)});
  EXPECT_EQ(heard_of(tx_status::activated), payloads{hash(1)});
  EXPECT_EQ(heard_of(tx_status::accepted), payloads{""}) << "look at everything: the finalizer, too";
  EXPECT_EQ(heard_of(tx_status::canceled), payloads{});
}

TEST_F(transactions_table, the_workload_counts_contracts) {
  int n = 0;
  const auto with = [&](const std::string& status, const std::optional<std::string>& to) {
    ASSERT_TRUE(insert(transfer(++n, address(1), to, 5)));
    sql("UPDATE transactions SET status = '" + status + "' WHERE hash = '" + hash(n) + "'");
  };
  with("PENDING", address(2));
  with("PENDING", address(2));
  with("PENDING", address(3));
  with("PROPOSING", address(3));
  with("UNDETERMINED", address(4));
  with("FINALIZED", address(5));
  with("PENDING", std::nullopt);
  const auto counted = in_transaction(*on, [](transaction& tx) { return transactions::count_workload(tx); });
  ASSERT_TRUE(counted);
  EXPECT_EQ(counted->occupied, 2);
  EXPECT_EQ(counted->runnable, 1);
}

}  // namespace
}  // namespace quorate::db::tests
