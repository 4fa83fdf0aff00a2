// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chain/json.hpp"

/// What a client says over a WebSocket (docs/spec/json-rpc.md §4.1), told apart without a socket.
namespace quorate::rpc {

struct socket_message {
  enum class kind : std::uint8_t {
    call,         // JSON-RPC: an array, or an object with `jsonrpc` or `method`; read again by read_request
    subscribe,    // topics
    unsubscribe,  // topics
    ping,         // timestamp: JSON text
    other,        // an event by another name, or by none: `name`
    odd,          // nothing of the above: `complaint` says what is wrong with it
  };
  kind what = kind::odd;
  std::vector<std::string> topics;
  std::string timestamp = "null";
  std::string name = "None";
  std::string complaint;
};

/// Never fails: what cannot be understood is `odd`, and the connection stays (decisions.md Q11).
socket_message read_socket_message(std::string_view text, const chain::json_limits& limits);

/// `{"event":…,"data":…}`; `data` is JSON text.
std::string event_text(std::string_view event, std::string_view data);
/// The same with a string for data.
std::string event_words(std::string_view event, std::string_view words);

}  // namespace quorate::rpc
