// SPDX-License-Identifier: MIT
#include "engine/modules/service.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <future>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <variant>

#include "engine/modules/check.hpp"
#include "engine/modules/job.hpp"
#include "engine/modules/llm.hpp"
#include "engine/modules/web/browser/browser.hpp"
#include "engine/modules/web/web.hpp"

namespace quorate::engine::modules {

namespace {

using module_request = std::variant<prompt, http_request, render_request>;

template <class T>
result<module_request> as_request(result<T> read) {
  if (!read) return tl::unexpected{std::move(read.error())};
  return module_request{*std::move(read)};
}

result<module_request> read_request(std::string_view kind, const chain::calldata_value& payload) {
  if (kind == "ExecPrompt") return as_request(read_prompt(payload));
  if (kind == "ExecPromptTemplate") return as_request(read_template(payload));
  if (kind == "WebRequest") return as_request(read_web_request(payload));
  if (kind == "WebRender") return as_request(read_render(payload));
  return fail(errc::invalid_params, "there is no such request");
}

}  // namespace

std::string_view name(module_kind which) { return which == module_kind::llm ? "Llm" : "Web"; }

std::optional<std::string> provider_variable(const std::string& name) {
  constexpr std::array<std::string_view, 5> ours{"QUORATE_", "DATABASE", "DB", "PG", "POSTGRES"};
  for (const auto prefix : ours) {
    if (name.starts_with(prefix)) return std::nullopt;
  }
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>{value};
}

/// What the service's thread works on, and the thread itself, which ends first.
class service::core {
 public:
  explicit core(settings limits)
      : limits_{std::move(limits)},
        transport_{{.most_connections = limits_.most_connections, .most_exchanges = limits_.most_requests}},
        browser_{transport_, limits_.browser} {}

  result<ticket> ask(std::string_view kind, const chain::calldata_value& payload, const run_context& run,
                     std::function<void(answer)> done) {
    auto request = read_request(kind, payload);
    if (!request) return tl::unexpected{std::move(request.error())};
    const ticket which = ++last_ticket_;
    const auto one = std::make_shared<job>(transport_, [this, which, done = std::move(done)](answer with) {
      take(which);
      done(std::move(with));
    });
    {
      const std::lock_guard lock{mutex_};
      jobs_.emplace(which, one);
    }
    transport_.post([this, one, request = *std::move(request), host_data = run.host_data]() mutable {
      one->guarded([&] { std::visit([&](auto& what) { begin(one, std::move(what), host_data); }, request); });
    });
    return which;
  }

  void cancel(ticket which) {
    const auto one = take(which);
    if (transport_.is_own_thread()) {
      if (one) one->cancel();
      return;
    }
    // Also for one that is not there any more: its answer may be on the way just now.
    std::promise<void> ended;
    transport_.post([&] {
      if (one) one->cancel();
      ended.set_value();
    });
    ended.get_future().wait();
  }

  void use(std::shared_ptr<const backends> llm) {
    transport_.post([this, llm = std::move(llm)] { llm_ = llm; });
  }
  void use(web_module&& read) {
    if (browser_.is_there()) read.shown_by = &browser_;
    use(std::make_shared<const web_module>(std::move(read)));
  }
  void use(std::shared_ptr<const web_module> web) {
    transport_.post([this, web = std::move(web)] { web_ = web; });
  }
  void check(check_request what, std::function<void(json)> done) {
    transport_.post([this, what = std::move(what), done = std::move(done)]() mutable {
      run_check(transport_, std::move(what), within(limits_.check_time), std::move(done));
    });
  }
  const environment& variables() const { return limits_.variables; }

 private:
  job_ptr take(ticket which) {
    const std::lock_guard lock{mutex_};
    const auto found = jobs_.extract(which);
    return found ? found.mapped() : nullptr;
  }

  exchange_limits within(std::chrono::milliseconds time) const { return {.time = time, .bytes = limits_.most_bytes}; }

  void begin(const job_ptr& one, prompt asked, json& host_data) {
    if (!llm_) return not_running(one, module_kind::llm);
    answer_prompt(one, llm_, std::move(asked), std::move(host_data), within(limits_.llm_time));
  }
  void begin(const job_ptr& one, http_request asked, json& host_data) {
    if (!web_) return not_running(one, module_kind::web);
    answer_request(one, web_, std::move(asked), host_data, within(limits_.web_time));
  }
  void begin(const job_ptr& one, render_request asked, json&) {
    if (!web_) return not_running(one, module_kind::web);
    answer_render(one, web_, std::move(asked), within(limits_.web_time));
  }

  static void not_running(const job_ptr& one, module_kind which) {
    one->finish(failed("MODULE_NOT_RUNNING", {{"module", name(which)}}, true).value());
  }

  const settings limits_;
  std::atomic<ticket> last_ticket_ = 0;
  std::mutex mutex_;
  std::unordered_map<ticket, job_ptr> jobs_;  // guarded by mutex_; what is in them is the thread's
  // The thread's own.
  std::shared_ptr<const backends> llm_;
  std::shared_ptr<const web_module> web_;
  transport transport_;
  browser browser_;
};

service::service(settings limits) : core_{std::make_unique<core>(std::move(limits))} {}
service::~service() = default;

result<service::ticket> service::ask(std::string_view kind, const chain::calldata_value& payload,
                                     const run_context& run, std::function<void(answer)> done) {
  return core_->ask(kind, payload, run, std::move(done));
}

void service::cancel(ticket which) { core_->cancel(which); }

status service::start_llm(const json& config) {
  auto read = read_backends(config, core_->variables());
  if (!read) return tl::unexpected{std::move(read.error())};
  core_->use(std::make_shared<const backends>(*std::move(read)));
  return {};
}

status service::start_web(const json& config) {
  auto read = read_web_config(config);
  if (!read) return tl::unexpected{std::move(read.error())};
  core_->use(*std::move(read));
  return {};
}

void service::stop(module_kind which) {
  if (which == module_kind::llm) return core_->use(std::shared_ptr<const backends>{});
  core_->use(std::shared_ptr<const web_module>{});
}

status service::check_llm(const json& request, std::function<void(json)> done) {
  auto read = read_check(request, core_->variables());
  if (!read) return tl::unexpected{std::move(read.error())};
  core_->check(*std::move(read), std::move(done));
  return {};
}

}  // namespace quorate::engine::modules
