// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/pool/handle.hpp"
#include "chain/log.hpp"
#include "tests/common/caf_test.hpp"
#include "tests/common/fake_session.hpp"

namespace quorate::tests {

using namespace actors;
using namespace actors::pooling;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// What one requester heard.
struct heard {
  int answers = 0;
  std::optional<status> answer;
  bool ok() const { return answer && answer->has_value(); }
  std::optional<errc> code() const { return answer && !*answer ? std::optional{answer->error().code} : std::nullopt; }
};

/// The pool's actors over a fake database, on virtual time.
class pool_test : public caf_test {
 protected:
  void start(pool_settings settings = small()) {
    parts_->connector = db;
    parts_->counters = &counters;
    parts_->random = [] { return 0.5; };
    parts_->detached = false;
    parts_->settings(settings);
    restart();
  }
  void restart() {
    supervisor = pool.spawn(system());
    pool.publish(supervisor);
    run();
  }
  ~pool_test() override {
    pool.publish({});
    stop(supervisor);
    stop(holder);
    run();
    supervisor = holder = {};
  }

  static pool_settings small() {
    pool_settings s;
    s.size = 1;
    s.max_overflow = 0;
    s.warm_up = 0;
    return s;
  }

  std::shared_ptr<heard> submit(duration timeout = seconds{30}, job_ptr* out = nullptr,
                                work_class cls = work_class::request) {
    auto h = std::make_shared<heard>();
    auto work = make_job<int>(
        cls, now() + timeout, db::access::read_write, "test", [](db::transaction&) -> result<int> { return 7; },
        [h](result<int> r) {
          ++h->answers;
          h->answer = r ? status{} : status{tl::unexpected{r.error()}};
        });
    if (out != nullptr) *out = work;
    pool.submit(std::move(work));
    return h;
  }

  /// An actor that holds a lease; what it is told stands in `grants` and `refusals`.
  void ask_for_lease(duration timeout = seconds{30}) {
    auto* const g = &grants;
    auto* const r = &refusals;
    holder = system().spawn([this, g, r, deadline = now() + timeout](caf::event_based_actor* self) -> caf::behavior {
      pool.lease(self, {work_class::background, deadline, "holder", 1});
      return {[g](const lease_granted& m) { g->push_back(m.id); },
              [r](const lease_refused& m) { r->push_back(m.why); }};
    });
  }

  pool_snapshot inspect() {
    pool_snapshot at;
    pool.inspect([&at](pool_snapshot s) { at = std::move(s); });
    run();
    return at;
  }
  std::int64_t leased() { return counters.gauge("quorate_pool_connections", "", {{"state", "leased"}}).value(); }

  std::shared_ptr<fake_database> db = std::make_shared<fake_database>();
  metrics::registry counters;
  parts_ptr parts_ = std::make_shared<parts>();
  pool_handle pool{parts_};
  caf::actor supervisor, holder;
  std::vector<lease_id> grants;
  std::vector<error> refusals;
};

}  // namespace quorate::tests
