// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace quorate::net::detail {

/// Request ids for logs and `data.request_id`: short enough for a std::string without allocation, distinct between
/// processes by a random prefix. Not secret, not a token.
class request_ids {
 public:
  explicit request_ids(std::uint32_t seed);
  /// "3fa9c1-1", "3fa9c1-2", …
  std::string next();

 private:
  std::string prefix_;
  std::uint64_t last_ = 0;
};

/// A client's own X-Request-Id is taken over when it is 1 to 128 characters of letters, digits and `-_.:/+=@`.
bool is_valid_request_id(std::string_view id);

}  // namespace quorate::net::detail
