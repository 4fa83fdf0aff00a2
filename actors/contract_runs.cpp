// SPDX-License-Identifier: MIT
#include "actors/contract_runs.hpp"

#include <atomic>

#include "chain/address.hpp"
#include "db/contracts.hpp"

namespace quorate::actors {

namespace {

using engine::host::account_view;
using engine::host::account_view_ptr;

/// A state of some megabytes is read in much less.
constexpr std::chrono::seconds account_deadline{30};

/// Accounts of one run: those that are known, and the rest from the database.
class pool_accounts final : public engine::host::account_source {
 public:
  pool_accounts(pool& connections, contract_runs::known_accounts known)
      : pool_{connections}, known_{std::move(known)} {}

  void fetch(const chain::address20& account, on_account done) override {
    if (const auto found = known_.find(account); found != known_.end()) return done(found->second);
    auto address = chain::address_text(account).value_or("");
    db::unit_of_work<account_view_ptr> read =
        [address = std::move(address)](db::transaction& tx) -> result<account_view_ptr> {
      auto row = db::contracts::read(tx, address);
      if (!row) return tl::unexpected{std::move(row.error())};
      if (!*row) return std::make_shared<const account_view>();
      return view_of((*row)->data, (*row)->balance);
    };
    pool_.submit(make_job<account_view_ptr>(work_class::request, clock::now() + account_deadline,
                                            db::access::single_statement, "contract_run", std::move(read),
                                            std::move(done)));
  }

 private:
  pool& pool_;
  contract_runs::known_accounts known_;
};

const char* outcome_name(engine::host::result_kind kind) {
  constexpr const char* names[] = {"returned", "user_error", "vm_error", "internal_error"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace

result<account_view_ptr> view_of(std::string_view data, const chain::integer& balance) {
  auto out = std::make_shared<account_view>();
  out->balance = balance;
  if (data.empty()) return out;
  // It was checked when it was written; a contract may have many slots.
  const auto parsed = chain::parse_json(data, {64, 50'000'000});
  if (!parsed) return fail(errc::internal, "The contract's state is damaged", {}, parsed.error().detail);
  auto accepted = engine::host::contract_state::from_row(*parsed, false);
  if (!accepted) return tl::unexpected{std::move(accepted.error())};
  auto finalized = engine::host::contract_state::from_row(*parsed, true);
  if (!finalized) return tl::unexpected{std::move(finalized.error())};
  out->accepted = std::move(*accepted);
  out->finalized = std::move(*finalized);
  return out;
}

contract_runs::contract_runs(engine::host::executor& executor, pool& connections, metrics::registry& metrics,
                             contract_run_limits limits, std::function<time_point()> now)
    : executor_{executor},
      pool_{connections},
      seconds_{
          metrics.histogram("quorate_contract_run_seconds", "Time of a contract run, from its start to its result.")},
      limits_{limits},
      now_{std::move(now)},
      taken_{std::make_shared<std::atomic<std::size_t>>(0)} {
  for (std::size_t kind = 0; kind < ended_.size(); ++kind) {
    ended_[kind] = &metrics.counter("quorate_contract_runs_total", "Contract runs that ended, by how.",
                                    {{"outcome", outcome_name(static_cast<engine::host::result_kind>(kind))}});
  }
  metrics.gauge_callback("quorate_contract_runs_running", "Contract runs under way.", {},
                         [this] { return static_cast<double>(executor_.running()); });
}

std::shared_ptr<void> contract_runs::take_slot() {
  if (taken_->fetch_add(1) >= limits_.slots) {
    taken_->fetch_sub(1);
    return nullptr;
  }
  return {static_cast<void*>(taken_.get()), [taken = taken_](void*) { taken->fetch_sub(1); }};
}

bool contract_runs::admit(const std::string& contract) {
  const auto now = now_();
  const std::scoped_lock lock{mutex_};
  // Contracts that nobody has called for a window are forgotten on the way.
  for (auto at = calls_.begin(); at != calls_.end();) {
    auto& old = at->second;
    while (!old.empty() && old.front() + limits_.window <= now) old.pop_front();
    at = old.empty() ? calls_.erase(at) : std::next(at);
  }
  auto& times = calls_[contract];
  if (times.size() >= limits_.calls) return false;
  times.push_back(now);
  return true;
}

std::shared_ptr<void> contract_runs::run(engine::host::run_request request, known_accounts known, on_result done) {
  const auto started = now_();
  const auto id = executor_.start(std::move(request), std::make_shared<pool_accounts>(pool_, std::move(known)),
                                  [this, started, done = std::move(done)](engine::host::run_result outcome) {
                                    ended_[static_cast<std::size_t>(outcome.kind)]->add();
                                    seconds_.observe(to_seconds(now_() - started));
                                    done(std::move(outcome));
                                  });
  // Its address is never used; cancelling what has ended does nothing.
  return {static_cast<void*>(this), [this, id](void*) { executor_.cancel(id); }};
}

}  // namespace quorate::actors
