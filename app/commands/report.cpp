// SPDX-License-Identifier: MIT
#include <cstdio>

#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "chain/redact.hpp"
#include "config/generate.hpp"

namespace quorate::app {

std::string url_of(const std::string& host, int port) {
  const bool bare_v6 = host.find(':') != std::string::npos;
  return bare_v6 ? fmt::format("http://[{}]:{}", host, port) : fmt::format("http://{}:{}", host, port);
}

int report_failure(const error& e) {
  fmt::print(stderr, "quorate: {}\n", redact(e.message));
  for (std::size_t at = 0; at < e.detail.size();) {
    auto end = e.detail.find('\n', at);
    if (end == std::string::npos) end = e.detail.size();
    fmt::print(stderr, "  {}\n", redact(e.detail.substr(at, end - at)));
    at = end + 1;
  }
  return 1;
}

int config_command(const config::values& settings, bool json) {
  fmt::print("{}", json ? config::print_json(settings) + "\n" : config::print(settings));
  return 0;
}

}  // namespace quorate::app
