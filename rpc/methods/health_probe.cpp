// SPDX-License-Identifier: MIT
#include "rpc/methods/health_probe.hpp"

#include "actors/pool/job.hpp"

namespace quorate::rpc::methods {

namespace {

void probe(actors::pool& pool, std::function<void(pool_probe)> done) {
  const auto begin = actors::clock::now();
  // Nothing but BEGIN READ ONLY and COMMIT: enough to know that a request would be served.
  pool.submit(std::make_shared<actors::job>(
      actors::work_class::request, begin + probe_deadline, db::access::read_only, "health",
      [](db::transaction&) -> status { return {}; },
      [&pool, begin, done = std::move(done)](status served) {
        const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(actors::clock::now() - begin);
        pool.inspect([served = std::move(served), elapsed, done](actors::pool_snapshot figures) {
          done({served, elapsed, std::move(figures)});
        });
      }));
}

}  // namespace

std::shared_ptr<shared_probe<pool_probe>> make_pool_probe(const services& with) {
  return std::make_shared<shared_probe<pool_probe>>(
      [&pool = with.pool](std::function<void(pool_probe)> done) { probe(pool, std::move(done)); });
}

}  // namespace quorate::rpc::methods
