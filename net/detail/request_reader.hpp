// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace quorate::net::detail {

enum class verb : std::uint8_t { get, post, options, head, other };

/// What the server needs of a request's head; every other header is forgotten while it is read.
struct request_head {
  verb method = verb::other;
  bool http_1_0 = false;
  bool keep_alive = true;
  bool expect_continue = false;  // Expect: 100-continue, HTTP/1.1 only
  bool has_cookie = false;
  std::string target;
  std::string origin;             // Origin
  std::string requested_method;   // Access-Control-Request-Method
  std::string requested_headers;  // Access-Control-Request-Headers
  std::string session_id;         // X-Session-Id
  std::string admin_key;          // X-Admin-Key
  std::string request_id;         // X-Request-Id
  std::string forwarded_for;      // X-Forwarded-For, several lines joined with a comma
  std::string real_ip;            // X-Real-IP
  bool wants_socket = false;      // Connection: Upgrade and Upgrade: websocket
  std::string host;               // Host, and the rest of a WebSocket's handshake:
  std::string socket_key;         // Sec-WebSocket-Key
  std::string socket_version;     // Sec-WebSocket-Version
  std::string socket_extensions;  // Sec-WebSocket-Extensions, several lines joined with a comma
};

struct reader_limits {
  std::size_t head = 16u << 10;  // bytes of request line and headers together
  std::size_t body = 2u << 20;   // bytes of content, after chunked coding is taken off
};

/// Reads one request after another from the bytes of a connection; knows no socket and no clock. Beast's parser does
/// the grammar, this class keeps what is needed and refuses what must not be served.
class request_reader {
 public:
  enum class state : std::uint8_t {
    idle,      // not one byte of a request yet
    head,      // inside the request line or the headers
    body,      // head() is complete
    complete,  // head() and body() are complete: call next()
    refused,   // refusal() is the HTTP status; nothing more can be read from this connection
  };

  explicit request_reader(reader_limits limits);
  ~request_reader();
  request_reader(const request_reader&) = delete;
  request_reader& operator=(const request_reader&) = delete;

  /// Reads on, up to the end of this request. Returns how many bytes were used; the others must be offered again,
  /// together with more. Uses nothing once complete or refused.
  std::size_t feed(std::string_view bytes);
  /// Forgets the complete request and waits for the next.
  void next();

  state where() const { return state_; }
  /// HTTP status when refused: 400, 413 (body), 431 (head), 501 (transfer coding), 505 (version).
  int refusal() const { return refusal_; }
  const request_head& head() const { return head_; }
  request_head& head() { return head_; }
  std::string& body() { return body_; }
  /// Bytes of the body that are announced and not yet here; 0 for a chunked body.
  std::size_t body_remaining() const;

 private:
  class parser;
  struct storage;

  void refuse(int status);

  const reader_limits limits_;
  state state_ = state::idle;
  int refusal_ = 0;
  std::size_t head_bytes_ = 0;  // read so far, trailer included
  request_head head_;
  std::string body_;
  std::unique_ptr<storage> storage_;
};

}  // namespace quorate::net::detail
