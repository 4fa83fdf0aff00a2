// SPDX-License-Identifier: MIT
#include "config/detail/sources.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <numeric>
#include <sstream>
#include <vector>

#include <fmt/format.h>

namespace quorate::config::detail {
namespace {

/// Levenshtein's distance: single-letter edits between two words.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

std::string suggestion(std::string_view unknown) {
  const auto last = [](std::string_view key) { return key.substr(key.rfind('.') + 1); };
  std::size_t best = std::max<std::size_t>(unknown.size() / 3, 2) + 1;
  std::string_view nearest;
  for (const auto& o : table()) {
    // The right name in the wrong section is the commonest slip after a typing error.
    const auto away = last(o.key) == last(unknown) ? 1 : distance(unknown, o.key);
    if (away < best) {
      best = away;
      nearest = o.key;
    }
  }
  return nearest.empty() ? std::string{} : fmt::format(" Did you mean {}?", nearest);
}

tl::unexpected<error> refused(const option& o, std::string_view written, std::string_view origin,
                              std::string_view why) {
  const auto shown = o.secret ? std::string{} : fmt::format(" = {}", written);
  const auto range = allowed(o);
  const bool told = range.empty() || why.find(range) != std::string_view::npos;
  return fail(errc::invalid_params, fmt::format("{}{} ({}) {}{}", o.key, shown, origin, why,
                                                told ? std::string{} : fmt::format(" (allowed: {})", range)));
}

result<std::string> read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  if (!in || !(out << in.rdbuf())) {
    const int reason = errno;
    // An empty file makes operator<< fail, too, and is no error.
    std::error_code ignored;
    if (!in.is_open() || !std::filesystem::is_regular_file(file, ignored) ||
        std::filesystem::file_size(file, ignored) != 0) {
      return fail(errc::invalid_params, fmt::format("cannot read {}: {}", file.string(), std::strerror(reason)));
    }
  }
  return out.str();
}

}  // namespace quorate::config::detail
