// SPDX-License-Identifier: MIT
#include "net/detail/request_id.hpp"

#include <algorithm>
#include <charconv>

namespace quorate::net::detail {

request_ids::request_ids(std::uint32_t seed) {
  static constexpr char digits[] = "0123456789abcdef";
  for (int i = 0; i < 6; ++i, seed >>= 4) prefix_ += digits[seed & 15];
  prefix_ += '-';
}

std::string request_ids::next() {
  char buffer[16];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, ++last_, 16).ptr;
  std::string id = prefix_;
  id.append(buffer, end);
  return id;
}

bool is_valid_request_id(std::string_view id) {
  constexpr std::string_view punctuation = "-_.:/+=@";
  return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           punctuation.find(c) != std::string_view::npos;
  });
}

}  // namespace quorate::net::detail
