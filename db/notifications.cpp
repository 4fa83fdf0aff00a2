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

template <class Integer>
bool read_number(std::string_view text, Integer& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc{} && end == text.data() + text.size();
}

/// It is shown to clients as it is, so nothing but letters and digits: anybody on the database may have sent it.
bool may_be_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
}

/// "created <id>", "updated <id>", "deleted <address>".
std::optional<change> validator_change(std::string_view rest) {
  const auto word = first_word_of(rest);
  change out;
  if (word == "deleted") {
    out.what = change::kind::validator_deleted;
    out.address = rest;
    return may_be_name(rest) ? std::optional{std::move(out)} : std::nullopt;
  }
  if (word != "created" && word != "updated") return std::nullopt;
  out.what = word == "created" ? change::kind::validator_created : change::kind::validator_updated;
  return read_number(rest, out.id) ? std::optional{std::move(out)} : std::nullopt;
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
    return read_number(rest, out.seconds) ? std::optional{std::move(out)} : std::nullopt;
  } else if (word == "validator") {
    return validator_change(rest);
  } else if (word == "validators") {
    out.what = change::kind::validators_deleted;
    return rest == "deleted" ? std::optional{std::move(out)} : std::nullopt;
  } else {
    return std::nullopt;
  }
  if (!may_be_name(rest)) return std::nullopt;
  out.hash = rest;
  return out;
}

}  // namespace quorate::db
