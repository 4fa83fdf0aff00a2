// SPDX-License-Identifier: MIT
#include "actors/loops.hpp"

#include <future>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>

#include "actors/pool/handle.hpp"
#include "actors/pool/listener.hpp"
#include "db/pg_connector.hpp"
#include "db/transactions.hpp"
#include "tests/common/postgres_server.hpp"

/// The loops on a real pool and a real PostgreSQL. Waiting is for a condition, for as long as it takes; nothing is
/// asserted about how long it took.
namespace quorate::tests {
namespace {

using namespace std::chrono_literals;

struct threads_config : caf::actor_system_config {
  threads_config() { set("scheduler.policy", caf::atom("sharing")).set("scheduler.max-threads", std::size_t{1}); }
};

/// What one Quorate process has of its loops.
class loops_process {
 public:
  loops_process(const std::string& url, actors::loop_settings settings, std::chrono::seconds configured_window)
      : window{configured_window} {
    db::connect_settings to;
    to.url = url;
    parts_->connector = std::move(db::make_pg_connector(to).value());
    parts_->counters = &metrics;
    parts_->random = [] { return 0.5; };
    parts_->probes = [this](const char* name) { return figures.watch(name); };
    work_ = std::make_unique<actors::loops>(system_, pool, figures, metrics, window, std::move(settings),
                                            [] { return std::int64_t{std::time(nullptr)}; });
    std::vector<actors::child_spec> children;
    children.push_back({"pool_supervisor", [this] { return pool.spawn(system_); },
                        [this](const caf::actor& now) { pool.publish(now); }});
    const auto hear = [this](const db::notification& n) { work_->notified(n); };
    children.push_back({"listener",
                        [this, hear] {
                          return actors::pooling::spawn_listener(system_, parts_,
                                                                 {{std::string{db::channels::transactions}, hear},
                                                                  {std::string{db::channels::settings}, hear}});
                        },
                        nullptr});
    for (auto& one : work_->children()) children.push_back(std::move(one));
    supervised_ = std::make_unique<actors::supervisor>(system_, figures, actors::supervisor_settings{},
                                                       std::move(children), [](int, const std::string&) {});
  }

  ~loops_process() {
    std::promise<void> stopped;
    supervised_->stop(30s, [&](bool) { stopped.set_value(); });
    stopped.get_future().wait();
    supervised_.reset();
    work_.reset();
    pool.publish({});
  }

  bool listening() const { return parts_->listening.load(); }
  std::uint64_t turns(const std::string& loop) {
    return metrics.counter("quorate_loop_turns_total", "Turns of a background loop", {{"loop", loop}}).value();
  }
  std::uint64_t processed(const std::string& outcome) {
    return metrics
        .counter("quorate_transactions_processed_total", "Attempts at transactions, by how they ended",
                 {{"outcome", outcome}})
        .value();
  }
  actors::pool_snapshot inspect() {
    std::promise<actors::pool_snapshot> seen;
    pool.inspect([&](actors::pool_snapshot now) { seen.set_value(std::move(now)); });
    return seen.get_future().get();
  }

  actors::metrics::registry metrics;
  actors::telemetry figures{metrics};
  actors::finality_window window;

 private:
  actors::pooling::parts_ptr parts_ = std::make_shared<actors::pooling::parts>();

 public:
  actors::pool_handle pool{parts_};

 private:
  threads_config config_;
  caf::actor_system system_{config_};
  std::unique_ptr<actors::loops> work_;
  std::unique_ptr<actors::supervisor> supervised_;
};

class loops_on_postgres : public testing::Test {
 protected:
  loops_on_postgres() {
    db::connect_settings to;
    to.url = url;
    connector_ = std::move(db::make_pg_connector(to).value());
    open_session();
  }
  void open_session() { session_ = std::move(connector_->open(60s).value()); }

  static actors::loop_settings patient() {
    actors::loop_settings s;  // only events wake it
    s.claim_poll = s.finalize_poll = s.recover_every = 1h;
    return s;
  }
  std::unique_ptr<loops_process> start(actors::loop_settings settings, std::chrono::seconds window = 1800s) {
    auto made = std::make_unique<loops_process>(url, std::move(settings), window);
    until([&] {
      return made->listening() && made->turns("settler") > 0 && made->turns("claimer") > 0 &&
             made->turns("finalizer") > 0 && made->turns("recoverer") > 0;
    });
    return made;
  }

  static void until(const std::function<bool()>& holds) {
    while (!holds()) std::this_thread::sleep_for(2ms);
  }
  static std::string address(int n) {
    const auto text = std::to_string(n);
    return "0x" + std::string(40 - text.size(), '0') + text;
  }
  static std::string hash(int n) {
    const auto text = std::to_string(n);
    return "0x" + std::string(64 - text.size(), '0') + text;
  }
  void write(const std::function<status(db::transaction&)>& work) {
    const auto left = session_->run({}, work);
    ASSERT_TRUE(left.value) << left.value.error().detail;
  }
  void insert(int n, db::tx_type type, std::optional<std::string> from, std::optional<std::string> to, int value) {
    write([&](db::transaction& tx) -> status {
      db::transactions::new_transaction row;
      row.hash = hash(n);
      row.type = type;
      row.from_address = from;
      row.to_address = to;
      row.value = value;
      auto done = db::transactions::insert(tx, row);
      if (!done) return tl::unexpected{done.error()};
      return {};
    });
  }
  void fund(int n, const std::string& to, int amount) {
    write([&](db::transaction& tx) -> status {
      auto done = db::transactions::fund(tx, hash(n), to, amount);
      if (!done) return tl::unexpected{done.error()};
      return {};
    });
  }
  std::string ask(const std::string& sql) { return server.value(sql, database); }
  std::string status_of(int n) { return ask("SELECT status FROM transactions WHERE hash = '" + hash(n) + "'"); }
  std::string balance(const std::string& of) {
    return ask("SELECT balance::text FROM current_state WHERE id = '" + of + "'");
  }

