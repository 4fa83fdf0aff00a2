// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace quorate::tests {

/// One HTTP response. Header names in lower case; of a repeated header the last value.
struct http_response {
  int status = 0;
  std::string reason;
  std::map<std::string, std::string> headers;
  std::string body;

  /// The header's value, or "" when it is missing.
  std::string header(const std::string& lower_case_name) const;
  bool has(const std::string& lower_case_name) const { return headers.contains(lower_case_name); }
};

/// A request as text: request line, headers, Content-Length when there is a body.
std::string http_request(std::string_view method, std::string_view target, std::string_view body = {},
                         std::string_view header_lines = {});

/// A blocking HTTP/1.1 client for tests, one keep-alive connection, with the raw bytes in reach: send what no decent
/// client would, pipeline, read replies one by one. Every wait ends after `patience` with an exception, so a broken
/// server fails a test instead of hanging it. Not thread-safe.
class http_client {
 public:
  struct error : std::runtime_error {
    using std::runtime_error::runtime_error;
  };

  explicit http_client(std::uint16_t port, std::string host = "127.0.0.1",
                       std::chrono::milliseconds patience = std::chrono::seconds(30));
  ~http_client();
  http_client(http_client&& other) noexcept;
  http_client& operator=(http_client&& other) noexcept;

  /// One request and its reply; connects again first when the server has closed the connection after an earlier reply.
  http_response get(std::string_view target, std::string_view header_lines = {});
  http_response post(std::string_view target, std::string_view body, std::string_view header_lines = {});
  http_response request(std::string_view method, std::string_view target, std::string_view body = {},
                        std::string_view header_lines = {});

  /// Sends bytes as they are. False when the connection is broken.
  bool send(std::string_view bytes);
  /// The next reply. `to_head`: it has no body whatever its length says. Throws when the connection ends before.
  http_response receive(bool to_head = false);
  /// Waits for the server to close; returns what it still sent before. A reset counts as closed.
  std::string read_to_end();
  /// True when bytes or the end of the connection can be read within `wait`.
  bool readable(std::chrono::milliseconds wait);

  /// FIN without closing: no more will be sent.
  void half_close();
  /// FIN both ways; RST.
  void close();
  void reset();
  bool is_open() const { return fd_ >= 0; }
  int native_handle() const { return fd_; }

 private:
  void connect();
  /// False at the end of the connection.
  bool fill();
  std::string take_line();
  void take(std::string& to, std::size_t size);

  std::string host_;
  std::uint16_t port_;
  std::chrono::milliseconds patience_;
  int fd_ = -1;
  std::string buffer_;
  std::size_t used_ = 0;  // of buffer_, from its front
  bool close_announced_ = false;
};

}  // namespace quorate::tests
