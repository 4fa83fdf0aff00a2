// SPDX-License-Identifier: MIT
#include "actors/read_gateway.hpp"

#include <atomic>
#include <mutex>
#include <unordered_map>

#include "actors/actor_ref.hpp"
#include "actors/caf.hpp"
#include "actors/interfaces.hpp"
#include "actors/read_inbox.hpp"
#include "chain/log.hpp"

namespace quorate::actors {

namespace {

constexpr std::string_view kind_names[]{"balance",     "sender_nonce", "target_nonce",
                                        "transaction", "receipt",      "contract_code"};
static_assert(std::size(kind_names) == db::read_kinds);

/// Foreign code on the connection's thread: its exception must not lose the others their answers.
void answer(const read_answer& done, result<db::read_value> value) {
  if (!done) return;
  try {
    done(std::move(value));
  } catch (const std::exception& e) {
    log::event(log::level::error, "read_gateway", "answer callback threw", {{"error", e.what()}});
  }
}

result<db::read_value> value_of(const std::unordered_map<std::string, db::read_value>& found, const std::string& key) {
  const auto at = found.find(key);
  return at == found.end() ? db::read_value{} : at->second;
}

}  // namespace

struct read_gateway::shared : std::enable_shared_from_this<read_gateway::shared> {
  /// One lease, or the wish for one. `batch` stays here while its statement runs: the pool may run the body again on
  /// another connection when the first one broke, and the sweep answers members whose time is over.
  struct runner {
    read_batch batch;
    time_point deadline;  // of the job that is in the pool
    bool over = false;    // has found nothing more, or was answered by the pool
  };
  using runner_ptr = std::shared_ptr<runner>;

  shared(pool& p, metrics::registry& m, read_gateway_settings s, read_statement read_rows)
      : connections{p},
        settings{s},
        statement{std::move(read_rows)},
        leases{m.counter("quorate_read_gateway_leases_total", "Leases the read gateway asked the pool for")},
        batches{m.counter("quorate_read_gateway_batches_total",
                          "Statements sent, each for all reads of one kind that waited")},
        refused{m.counter("quorate_read_gateway_refused_total", "Reads refused because too many waited")},
        expired{m.counter("quorate_read_gateway_expired_total", "Reads whose own deadline passed first")} {
    for (std::size_t k = 0; k < db::read_kinds; ++k)
      reads[k] = &m.counter("quorate_read_gateway_reads_total", "Reads by key that were taken in",
                            {{"kind", std::string{kind_names[k]}}});
  }

  void read(pending_read one) {
    reads[static_cast<std::size_t>(one.kind)]->add();
    if (!settings.coalesce) return read_alone(std::move(one));
    runner_ptr started;
    {
      const std::lock_guard lock{mutex};
      if (inbox.size() < settings.queue_limit) {
        inbox.put(std::exchange(one, {}));
        started = start_if_needed();
      }
    }
    if (one.done) {
      refused.add();
      return answer(one.done, fail(errc::server_busy, "Server is busy", {}, "read gateway queue is full"));
    }
    if (started) submit(started);
    if (!armed.load(std::memory_order_relaxed) && !armed.exchange(true)) actor.tell(to_read_gateway::arm{});
  }

  void read_alone(pending_read one) {
    db::read_keys keys{{one.kind, {one.key}}};
    connections.submit(make_job<db::read_results>(
        work_class::request, one.deadline, db::access::single_statement, "read_gateway",
        [keys, self = shared_from_this()](db::transaction& tx) { return self->statement(tx, keys); },
        [done = std::move(one.done), kind = one.kind, key = one.key](result<db::read_results> found) {
          if (found)
            done(value_of((*found)[kind], key));
          else
            done(tl::unexpected{std::move(found.error())});
        }));
  }

