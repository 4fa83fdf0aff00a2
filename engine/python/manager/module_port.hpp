// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "chain/calldata.hpp"

namespace quorate::engine::python {

/// A module's word: `{"ok": …}` or `{"error": …}` for the contract; or, fatal, what ends the run: {causes, fatal, ctx}.
struct module_answer {
  bool is_fatal = false;
  chain::calldata_map value{};
};

/// Language models and the web, as the manager asks them.
class module_port {
 public:
  virtual ~module_port() = default;
  using on_answer = std::function<void(module_answer)>;
  /// `request` is a mapping with one entry, kind and payload (engine/sdk/_genlayer_wasi.pyi); `done` is called on the
  /// manager's thread, never within this call. The number is for `cancel`.
  virtual std::uint64_t ask(const chain::calldata_value& request, const chain::json& host_data, on_answer done) = 0;
  /// `done` is not called any more.
  virtual void cancel(std::uint64_t asked) = 0;
  /// `POST /module/start` and `/module/stop`; errc::invalid_params names the field.
  virtual status start(const chain::json& request) = 0;
  virtual status stop(const chain::json& request) = 0;
  /// `POST /llm/check`: the list of answers.
  virtual void check(const chain::json& request, std::function<void(result<chain::json>)> done) = 0;
};

}  // namespace quorate::engine::python
