// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/http/verb.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "engine/host/executor.hpp"

namespace quorate::engine::host {

struct manager_response {
  unsigned status = 0;
  std::string body{};
};
/// The JSON of an answer with status 200; errc::internal otherwise.
result<chain::json> json_in(const manager_response& response);

/// HTTP to the manager, over connections that are kept and used again.
class manager_client {
 public:
  using on_response = std::function<void(result<manager_response>)>;

  manager_client(boost::asio::io_context& io, manager_address address) : io_{io}, address_{std::move(address)} {}

  /// errc::internal when the manager cannot be reached, or does not answer in time. `done` is called once, never within
  /// the call.
  void ask(boost::beast::http::verb method, std::string target, chain::bytes body, std::chrono::milliseconds timeout,
           on_response done);

 private:
  using stream = boost::asio::generic::stream_protocol::socket;
  class exchange;
  static constexpr std::size_t most_idle = 64;

  std::shared_ptr<stream> take_idle();
  void give_back(std::shared_ptr<stream> used);

  boost::asio::io_context& io_;
  manager_address address_;
  std::vector<std::shared_ptr<stream>> idle_{};
};

}  // namespace quorate::engine::host
