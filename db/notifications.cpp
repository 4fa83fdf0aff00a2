// SPDX-License-Identifier: MIT
#include "db/notifications.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "db/rows.hpp"

namespace quorate::db {

namespace {

/// The text up to the next space; `rest` keeps what is behind it.
std::string_view first_word_of(std::string_view& rest) {
  const auto word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size() < rest.size() ? word.size() + 1 : word.size());
  return word;
}

/// It is shown to clients as it is, so nothing but letters and digits: anybody on the database may have sent it.
bool may_be_hash(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
}

}  // namespace

std::optional<change> parse_change(std::string_view payload) {
  auto rest = payload;
  const auto word = first_word_of(rest);
  change out;
  if (word == "new") {
    out.what = change::kind::stored;
    out.status = to_string(tx_status::pending);
  } else if (word == "status") {
    out.status = first_word_of(rest);
    if (!parse_tx_status(out.status)) return std::nullopt;
  } else if (word == "appeal") {
    out.what = change::kind::appeal;
  } else if (word == "window") {
    out.what = change::kind::window;
    const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), out.seconds);
    if (failed != std::errc{} || end != rest.data() + rest.size()) return std::nullopt;
    return out;
  } else {
    return std::nullopt;
  }
  if (!may_be_hash(rest)) return std::nullopt;
  out.hash = rest;
  return out;
}

}  // namespace quorate::db
