// SPDX-License-Identifier: MIT
#include "actors/transfer_gateway.hpp"

#include <algorithm>
#include <deque>
#include <mutex>

#include "db/transfers.hpp"

namespace quorate::actors {

namespace {

/// Transfers that travel in one database transaction.
struct group {
  std::vector<db::transactions::new_transaction> rows;
  std::vector<std::function<void(result<bool>)>> answers;  // one per row
};

/// Whether the error is about a row, and not about the database, the pool or the time.
bool concerns_rows(errc why) { return why == errc::internal; }

}  // namespace

/// Outlives the gateway as long as a group of it travels.
struct transfer_gateway::shared : std::enable_shared_from_this<shared> {
  shared(pool& p, metrics::registry& m, std::function<void()> stored_rows, transfer_gateway_settings set,
         store_statement st)
      : connections{p},
        settings{set},
        statement{std::move(st)},
        after_commit{std::move(stored_rows)},
        groups{m.counter("quorate_transfer_groups_total", "Database transactions that stored signed transfers")},
        stored{m.counter("quorate_transfers_stored_total", "Signed transfers stored")},
        refused{m.counter("quorate_transfers_refused_total", "Signed transfers refused because too many waited")} {}

  void store(pending_transfer one) {
    if (!put(one)) {
      refused.add();
      return one.done(
          fail(errc::server_busy, "Server is busy", R"({"retry_after_seconds":1})", "transfer gateway queue is full"));
    }
    if (take_place()) send();
  }

  bool put(pending_transfer& one) {
    const std::lock_guard lock{mutex};
    if (inbox.size() >= settings.waiting) return false;
    inbox.push_back(std::move(one));
    return true;
  }
  bool take_place() {
    const std::lock_guard lock{mutex};
    if (travelling >= settings.in_flight) return false;
    ++travelling;
    return true;
  }

  /// A place among the travelling is taken: sends what waits, or gives the place back.
  void send() {
    auto g = std::make_shared<group>();
    time_point deadline{};
    {
      const std::lock_guard lock{mutex};
      while (!inbox.empty() && g->rows.size() < settings.batch) {
        auto& one = inbox.front();
        deadline = std::max(deadline, one.deadline);
        g->rows.push_back(std::move(one.row));
        g->answers.push_back(std::move(one.done));
        inbox.pop_front();
      }
      if (g->rows.empty()) {
        --travelling;
        return;
      }
    }
    submit(std::move(g), deadline, true);
  }

  void submit(std::shared_ptr<group> g, time_point deadline, bool goes_on) {
    groups.add();
    connections.submit(make_job<std::vector<bool>>(
        work_class::request, deadline, db::access::read_write, "transfer_gateway",
        [self = shared_from_this(), g](db::transaction& tx) { return self->statement(tx, g->rows); },
        [self = shared_from_this(), g, deadline, goes_on](result<std::vector<bool>> done) {
          self->returned(*g, deadline, std::move(done));
          if (goes_on) self->send();
        }));
  }

  void returned(group& g, time_point deadline, result<std::vector<bool>> done) {
    if (!done && concerns_rows(done.error().code) && g.rows.size() > 1) return one_by_one(g, deadline);
    if (done) {
      const auto fresh = static_cast<std::size_t>(std::count(done->begin(), done->end(), true));
      stored.add(fresh);
      if (fresh > 0 && after_commit) after_commit();
    }
    for (std::size_t i = 0; i < g.answers.size(); ++i)
      g.answers[i](done.map([&](const std::vector<bool>& of) { return static_cast<bool>(of[i]); }));
  }

  void one_by_one(group& g, time_point deadline) {
    for (std::size_t i = 0; i < g.rows.size(); ++i) {
      auto alone = std::make_shared<group>();
      alone->rows.push_back(std::move(g.rows[i]));
      alone->answers.push_back(std::move(g.answers[i]));
      submit(std::move(alone), deadline, false);
    }
  }

  void refuse_all() {
    std::deque<pending_transfer> left;
    {
      const std::lock_guard lock{mutex};
      left.swap(inbox);
    }
    for (const auto& one : left) one.done(fail(errc::server_busy, "Server is shutting down"));
  }

  std::size_t waiting() const {
    const std::lock_guard lock{mutex};
    return inbox.size();
  }

  pool& connections;
  const transfer_gateway_settings settings;
  const store_statement statement;
  const std::function<void()> after_commit;
  metrics::counter &groups, &stored, &refused;

  mutable std::mutex mutex;
  std::deque<pending_transfer> inbox;
  std::size_t travelling = 0;
};

transfer_gateway::store_statement transfer_gateway::default_statement() { return db::transfers::store; }

transfer_gateway::transfer_gateway(pool& connections, metrics::registry& metrics, std::function<void()> stored,
                                   transfer_gateway_settings settings, store_statement statement)
    : shared_{std::make_shared<shared>(connections, metrics, std::move(stored), settings, std::move(statement))} {
  metrics.gauge_callback("quorate_transfer_gateway_waiting", "Signed transfers that wait for the next group", {},
                         [s = shared_] { return static_cast<double>(s->waiting()); });
}

transfer_gateway::~transfer_gateway() { shared_->refuse_all(); }

void transfer_gateway::store(pending_transfer one) { shared_->store(std::move(one)); }

}  // namespace quorate::actors
