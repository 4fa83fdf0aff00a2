// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "engine/python/manager/code_cache.hpp"
#include "engine/python/manager/module_port.hpp"
#include "engine/python/manager/output.hpp"
#include "engine/python/manager/process.hpp"
#include "engine/python/manager/request.hpp"
#include "engine/python/vm/effects.hpp"

namespace quorate::engine::python {

/// What every run of a manager uses.
struct run_services {
  boost::asio::io_context& io;
  zygote_client& zygote;
  code_cache& cache;
  module_port& modules;
};

/// How a run ended, for `GET /genvm/{id}`.
struct run_outcome {
  std::string standard_output{};
  std::string standard_error{};
  std::vector<std::string> log{};
  /// Empty when the run was stopped before it had one.
  chain::bytes result{};
};

/// One execution: the contract's process, those of the contracts that it calls, and what they ask for.
class run : public std::enable_shared_from_this<run> {
 public:
  using on_end = std::function<void()>;

  run(run_services services, manager_request request, on_end ended);

  /// Connects to the host and begins; an outcome follows in any case, and `ended` when no process of it is left.
  void start();
  /// Kills it; the outcome has no result then.
  void stop();
  const run_outcome* outcome() const { return outcome_ ? &*outcome_ : nullptr; }

 private:
  struct branch {
    run_order order;
    allowance allowed{};
    bool has_opened = false;
    bool has_compiled = false;
    std::shared_ptr<process> child{};
  };
  using branch_ptr = std::shared_ptr<branch>;
  using on_report = std::function<void(run_report)>;

  void begin();
  branch_ptr start_branch(run_order order, end_told when, on_report done);
  void take_frame(const branch_ptr& from, frame received);
  void opened(const branch_ptr& from, const frame& received);
  void compile(const branch_ptr& from, const frame& received);
  void call(const branch_ptr& from, const frame& received);
  void ask(const branch_ptr& from, const frame& received);
  void note(const frame& received);
  void end_branch(const branch_ptr& of, run_report report, process_end how, const on_report& done);
  void end_with(run_report report);
  void finish(chain::bytes result, std::optional<std::uint32_t> disagreement);
  void settle();
  void kill_all();
  void say_goodbye(std::optional<std::uint32_t> disagreement);

  run_services services_;
  manager_request request_;
  on_end ended_;
  boost::asio::local::stream_protocol::socket host_;
  boost::asio::steady_timer deadline_;
  std::shared_ptr<output> out_{};
  std::shared_ptr<output> err_{};
  std::vector<branch_ptr> branches_{};  // each waits for the next
  std::size_t processes_ = 0;           // that are not gone
  std::uint64_t asked_ = 0;
  bool stopped_ = false;
  bool timed_out_ = false;
  bool in_order_ = false;  // the contract's own process reported, so the host waits for the next request
  std::optional<chain::calldata_map> fatal_{};
  std::vector<std::string> log_{};
  std::size_t log_size_ = 0;
  std::optional<run_outcome> outcome_{};
};

}  // namespace quorate::engine::python
