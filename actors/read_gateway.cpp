// SPDX-License-Identifier: MIT
#include "actors/read_gateway.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <span>
#include <unordered_map>

#include "actors/actor_ref.hpp"
#include "actors/caf.hpp"
#include "actors/interfaces.hpp"
#include "actors/pool/failures.hpp"
#include "actors/pool/rules.hpp"
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

/// No connection before the read's deadline, with what the pool says of itself.
error exhausted(const pool_snapshot& pool) {
  pooling::refusal_facts facts;
  facts.size = pool.settings.size;
  facts.max_overflow = pool.settings.max_overflow;
  facts.leased = pool.leased;
  facts.waiting = std::accumulate(pool.waiting.begin(), pool.waiting.end(), std::size_t{0});
  facts.timeout = pool.settings.timeout;
  facts.oldest_holder = pool.oldest_holder;
  facts.oldest_holder_age = pool.oldest_holder_age;
  facts.last_connect_error = pool.last_connect_error;
  return pooling::pool_exhausted(facts);
}

/// What kept a connection from reads whose time is over: a pool that is full, or a server that does not answer while
/// there is room.
error no_connection(const pool_snapshot& pool) {
  const auto kept = pooling::reserves(pool.settings);
  const auto taken = pool.leased + pool.closing + std::accumulate(kept.begin(), kept.end(), std::size_t{0});
  const bool room = taken < pooling::capacity(pool.settings);
  if (pool.paused || pool.draining || (pool.breaker == "closed" && !room)) return exhausted(pool);
  return pooling::database_unavailable(
      {}, pool.last_connect_error.empty() ? "no connection in time, though there is room" : pool.last_connect_error);
}

per_kind limits_of(const read_gateway_settings& settings) {
  per_kind limits;
  for (std::size_t kind = 0; kind < limits.size(); ++kind) {
    const bool large = db::is_large(static_cast<db::read_kind>(kind));
    limits[kind] = large ? std::min(settings.batch_limit, settings.large_batch_limit) : settings.batch_limit;
  }
  return limits;
}

}  // namespace

struct read_gateway::shared : std::enable_shared_from_this<read_gateway::shared> {
  /// One lease, or the wish for one. `batch` stays here while its statement runs: the pool may run the body again on
  /// another connection when the first one broke, and the sweep answers members whose time is over. The connection's
  /// thread owns it too, and reads kind and keys without the mutex: they do not change, only `done` does.
  struct runner {
    std::shared_ptr<read_batch> batch;  // null: takes one next
    time_point deadline;                // of the job that is in the pool
    bool over = false;                  // has found nothing more, or was answered by the pool
  };
  using runner_ptr = std::shared_ptr<runner>;

  shared(pool& p, metrics::registry& m, read_gateway_settings s, read_statement read_rows)
      : connections{p},
        settings{s},
        limits{limits_of(s)},
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
      return answer(one.done, fail(errc::server_busy, "Server is busy", R"({"retry_after_seconds":1})",
                                   "read gateway queue is full"));
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

  // -- under the mutex -------------------------------------------------------------------------------------------

  per_kind travelling() const {
    per_kind count{};
    for (const auto& r : runners)
      if (r->batch) ++count[static_cast<std::size_t>(r->batch->kind)];
    return count;
  }

  /// How many reads of each kind a runner may take now.
  per_kind takeable() const {
    auto most = travelling();
    for (std::size_t kind = 0; kind < most.size(); ++kind)
      most[kind] = most[kind] < settings.in_flight ? limits[kind] : 0;
    return most;
  }

  bool something_to_take() const {
    const auto most = takeable();
    for (std::size_t kind = 0; kind < most.size(); ++kind)
      if (most[kind] > 0 && inbox.waiting(kind) > 0) return true;
    return false;
  }

  /// More leases that what waits of one kind is worth.
  std::size_t wanted(std::size_t kind, std::size_t travels) const {
    const auto waits = inbox.waiting(kind);
    if (waits == 0 || travels >= settings.in_flight) return 0;
    if (travels > 0 && waits <= limits[kind]) return 0;
    return std::min(settings.in_flight - travels, (waits + limits[kind] - 1) / limits[kind]);
  }

