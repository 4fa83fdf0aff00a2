// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quorate::engine::modules {

using http_headers = std::vector<std::pair<std::string, std::string>>;

struct http_request {
  std::string method = {};
  std::string url = {};
  http_headers headers = {};
  std::string body = {};
};

/// Names of headers in lower case, in the order in which they came.
struct http_response {
  int status = 0;
  http_headers headers = {};
  std::string body = {};
};

/// Values of one header, joined by ", " where it came more than once; empty where it did not.
std::string header_of(const http_response& from, std::string_view lower_case_name);

}  // namespace quorate::engine::modules
