// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "rpc/endpoint.hpp"

namespace quorate::net::detail {

/// One accepted socket, whatever it speaks: HTTP (session) or, after an upgrade, WebSocket. Lives on the io thread.
class connection {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit connection(std::string peer) : peer_text_(std::move(peer)) {}
  virtual ~connection() = default;
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// Something from the outbox. It takes effect with the next `pump`.
  virtual void deliver(std::uint64_t slot_id, const std::optional<rpc::reply>& answer) = 0;
  virtual void pump() = 0;
  virtual void sweep(time_point now) = 0;
  virtual void drain() = 0;
  virtual void close() = 0;

  const std::string& peer_text() const { return peer_text_; }
  std::size_t table_index = 0;  // kept by `connections`
  bool has_news = false;        // kept by who empties the outbox

 private:
  const std::string peer_text_;
};

/// The client has closed its side, or has gone: asked while nothing is being read.
bool peer_has_gone(int socket);

}  // namespace quorate::net::detail
