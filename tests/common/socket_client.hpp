// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "chain/json.hpp"

namespace quorate::tests {

struct socket_options {
  std::string target = "/ws";
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool compress = false;
  int receive_buffer = 0;  // of the kernel, bytes; small ones make a slow client of whoever does not read
  std::chrono::milliseconds patience = std::chrono::seconds(30);
};

/// A WebSocket client for tests that answers pings while it reads, and only then. Every wait ends after `patience` with
/// an exception. Not thread-safe.
class socket_client {
 public:
  struct error : std::runtime_error {
    using std::runtime_error::runtime_error;
  };

  /// Connects to 127.0.0.1. Throws error when the handshake is refused: "status 503".
  explicit socket_client(std::uint16_t port, socket_options options = {});
  ~socket_client();
  socket_client(socket_client&&) noexcept;
  socket_client& operator=(socket_client&&) noexcept;

  void send(const std::string& text);
  void send_binary(const std::string& bytes);
  /// Bytes as they are, beside the protocol.
  void send_raw(const std::string& bytes);
  /// The next message. Throws when the connection ends before.
  std::string receive();
  /// The next message, if one comes within `wait`.
  std::optional<std::string> receive_within(std::chrono::milliseconds wait);
  chain::json receive_json();
  /// Sends, and waits for the message with the same `id`; others are put aside in `heard`.
  chain::json call(const std::string& method, const chain::json& params = chain::json::array());
  /// Sends `{"event":…,"data":…}`.
  void say(const std::string& event, const chain::json& data);
  /// The first message not yet returned whose `event` (or `method`) is this: those of different events may come in any
  /// order. What is passed over is put aside, and listed in `heard`.
  chain::json wait_for(const std::string& event);

  /// Waits for the other side to close; its close code, 1006 when there was none. What came before is put aside.
  std::uint16_t wait_for_close();
  std::string close_reason() const;
  /// Says goodbye and waits for the answer.
  void close();
  /// The server has agreed to compress.
  bool compressed() const;

  std::vector<chain::json> heard;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
  std::vector<chain::json> passed_over_;
  int last_id_ = 0;
};

}  // namespace quorate::tests
