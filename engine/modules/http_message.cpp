// SPDX-License-Identifier: MIT
#include "engine/modules/http_message.hpp"

namespace quorate::engine::modules {

std::string header_of(const http_response& from, std::string_view lower_case_name) {
  std::string out;
  for (const auto& [name, value] : from.headers) {
    if (name == lower_case_name) out.append(out.empty() ? "" : ", ").append(value);
  }
  return out;
}

}  // namespace quorate::engine::modules
