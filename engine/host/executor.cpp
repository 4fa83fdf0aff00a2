// SPDX-License-Identifier: MIT
#include "engine/host/executor.hpp"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <thread>
#include <unordered_map>

#include "engine/host/detail/attempt.hpp"

namespace quorate::engine::host {

namespace {

/// A run: attempts until one succeeds or the budget is gone.
class attempts : public std::enable_shared_from_this<attempts> {
 public:
  using on_end = std::function<void(run_result)>;

  attempts(boost::asio::io_context& io, manager_client& manager, const executor_settings& settings, run_request request,
           std::shared_ptr<account_source> accounts, std::string socket_path, on_end done)
      : io_{io},
        manager_{manager},
        settings_{settings},
        request_{std::move(request)},
        accounts_{std::move(accounts)},
        socket_path_{std::move(socket_path)},
        done_{std::move(done)},
        deadline_{io},
        pause_{io} {}

  void start() {
    deadline_.expires_after(request_.budget);
    deadline_.async_wait([self = shared_from_this()](const auto& cancelled) {
      if (!cancelled) self->out_of_time();
    });
    next();
  }

  void stop() {
    done_ = nullptr;
    deadline_.cancel();
    pause_.cancel();
    if (current_) current_->stop();
  }

 private:
  void next() {
    current_ = std::make_shared<attempt>(
        io_, manager_, settings_, request_, accounts_, socket_path_ + "." + std::to_string(count_),
        [self = shared_from_this()](result<run_result> outcome) { self->take(std::move(outcome)); });
    current_->start();
  }

  void take(result<run_result> outcome) {
    if (!done_) return;
    if (outcome && is_expired_ && !outcome->is_returned()) return end(timed_out(std::move(*outcome)));
    if (outcome) return end(held_to_permissions(std::move(*outcome)));
    // The failure that an end of time is must not hide what went wrong before.
    if (!is_expired_ || last_words_.empty()) last_words_ = outcome.error().detail;
    // genvm.md §1.4: a fatal failure would be fatal again.
    if (is_expired_ || last_words_.find("fatal: true") != std::string::npos) return end(timed_out({}));
    pause_.expires_after(settings_.attempt_delay * (1 << std::min(count_++, 10)));
    pause_.async_wait([self = shared_from_this()](const auto& cancelled) {
      if (!cancelled && self->done_) self->next();
    });
  }

  /// The engine enforces permissions; should it not, nothing of the run is taken.
  run_result held_to_permissions(run_result outcome) const {
    const bool wrote = !request_.may.write && !outcome.storage.empty();
    const bool sent = !request_.may.send && !outcome.emissions.empty();
    if (!wrote && !sent) return outcome;
    return internal_error("the engine let a run do what it may not");
  }

  void out_of_time() {
    if (!done_) return;
    is_expired_ = true;
    pause_.cancel();
    if (!current_->expire()) end(timed_out({}));
  }

  /// What the run printed stays; without it, why there was no run.
  run_result timed_out(run_result left) const {
    auto out = vm_error("timeout");
    out.standard_output = std::move(left.standard_output);
    out.standard_error = left.standard_error.empty() ? last_words_ : std::move(left.standard_error);
    out.log = std::move(left.log);
    return out;
  }

  void end(run_result outcome) {
    auto done = std::exchange(done_, nullptr);
    deadline_.cancel();
    pause_.cancel();
    if (done) done(std::move(outcome));
  }

  boost::asio::io_context& io_;
  manager_client& manager_;
  const executor_settings& settings_;
  run_request request_;
  std::shared_ptr<account_source> accounts_;
  std::string socket_path_;
  on_end done_;
  boost::asio::steady_timer deadline_;
  boost::asio::steady_timer pause_;
  std::shared_ptr<attempt> current_{};
  int count_ = 0;
  std::string last_words_{};
  bool is_expired_ = false;
};

class threaded_executor final : public executor {
 public:
  explicit threaded_executor(executor_settings settings)
      : settings_{std::move(settings)}, manager_{io_, settings_.manager}, thread_{[this] { run(); }} {}