  static constexpr const char* database = "loops";
  postgres_server& server = postgres_server::shared();
  const std::string url = server.create_database(database);
  const std::string alice = address(1), bob = address(2);

 private:
  std::unique_ptr<db::connector> connector_;
  std::unique_ptr<db::session> session_;
};

TEST_F(loops_on_postgres, a_transfer_is_processed_because_it_was_notified_and_not_because_of_a_poll) {
  auto process = start(patient());
  fund(1, alice, 10);
  until([&] { return status_of(1) == "FINALIZED"; });
  insert(2, db::tx_type::send, alice, bob, 7);
  until([&] { return status_of(2) == "FINALIZED"; });
  EXPECT_EQ(balance(alice), "3");
  EXPECT_EQ(balance(bob), "7");
}

TEST_F(loops_on_postgres, a_transfer_without_cover_is_undetermined_and_finalized_after_its_window) {
  auto process = start(patient(), 1s);
  insert(1, db::tx_type::send, alice, bob, 7);
  until([&] { return status_of(1) == "FINALIZED"; });
  EXPECT_EQ(process->processed("undetermined"), 1u);
  EXPECT_EQ(ask("SELECT count(*) FROM current_state WHERE balance <> 0"), "0");
}

TEST_F(loops_on_postgres, work_from_before_the_start_is_found) {
  fund(1, alice, 5);
  insert(2, db::tx_type::send, alice, bob, 5);
  auto process = start(patient());
  until([&] { return status_of(1) == "FINALIZED" && status_of(2) == "FINALIZED"; });
  EXPECT_EQ(balance(bob), "5");
}

TEST_F(loops_on_postgres, a_long_queue_of_one_recipient_runs_in_order_and_others_beside_it) {
  fund(1, alice, 1000);
  for (int n = 2; n < 22; ++n) insert(n, db::tx_type::send, alice, bob, 1);
  for (int n = 22; n < 32; ++n) insert(n, db::tx_type::send, alice, address(n), 1);
  auto process = start(patient());
  until([&] { return ask("SELECT count(*) FROM transactions WHERE status = 'FINALIZED'") == "31"; });
  EXPECT_EQ(balance(bob), "20");
  EXPECT_EQ(balance(alice), "970");
}

TEST_F(loops_on_postgres, other_types_stay_pending_and_untouched) {
  for (const auto type : {db::tx_type::deploy, db::tx_type::run, db::tx_type::upgrade})
    insert(static_cast<int>(type), type, alice, bob, 0);
  const auto rows = "SELECT string_agg(t::text, '|' ORDER BY hash) FROM transactions t WHERE type <> 0";
  const auto before = ask(rows);
  auto process = start(patient());
  fund(9, alice, 1);  // to another recipient: a transfer that the loops do take
  until([&] { return status_of(9) == "FINALIZED"; });
  EXPECT_EQ(ask(rows), before);
}

TEST_F(loops_on_postgres, two_processes_on_one_database_process_each_transaction_once) {
  auto first = start(patient());
  auto second = start(patient());
  fund(1, alice, 1000);
  constexpr int last = 60;
  for (int n = 2; n <= last; ++n) insert(n, db::tx_type::send, alice, address(n % 7 + 10), 1);
  until([&] { return ask("SELECT count(*) FROM transactions WHERE status = 'FINALIZED'") == std::to_string(last); });
  EXPECT_EQ(ask("SELECT sum(balance)::text FROM current_state"), "1000");
  EXPECT_EQ(balance(alice), std::to_string(1000 - (last - 1)));
  EXPECT_EQ(ask("SELECT count(*) FROM transactions WHERE consensus_history <> "
                "'{\"current_status_changes\": [\"PENDING\", \"FINALIZED\"]}'::jsonb"),
            "0");
  // The counters come a moment after the commits.
  until([&] { return first->processed("finalized") + second->processed("finalized") >= last; });
  EXPECT_EQ(first->processed("finalized") + second->processed("finalized"), static_cast<std::uint64_t>(last));
}

TEST_F(loops_on_postgres, a_shorter_window_set_anywhere_applies_at_once) {
  auto process = start(patient(), 1800s);
  insert(1, db::tx_type::send, alice, bob, 7);
  until([&] { return status_of(1) == "UNDETERMINED"; });
  ask("UPDATE transactions SET timestamp_awaiting_finalization = timestamp_awaiting_finalization - 60 RETURNING 1");
  EXPECT_EQ(status_of(1), "UNDETERMINED");
  write([](db::transaction& tx) { return db::finality_window::set(tx, 20); });
  until([&] { return status_of(1) == "FINALIZED"; });
  EXPECT_EQ(process->window.get(), 20s);
}

TEST_F(loops_on_postgres, idle_loops_hold_no_connection) {
  auto process = start(patient());
  fund(1, alice, 10);
  until([&] { return status_of(1) == "FINALIZED"; });
  until([&] { return process->inspect().leased == 0; });
  EXPECT_EQ(ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"),
            "0");
}

TEST_F(loops_on_postgres, after_the_database_comes_back_everything_goes_on_by_itself) {
  auto settings = patient();
  settings.claim_poll = 200ms;
  auto process = start(settings);
  server.restart(postgres_server::stop_mode::immediate);
  open_session();
  fund(1, alice, 5);
  until([&] { return status_of(1) == "FINALIZED"; });
  EXPECT_EQ(balance(alice), "5");
}

}  // namespace
}  // namespace quorate::tests
