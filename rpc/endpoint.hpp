// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rpc/method.hpp"

namespace quorate::rpc {

/// An HTTP answer, without the transport's own headers (CORS, Date, Connection).
struct reply {
  int status = 200;
  std::string body = {};  // empty with 204
  std::string_view content_type = "application/json";
  int retry_after_s = 0;  // > 0: Retry-After header
};

/// What runs on behalf of one HTTP request; the socket side keeps it while it waits.
class pending {
 public:
  virtual ~pending() = default;
  /// The client hung up: cancel what can be cancelled. `done` will not be called any more.
  virtual void abandon() = 0;
};

/// Where the words of a conversation go: to one socket. `push` is for events, which are lost with a socket that is too
/// slow for them; `answer` for what was asked for. Thread-safe.
class voice : public actors::event_sink {
 public:
  virtual void answer(std::string text) = 0;
};

/// What one WebSocket says and hears (docs/spec/json-rpc.md §4.1). Called from the io thread only.
class conversation {
 public:
  virtual ~conversation() = default;
  /// One text message. Nothing: it was answered on the way. Otherwise `done` is called once, from any thread, when its
  /// answer has been given to the voice.
  virtual std::shared_ptr<pending> receive(std::string text, std::function<void()> done) = 0;
  /// One binary message, which means nothing here.
  virtual void receive_binary() = 0;
  /// The socket is gone; calls in work are abandoned by who holds them. The last call.
  virtual void end() = 0;
};

/// The door from net to rpc. Thread-safe; one per process.
class endpoint {
 public:
  using done_function = std::function<void(reply)>;
  virtual ~endpoint() = default;

  /// Handles the body of one `POST /api`. Either returns the reply at once (`reply` set, `done` never called), or calls
  /// `done` exactly once later, from any thread.
  struct started {
    std::optional<rpc::reply> answer;
    std::shared_ptr<pending> running;
  };
  virtual started post(std::string body, caller who, done_function done) = 0;

  /// GET /health, /ready, /ping, /metrics, /health/…; an unknown path answers 404 {"detail":"Not Found"}.
  virtual started get(std::string_view path, done_function done) = 0;

  /// A WebSocket has opened.
  virtual std::shared_ptr<conversation> converse(caller who, std::shared_ptr<voice> to) = 0;
};

}  // namespace quorate::rpc