  /// Under the mutex.
  runner_ptr start_if_needed() {
    if (inbox.size() == 0) return nullptr;
    if (runners.size() >= settings.in_flight) return nullptr;
    if (!runners.empty() && inbox.size() <= settings.batch_limit) return nullptr;
    auto made = std::make_shared<runner>();
    made->deadline = inbox.latest_deadline();
    runners.push_back(made);
    return made;
  }

  void submit(const runner_ptr& r) {
    leases.add();
    connections.submit(std::make_shared<job>(
        work_class::request, r->deadline, db::access::single_statement, "read_gateway",
        [self = shared_from_this(), r](db::transaction& tx) { return self->run(*r, tx); },
        [self = shared_from_this(), r](status s) { self->returned(r, std::move(s)); }));
  }

  /// On the connection's thread.
  status run(runner& r, db::transaction& tx) {
    const auto hold_until = clock::now() + settings.max_hold;
    do {
      {
        const std::lock_guard lock{mutex};
        if (r.over) return {};
        // Not empty: this body runs again, on another connection, for the same reads.
        if (r.batch.members.empty() && !inbox.take(r.batch, settings.batch_limit)) {
          close(r);
          return {};
        }
      }
      batches.add();
      auto found = statement(tx, keys_of(r.batch));
      if (!found) return tl::unexpected{std::move(found.error())};
      std::vector<pending_read> members;
      {
        const std::lock_guard lock{mutex};
        if (r.over) return {};
        members.swap(r.batch.members);
      }
      const auto& rows = (*found)[r.batch.kind];
      for (const auto& one : members) answer(one.done, value_of(rows, one.key));
    } while (clock::now() < hold_until);
    return {};
  }

  /// Unique keys. Kinds and keys of a taken batch do not change, so no lock is needed; only `done` is guarded.
  static db::read_keys keys_of(const read_batch& batch) {
    std::unordered_map<std::string_view, bool> seen;
    seen.reserve(batch.members.size());
    db::read_keys out;
    auto& keys = out[batch.kind];
    keys.reserve(batch.members.size());
    for (const auto& one : batch.members)
      if (seen.emplace(one.key, true).second) keys.push_back(one.key);
    return out;
  }

  /// The pool has answered: the lease went back, or there never was one. Any thread.
  void returned(const runner_ptr& r, status s) {
    std::vector<read_answer> failed;
    runner_ptr again;
    {
      const std::lock_guard lock{mutex};
      if (s) {
        // Held long enough while more waits: queue again. (`over`: found nothing, closed itself.)
        if (!r->over && inbox.size() == 0) close(*r);
        if (!r->over) {
          r->deadline = inbox.latest_deadline();
          again = r;
        }
      } else {
        const bool had_batch = !r->batch.members.empty();
        for (auto& one : r->batch.members) failed.push_back(std::exchange(one.done, nullptr));
        r->batch.members.clear();
        close(*r);
        // No connection to be had: that is the answer of everyone who waits, except that a time-out is only for those
        // whose time is over, too.
        if (!had_batch) {
          const bool timed_out = s.error().code == errc::pool_exhausted || s.error().code == errc::query_timeout;
          auto waiting = inbox.take_due(timed_out ? r->deadline : time_point::max());
          std::move(waiting.begin(), waiting.end(), std::back_inserter(failed));
        }
        again = start_if_needed();
      }
    }
    for (const auto& done : failed) answer(done, tl::unexpected{s.error()});
    if (again) submit(again);
  }

  /// Under the mutex.
  void close(runner& r) {
    if (std::exchange(r.over, true)) return;
    std::erase_if(runners, [&](const runner_ptr& one) { return one.get() == &r; });
  }

