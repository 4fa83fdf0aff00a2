// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "chain/result.hpp"

namespace quorate::net {

struct http_answer {
  int status = 0;
  std::string body;
};

/// One blocking HTTP/1.1 exchange on a connection of its own, for the command line (`status`, `top`, `doctor`):
/// connecting, sending and each read are bounded by `timeout`. errc::application with what went wrong, in words for a
/// person.
result<http_answer> http_get(const std::string& host, std::uint16_t port, const std::string& path,
                             std::chrono::milliseconds timeout);
result<http_answer> http_post_json(const std::string& host, std::uint16_t port, const std::string& path,
                                   const std::string& body, std::chrono::milliseconds timeout);

}  // namespace quorate::net
