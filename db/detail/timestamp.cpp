// SPDX-License-Identifier: MIT
#include "db/detail/timestamp.hpp"

namespace quorate::db::detail {

std::string iso_timestamp(std::string_view postgres) {
  constexpr std::size_t seconds_end = 19;  // "2026-06-01 10:00:00"
  constexpr std::string_view utc = "+00";
  if (postgres.size() < seconds_end + utc.size() || postgres[10] != ' ' || !postgres.ends_with(utc)) {
    return std::string{postgres};
  }
  std::string iso{postgres.substr(0, seconds_end)};
  iso[10] = 'T';
  auto fraction = postgres.substr(seconds_end);
  fraction.remove_suffix(utc.size());
  if (!fraction.empty()) {
    iso += fraction;
    iso.append(std::string_view{".000000"}.size() - fraction.size(), '0');
  }
  return iso += "+00:00";
}

}  // namespace quorate::db::detail
