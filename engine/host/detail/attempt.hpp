// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>

#include "engine/host/detail/manager_client.hpp"
#include "engine/host/host_requests.hpp"

namespace quorate::engine::host {

/// One attempt at a run: a socket for the engine, the run's start, its questions, its result (docs/spec/genvm.md §1.4).
class attempt : public std::enable_shared_from_this<attempt> {
 public:
  /// An error means that the attempt failed for reasons that are not the contract's.
  using on_outcome = std::function<void(result<run_result>)>;

  attempt(boost::asio::io_context& io, manager_client& manager, const executor_settings& settings,
          const run_request& request, std::shared_ptr<account_source> accounts, std::string socket_path,
          on_outcome done);
  ~attempt();
  attempt(const attempt&) = delete;
  attempt& operator=(const attempt&) = delete;

  void start();
  /// Stops the run; `done` is not called.
  void stop();
  /// The time is up: the run is stopped, and `done` hears what it left, or an error. False when it was not running.
  bool expire();

 private:
  using stream = boost::asio::local::stream_protocol::socket;
  using on_view = std::function<void(const account_view&)>;

  bool listen();
  void post(std::size_t tries);
  void started(const manager_response& response);
  void accept();
  void wait_for_its_connection();
  void ask_status(std::function<void(result<chain::json>)> use);
  void look_whether_it_lives();
  void read_some();
  void answer_next();
  bool answer(const host_request& request);
  void with_account(const chain::address20& address, const on_view& use);
  void reply(chain::bytes answer, bool last = false);
  void hang_up();
  void collect();
  void collected(const chain::json& status);
  void end(result<run_result> outcome);
  void fail_with(std::string detail);
  void fail_with(const error& why);
  void look_a_last_time(bool is_stopped);
  void remove_run();
  void ask_to_remove(std::function<void()> then);
  std::string run_target() const { return "/genvm/" + id_; }

  boost::asio::io_context& io_;
  manager_client& manager_;
  const executor_settings& settings_;
  const run_request& request_;
  std::shared_ptr<account_source> accounts_;
  std::string socket_path_;
  on_outcome done_;
  boost::asio::local::stream_protocol::acceptor acceptor_;
  stream engine_;
  boost::asio::steady_timer timer_;
  std::string id_{};
  bool is_connected_ = false;
  bool is_posting_ = false;
  bool is_expiring_ = false;
  bool is_over_ = false;  // the engine said goodbye, or hung up
  host_request_reader reader_{};
  std::array<std::uint8_t, 16 * 1024> buffer_{};
  chain::bytes unsent_{};
  std::map<chain::address20, account_view_ptr> seen_{};
  std::optional<std::uint32_t> disagreement_{};
};

}  // namespace quorate::engine::host