  /// One at a time: whoever takes a batch asks again for those left behind.
  runner_ptr start_if_needed() {
    if (inbox.size() == 0) return nullptr;
    const auto travels = travelling();
    std::size_t leases_wanted = 0;
    for (std::size_t kind = 0; kind < travels.size(); ++kind) leases_wanted += wanted(kind, travels[kind]);
    const auto asked = std::count_if(runners.begin(), runners.end(), [](const auto& r) { return !r->batch; });
    if (leases_wanted <= static_cast<std::size_t>(asked)) return nullptr;
    auto made = std::make_shared<runner>();
    made->deadline = inbox.latest_deadline();
    runners.push_back(made);
    return made;
  }

  void close(runner& r) {
    if (std::exchange(r.over, true)) return;
    std::erase_if(runners, [&](const runner_ptr& one) { return one.get() == &r; });
  }

  // -- any thread ------------------------------------------------------------------------------------------------

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
      std::shared_ptr<read_batch> batch;
      runner_ptr other;
      {
        const std::lock_guard lock{mutex};
        if (r.over) return {};
        // There is one: this body runs again, on another connection, for the same reads.
        if (!r.batch && !take(r)) {
          close(r);
          return {};
        }
        batch = r.batch;
        other = start_if_needed();
      }
      if (other) submit(other);
      batches.add();
      auto found = statement(tx, keys_of(*batch));
      if (!found) return tl::unexpected{std::move(found.error())};
      {
        const std::lock_guard lock{mutex};
        if (r.over) return {};
        r.batch.reset();
      }
      const auto& rows = (*found)[batch->kind];
      for (const auto& one : batch->members) answer(one.done, value_of(rows, one.key));
    } while (clock::now() < hold_until);
    return {};
  }

  /// Under the mutex.
  bool take(runner& r) {
    auto next = std::make_shared<read_batch>();
    if (!inbox.take(*next, takeable())) return false;
    r.batch = std::move(next);
    return true;
  }

  /// Unique keys.
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
        if (!r->over && !something_to_take()) close(*r);
        if (!r->over) {
          r->deadline = inbox.latest_deadline();
          again = r;
        }
      } else {
        const auto had_batch = std::exchange(r->batch, nullptr);
        if (had_batch)
          for (auto& one : had_batch->members) failed.push_back(std::exchange(one.done, nullptr));
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

  /// Answers reads whose own deadline is over. False: nothing has happened since the last look, and nothing waits.
  bool sweep(time_point current) {
    std::vector<read_answer> queued, travelling;
    bool active, behind_a_query = false;
    {
      const std::lock_guard lock{mutex};
      queued = inbox.take_due(current);
      for (const auto& r : runners) {
        const auto members = members_of(*r);
        behind_a_query |= !members.empty();
        for (auto& one : members)
          if (one.done && one.deadline <= current) travelling.push_back(std::exchange(one.done, nullptr));
      }
      active = inbox.size() > 0 || !runners.empty();
    }
    expired.add(queued.size() + travelling.size());
    // With a connection at work it is the query in front that took too long, not the pool that was too small.
    const auto late = [] { return fail(errc::query_timeout, "Query timed out"); };
    for (const auto& done : travelling) answer(done, late());
    if (queued.empty()) return active;
    if (behind_a_query) {
      for (const auto& done : queued) answer(done, late());
    } else {
      connections.inspect([queued = std::move(queued)](const pool_snapshot& pool) {
        for (const auto& done : queued) answer(done, tl::unexpected{no_connection(pool)});
      });
    }
    return active;
  }

  /// Nobody will run them any more.
  void refuse_all() {
    std::vector<read_answer> left;
    {
      const std::lock_guard lock{mutex};
      left = inbox.take_due(time_point::max());
      for (const auto& r : runners)
        for (auto& one : members_of(*r)) left.push_back(std::exchange(one.done, nullptr));
    }
    for (const auto& done : left) answer(done, fail(errc::server_busy, "Server is shutting down"));
  }

  /// Under the mutex.
  static std::span<pending_read> members_of(const runner& r) {
    return r.batch ? std::span{r.batch->members} : std::span<pending_read>{};
  }

  std::size_t waiting() const {
    const std::lock_guard lock{mutex};
    return inbox.size();
  }

  pool& connections;
  const read_gateway_settings settings;
  const per_kind limits;
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
