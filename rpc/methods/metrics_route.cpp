// SPDX-License-Identifier: MIT
#include "rpc/methods/metrics_route.hpp"

#include <fmt/format.h>

#include "actors/pool/job.hpp"
#include "db/transactions.hpp"
#include "rpc/methods/health_probe.hpp"

namespace quorate::rpc::methods {

namespace {

using workload = db::transactions::workload;

std::string gauge(std::string_view name, std::string_view help, std::int64_t value) {
  return fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n{0} {2}\n", name, help, value);
}

std::string studio_gauges(const result<workload>& counted) {
  if (!counted) return gauge("genlayer_metrics_error", "The contracts could not be counted.", 1);
  const auto busy = counted->occupied + counted->runnable;
  // One worker per busy contract and a tenth in reserve, rounded up.
  const auto workers = (busy * 11 + 9) / 10;
  return gauge("genlayer_occupied_contracts", "Contracts with a transaction in consensus.", counted->occupied) +
         gauge("genlayer_runnable_contracts", "Contracts with pending work and none in consensus.", counted->runnable) +
         gauge("genlayer_needed_workers", "Workers the contracts could keep busy, plus ten per cent.", workers);
}

void count(actors::pool& pool, std::function<void(result<workload>)> done) {
  pool.submit(actors::make_job<workload>(actors::work_class::background, actors::clock::now() + probe_deadline,
                                         db::access::single_statement, "metrics", db::transactions::count_workload,
                                         std::move(done)));
}

}  // namespace

route make_metrics_route(const services& with) {
  using probe = shared_probe<result<workload>>;
  const auto counting = std::make_shared<probe>(
      [&pool = with.pool](std::function<void(result<workload>)> done) { count(pool, std::move(done)); });
  return [counting, &metrics = with.metrics](std::function<void(reply)> done) {
    counting->ask([&metrics, done = std::move(done)](const result<workload>& counted) {
      done({.body = metrics.render() + studio_gauges(counted),
            .content_type = "text/plain; version=0.0.4; charset=utf-8"});
    });
  };
}

}  // namespace quorate::rpc::methods
