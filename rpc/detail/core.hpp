// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <unordered_map>

#include "actors/events.hpp"
#include "actors/metrics.hpp"
#include "actors/reads.hpp"
#include "actors/request.hpp"
#include "rpc/error_codes.hpp"
#include "rpc/method.hpp"
#include "rpc/settings.hpp"

namespace quorate::rpc::detail {

/// What is counted per method.
class method_metrics {
 public:
  method_metrics(actors::metrics::registry& registry, const std::string& name);
  void count(outcome o, actors::duration took);

 private:
  actors::metrics::registry& registry_;
  std::string name_;
  actors::metrics::histogram& seconds_;
  /// Made when first needed, so that /metrics lists no outcomes that never happened.
  std::array<std::atomic<actors::metrics::counter*>, outcomes> calls_{};
};

/// A method as the dispatcher sees it; `declared` is null for the one that stands for all unknown names.
struct known_method {
  known_method(const method* m, actors::metrics::registry& registry, const std::string& name)
      : declared{m}, metrics{registry, name} {}
  const method* declared;
  method_metrics metrics;
};

/// What every running call needs; each of them keeps it alive.
struct core {
  const method_table table;
  rpc::settings settings;
  actors::reads& reads;
  actors::front& front;
  std::function<actors::time_point()> now;
  std::unordered_map<std::string_view, known_method> methods;
  known_method unknown;
  actors::events* events = nullptr;  // none: nobody is told of calls
};

}  // namespace quorate::rpc::detail
