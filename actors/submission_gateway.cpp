// SPDX-License-Identifier: MIT
#include "actors/submission_gateway.hpp"

#include <algorithm>
#include <deque>
#include <mutex>

namespace quorate::actors {

namespace {

using db::submissions::outcome;
using outcomes = submission_gateway::outcomes;

/// Submissions that travel in one database transaction.
struct group {
  std::vector<db::submissions::submission> rows;
  std::vector<std::function<void(result<outcome>)>> answers;  // one per row
};

/// Whether the error is about a row, and not about the database, the pool or the time.
bool concerns_rows(errc why) { return why == errc::internal; }

}  // namespace

/// Outlives the gateway as long as a group of it travels.
struct submission_gateway::shared : std::enable_shared_from_this<shared> {
  shared(pool& p, metrics::registry& m, std::function<void()> stored_rows, submission_gateway_settings set,
         store_statement st)
      : connections{p},
        settings{set},
        statement{std::move(st)},
        after_commit{std::move(stored_rows)},
        groups{m.counter("quorate_submission_groups_total", "Database transactions that stored signed transactions")},
        stored{m.counter("quorate_submissions_stored_total", "Signed transactions stored")},
        refused{m.counter("quorate_submissions_refused_total", "Signed transactions refused because too many waited")} {
  }

  void store(pending_submission one) {
    if (!put(one)) {
      refused.add();
      return one.done(fail(errc::server_busy, "Server is busy", R"({"retry_after_seconds":1})",
                           "submission gateway queue is full"));
    }
    if (take_place()) send();
  }

  bool put(pending_submission& one) {
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
        g->rows.push_back(std::move(one.what));
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
    connections.submit(make_job<outcomes>(
        work_class::request, deadline, db::access::read_write, "submission_gateway",
        [self = shared_from_this(), g](db::transaction& tx) { return self->statement(tx, g->rows); },
        [self = shared_from_this(), g, deadline, goes_on](result<outcomes> done) {
          self->returned(*g, deadline, std::move(done));
          if (goes_on) self->send();
        }));
  }

  void returned(group& g, time_point deadline, result<outcomes> done) {
    if (!done && concerns_rows(done.error().code) && g.rows.size() > 1) return one_by_one(g, deadline);
    if (done) count(g, *done);
    for (std::size_t i = 0; i < g.answers.size(); ++i)
      g.answers[i](done.map([&](const outcomes& of) { return of[i]; }));
  }

  void count(const group& g, const outcomes& done) {
    bool transfers = false;
    for (std::size_t i = 0; i < done.size(); ++i) {
      if (done[i].what != db::submissions::verdict::stored) continue;
      stored.add();
      transfers = transfers || g.rows[i].row.type == db::tx_type::send;
    }
    if (transfers && after_commit) after_commit();
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
    std::deque<pending_submission> left;
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
  const submission_gateway_settings settings;
  const store_statement statement;
  const std::function<void()> after_commit;
  metrics::counter &groups, &stored, &refused;

  mutable std::mutex mutex;
  std::deque<pending_submission> inbox;
  std::size_t travelling = 0;
};

submission_gateway::store_statement submission_gateway::default_statement() { return db::submissions::store; }

submission_gateway::submission_gateway(pool& connections, metrics::registry& metrics, std::function<void()> stored,
                                       submission_gateway_settings settings, store_statement statement)
    : shared_{std::make_shared<shared>(connections, metrics, std::move(stored), settings, std::move(statement))} {
  metrics.gauge_callback("quorate_submission_gateway_waiting", "Signed transactions that wait for the next group", {},
                         [s = shared_] { return static_cast<double>(s->waiting()); });
}

submission_gateway::~submission_gateway() { shared_->refuse_all(); }

void submission_gateway::store(pending_submission one) { shared_->store(std::move(one)); }

}  // namespace quorate::actors