  ~threaded_executor() override {
    boost::asio::post(io_, [this] {
      for (const auto& [id, run] : runs_) run->stop();
      runs_.clear();
      work_.reset();
      io_.stop();
    });
    thread_.join();
  }

  std::uint64_t start(run_request request, std::shared_ptr<account_source> accounts, on_result done) override {
    const std::uint64_t id = next_++;
    ++running_;
    boost::asio::post(io_, [this, id, request = std::move(request), accounts = std::move(accounts),
                            done = std::move(done)]() mutable {
      auto made = std::make_shared<attempts>(io_, manager_, settings_, std::move(request), std::move(accounts),
                                             settings_.socket_folder + "/" + std::to_string(id),
                                             [this, id, done = std::move(done)](run_result outcome) {
                                               const auto keep = forget(id);
                                               done(std::move(outcome));
                                             });
      runs_.emplace(id, made);
      made->start();
    });
    return id;
  }

  void cancel(std::uint64_t id) override {
    boost::asio::post(io_, [this, id] {
      if (const auto gone = forget(id)) gone->stop();
    });
  }

  void post(std::string target, chain::json body, std::chrono::milliseconds timeout,
            std::function<void(result<chain::json>)> done) override {
    const auto text = chain::dump_json(body);
    boost::asio::post(io_, [this, target = std::move(target), text, timeout, done = std::move(done)]() mutable {
      manager_.ask(
          boost::beast::http::verb::post, std::move(target), {text.begin(), text.end()}, timeout,
          [done = std::move(done)](result<manager_response> response) { done(std::move(response).and_then(json_in)); });
    });
  }

  void after(std::chrono::milliseconds pause, std::function<void()> what) override {
    boost::asio::post(io_, [this, pause, what = std::move(what)]() mutable {
      auto timer = std::make_shared<boost::asio::steady_timer>(io_, pause);
      timer->async_wait([timer, what = std::move(what)](const auto& cancelled) {
        if (!cancelled) what();
      });
    });
  }

  std::size_t running() const override { return running_; }

 private:
  void run() {
    io_.run();
    // The manager hears of the runs that nobody waits for any more.
    io_.restart();
    io_.run_for(settings_.delete_timeout);
  }

  std::shared_ptr<attempts> forget(std::uint64_t id) {
    const auto found = runs_.find(id);
    if (found == runs_.end()) return nullptr;
    auto out = std::move(found->second);
    runs_.erase(found);
    --running_;
    return out;
  }

  executor_settings settings_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  manager_client manager_;
  std::unordered_map<std::uint64_t, std::shared_ptr<attempts>> runs_{};
  std::atomic<std::uint64_t> next_{1};
  std::atomic<std::size_t> running_{0};
  std::thread thread_;
};

}  // namespace

result<manager_address> parse_manager_address(const std::string& url) {
  constexpr std::string_view unix_scheme = "unix:", http_scheme = "http://";
  const auto refused = [&] {
    return fail(errc::invalid_params, "A manager's address is http://127.0.0.1:3999 or unix:/path, not " + url);
  };
  manager_address out;
  if (url.starts_with(unix_scheme)) {
    out.path = url.substr(unix_scheme.size());
    if (out.path.starts_with("//")) out.path.erase(0, 2);
    if (out.path.empty() || out.path.size() > 100) return refused();
    return out;
  }
  if (!url.starts_with(http_scheme)) return refused();
  std::string rest = url.substr(http_scheme.size());
  while (rest.ends_with('/')) rest.pop_back();
  const auto colon = rest.rfind(':');
  if (colon == std::string::npos) return refused();
  out.host = rest.substr(0, colon);
  if (out.host == "localhost") out.host = "127.0.0.1";
  if (out.host.starts_with('[') && out.host.ends_with(']')) out.host = out.host.substr(1, out.host.size() - 2);
  boost::system::error_code failed;
  boost::asio::ip::make_address(out.host, failed);
  const auto port = std::string_view{rest}.substr(colon + 1);
  const auto [end, wrong] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (failed || wrong != std::errc{} || end != port.data() + port.size() || out.port == 0) return refused();
  return out;
}

std::unique_ptr<executor> make_executor(executor_settings settings) {
  return std::make_unique<threaded_executor>(std::move(settings));
}

}  // namespace quorate::engine::host
