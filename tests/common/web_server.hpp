// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace quorate::tests {

/// An HTTP/1.1 server on 127.0.0.1 that plays what a test needs: a provider's API, a web page, silence. Threads of its
/// own; it ends what it started when it goes.
class web_server {
 public:
  struct request {
    std::string method;
    std::string target;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
  };
  struct reply {
    int status = 200;
    std::string body = {};
    std::map<std::string, std::string> headers = {};
  };
  /// Nothing: no answer comes; the connection stays open until the client closes it.
  using handler = std::function<std::optional<reply>(const request&)>;

  explicit web_server(handler play);
  ~web_server();
  web_server(const web_server&) = delete;
  web_server& operator=(const web_server&) = delete;

  std::uint16_t port() const;
  /// http://127.0.0.1:<port> and the path.
  std::string url(const std::string& path = "") const;
  /// Those seen so far.
  std::vector<request> requests() const;
  /// Wait for the condition; false after half a minute without it.
  bool wait_for_requests(std::size_t count);
  bool wait_for_hang_ups(std::size_t count);

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace quorate::tests
