// SPDX-License-Identifier: MIT
#include "rpc/detail/core.hpp"

namespace quorate::rpc::detail {

method_metrics::method_metrics(actors::metrics::registry& registry, const std::string& name)
    : registry_{registry},
      name_{name},
      seconds_{registry.histogram("quorate_rpc_call_seconds", "Time from the arrival of a JSON-RPC call to its answer",
                                  {{"method", name}})} {}

void method_metrics::count(outcome o, actors::duration took) {
  auto& slot = calls_[static_cast<std::size_t>(o)];
  auto* counter = slot.load(std::memory_order_acquire);
  if (counter == nullptr) {
    // Two threads may both come here; the registry gives both the same counter.
    counter = &registry_.counter("quorate_rpc_calls_total", "JSON-RPC calls by method and outcome",
                                 {{"method", name_}, {"outcome", std::string{to_string(o)}}});
    slot.store(counter, std::memory_order_release);
  }
  counter->add();
  seconds_.observe(std::chrono::duration<double>(took).count());
}

}  // namespace quorate::rpc::detail