  /// Answers reads whose own deadline is over. False: nothing has happened since the last look, and nothing waits.
  bool sweep(time_point current) {
    std::vector<read_answer> queued, travelling;
    bool active, behind_a_query = false;
    {
      const std::lock_guard lock{mutex};
      queued = inbox.take_due(current);
      for (const auto& r : runners) {
        behind_a_query |= !r->batch.members.empty();
        for (auto& one : r->batch.members)
          if (one.done && one.deadline <= current) travelling.push_back(std::exchange(one.done, nullptr));
      }
      active = inbox.size() > 0 || !runners.empty();
    }
    expired.add(queued.size() + travelling.size());
    // With a connection at work it is the query in front that took too long, not the pool that was too small.
    const auto late = [] { return fail(errc::query_timeout, "Query timed out"); };
    for (const auto& done : queued)
      answer(done, behind_a_query ? late() : fail(errc::pool_exhausted, "Database pool exhausted"));
    for (const auto& done : travelling) answer(done, late());
    return active;
  }

  /// Nobody will run them any more.
  void refuse_all() {
    std::vector<read_answer> left;
    {
      const std::lock_guard lock{mutex};
      left = inbox.take_due(time_point::max());
      for (const auto& r : runners)
        for (auto& one : r->batch.members) left.push_back(std::exchange(one.done, nullptr));
    }
    for (const auto& done : left) answer(done, fail(errc::server_busy, "Server is shutting down"));
  }

  std::size_t waiting() const {
    const std::lock_guard lock{mutex};
    return inbox.size();
  }

  pool& connections;
  const read_gateway_settings settings;
  const read_statement statement;
  metrics::counter* reads[db::read_kinds]{};
  metrics::counter& leases;
  metrics::counter& batches;
  metrics::counter& refused;
  metrics::counter& expired;
  actor_ref actor;
  std::atomic<bool> armed{false};  // the actor is, or is about to be, looking after deadlines

  mutable std::mutex mutex;
  read_inbox inbox;
  std::vector<runner_ptr> runners;
};

namespace {

/// Looks after the deadlines while reads come in; asleep otherwise.
class read_gateway_state {
 public:
  static constexpr const char* name = "read_gateway";

  read_gateway_state(caf::event_based_actor* self, std::shared_ptr<read_gateway::shared> shared)
      : self_{self}, shared_{std::move(shared)} {}

  caf::behavior make_behavior() {
    if (shared_->armed.load()) arm();  // for a predecessor that died
    return {
        [this](const to_read_gateway::arm&) { arm(); },
        [this](const to_read_gateway::sweep& m) {
          if (m.tick == tick_) sweep();
        },
    };
  }

 private:
  void arm() { send_later(self_, shared_->settings.sweep, to_read_gateway::sweep{++tick_}); }

  void sweep() {
    if (shared_->sweep(now(self_))) return arm();
    shared_->armed.store(false);
    // A read between the look and the store saw `armed` and told nobody.
    if (shared_->sweep(now(self_)) && !shared_->armed.exchange(true)) arm();
  }

  caf::event_based_actor* self_;
  std::shared_ptr<read_gateway::shared> shared_;
  std::uint64_t tick_ = 0;
};

}  // namespace

read_gateway::read_gateway(caf::actor_system& system, pool& connections, telemetry& figures, metrics::registry& metrics,
                           read_gateway_settings settings, read_statement statement)
    : shared_{std::make_shared<shared>(connections, metrics, settings, std::move(statement))},
      system_{system},
      figures_{figures} {
  metrics.gauge_callback("quorate_read_gateway_waiting", "Reads that wait for the next statement", {},
                         [s = shared_] { return static_cast<double>(s->waiting()); });
}

read_gateway::~read_gateway() {
  actors::stop(shared_->actor.get());
  shared_->actor.set({});
  shared_->refuse_all();
}

child_spec read_gateway::child() {
  return {read_gateway_state::name,
          [this] {
            return spawn_state<read_gateway_state>(system_, {.probe = figures_.watch(read_gateway_state::name)},
                                                   shared_);
          },
          [s = shared_](const caf::actor& current) { s->actor.set(current); }};
}

void read_gateway::read(pending_read one) { shared_->read(std::move(one)); }

}  // namespace quorate::actors
