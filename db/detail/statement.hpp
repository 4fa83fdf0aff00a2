// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

#include "chain/u256.hpp"
#include "db/detail/pqxx_compat.hpp"
#include "db/transaction.hpp"

/// How the statements of db/ run: prepared on a connection's first use of them, parameters always apart from the SQL.
namespace quorate::db::detail {

/// One prepared statement. Lives as long as the process: its address is its identity. `name` is unique among all.
struct statement {
  std::string name, sql;
};

/// What libpqxx is given for a parameter. Numbers travel as text: the SQL casts them (docs/spec/database.md §2.1).
inline std::string argument(const chain::integer& value) { return chain::to_decimal(value); }
inline std::string argument(std::string_view value) { return std::string{value}; }
inline std::string argument(const std::string& value) { return value; }
inline std::string argument(const char* value) { return value; }
template <class T>
requires std::integral<T> || std::floating_point<T> T argument(T value) { return value; }
template <class T>
auto argument(const std::optional<T>& value) {
  using plain = decltype(argument(*value));
  return value ? std::optional<plain>{argument(*value)} : std::optional<plain>{};
}

/// Throws what libpqxx throws; session::run() makes errors of it.
template <class... Args>
pqxx::result execute(transaction& tx, const statement& what, const Args&... args) {
  auto& native = tx.native();
  if (tx.known() == nullptr || !tx.known()->contains(&what)) {
    native.conn().prepare(what.name, what.sql);
    if (tx.known() != nullptr) tx.known()->insert(&what);
  }
  return exec_prepared(native, what.name, argument(args)...);
}

/// A PostgreSQL array literal for `$n::text[]`. Strings with U+0000, which PostgreSQL cannot hold, are left out.
template <class Strings>
std::string text_array(const Strings& strings) {
  std::string literal{'{'};
  for (std::string_view text : strings) {
    if (text.find('\0') != std::string_view::npos) continue;
    literal += literal.size() == 1 ? "\"" : ",\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') literal += '\\';
      literal += c;
    }
    literal += '"';
  }
  return literal += '}';
}

/// Fields. Text is PostgreSQL's own.
inline std::string_view text(const pqxx::field& field) { return {field.c_str(), field.size()}; }
inline std::optional<std::string> optional_text(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return std::string{text(field)};
}
/// JSON null reads as none, too.
inline std::optional<std::string> optional_json(const pqxx::field& field) {
  if (field.is_null() || text(field) == "null") return std::nullopt;
  return std::string{text(field)};
}
inline bool boolean(const pqxx::field& field) { return text(field) == "t"; }
template <std::integral T>
T integer(const pqxx::field& field) {
  T value{};
  const auto digits = text(field);
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failed != std::errc{} || end != digits.data() + digits.size()) {
    throw pqxx::conversion_error{"not an integer of this size: " + std::string{digits}};
  }
  return value;
}
template <std::integral T>
std::optional<T> optional_integer(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return integer<T>(field);
}
inline chain::integer big_integer(const pqxx::field& field) {
  auto value = chain::parse_decimal(text(field));
  if (!value) throw pqxx::conversion_error{"not an integer: " + std::string{text(field)}};
  return std::move(*value);
}

}  // namespace quorate::db::detail
