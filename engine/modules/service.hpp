// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "engine/modules/answer.hpp"
#include "engine/modules/backend.hpp"
#include "engine/modules/web/browser/process.hpp"

namespace quorate::engine::modules {

/// Which run asks: what the host said of it when it started it (docs/spec/genvm.md §1.2 `host_data`).
struct run_context {
  json host_data =
      json::object();  // studio_llm_id, fallback_llm_id, mock_response, mock_web_response, node_address, tx_id
};

enum class module_kind : std::uint8_t { llm, web };
/// "Llm" and "Web", as the manager's API has them.
std::string_view name(module_kind which);

/// Variables of this process; not those of Quorate and of the database (QUORATE_*, DATABASE_URL, DB…, PG…, POSTGRES…).
std::optional<std::string> provider_variable(const std::string& name);

/// Both modules, on one thread. Every function may be called from any thread, and none waits for the network.
class service {
 public:
  struct settings {
    std::chrono::milliseconds llm_time{180'000};
    std::chrono::milliseconds web_time{30'000};    // with all redirects
    std::chrono::milliseconds check_time{20'000};  // of each attempt
    std::size_t most_bytes = 16u << 20;            // of one answer
    std::size_t most_connections = 64;
    std::size_t most_requests = 1024;
    environment variables = provider_variable;
    std::string browser = find_browser();  // what shows pages; empty: nothing
  };
  using ticket = std::uint64_t;

  explicit service(settings limits);
  /// Requests that are under way get no answer any more.
  ~service();
  service(const service&) = delete;
  service& operator=(const service&) = delete;

  /// One request of a run: ExecPrompt, ExecPromptTemplate, WebRender or WebRequest, with its payload
  /// (engine/sdk/_genlayer_wasi.pyi). `done` is called once, on the service's own thread, never from within this
  /// function. errc::invalid_params where the payload is malformed (`2: inval` to the contract); nothing is called
  /// then.
  result<ticket> ask(std::string_view kind, const chain::calldata_value& payload, const run_context& run,
                     std::function<void(answer)> done);
  /// When it returns, `done` has been called or will not be. Do not hold what `done` waits for. Unknown tickets are
  /// nothing.
  void cancel(ticket which);

  /// Starts a module, or gives it a new configuration: {"backends": …} (backend.hpp), {"webdriver_host", …}
  /// (web/web.hpp). Requests that are under way keep theirs. errc::invalid_params names what is wrong.
  status start_llm(const json& config);
  status start_web(const json& config);
  /// Later requests to it fail with MODULE_NOT_RUNNING, which is fatal.
  void stop(module_kind which);

  /// check.hpp. `done` comes on the service's thread. errc::invalid_params: it does not come.
  status check_llm(const json& request, std::function<void(json)> done);

 private:
  class core;
  std::unique_ptr<core> core_;
};

}  // namespace quorate::engine::modules
