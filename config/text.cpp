// SPDX-License-Identifier: MIT
#include "config/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace quorate::config {
namespace {

using std::chrono::milliseconds;

struct unit {
  std::string_view name;
  std::int64_t factor;
};
// Largest first: to_text() takes the first that divides the value.
constexpr std::array time_units{unit{"h", 3'600'000}, unit{"min", 60'000}, unit{"s", 1000}, unit{"ms", 1}};
constexpr std::array size_units{unit{"GiB", 1 << 30}, unit{"MiB", 1 << 20}, unit{"KiB", 1 << 10}, unit{"", 1}};

std::string_view trimmed(std::string_view s) {
  const auto from = s.find_first_not_of(" \t\r\n");
  return from == std::string_view::npos ? std::string_view{} : s.substr(from, s.find_last_not_of(" \t\r\n") - from + 1);
}

std::string lower(std::string_view s) {
  std::string out(s);
  for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

template <class T>
std::optional<T> number(std::string_view s) {
  T out{};
  const auto [end, failure] = std::from_chars(s.data(), s.data() + s.size(), out);
  if (failure != std::errc{} || end != s.data() + s.size()) return std::nullopt;
  return out;
}

tl::unexpected<error> wrong(std::string what) { return fail(errc::invalid_params, std::move(what)); }

/// `1.5` and a factor of 1000 give 1500; anything that does not fit an int64 is refused.
std::optional<std::int64_t> scaled(std::string_view digits, std::int64_t factor) {
  const auto value = number<double>(digits);
  if (!value || !std::isfinite(*value)) return std::nullopt;
  const auto out = std::round(*value * static_cast<double>(factor));
  if (std::abs(out) > 9e15) return std::nullopt;
  return static_cast<std::int64_t>(out);
}

template <std::size_t N>
std::optional<std::int64_t> with_unit(std::string_view text, const std::array<unit, N>& units) {
  const auto split = text.find_first_not_of("0123456789.");
  const auto digits = text.substr(0, split);
  const auto name = split == std::string_view::npos ? std::string_view{} : trimmed(text.substr(split));
  const auto found = std::find_if(units.begin(), units.end(), [&](const unit& u) { return u.name == name; });
  return found == units.end() ? std::nullopt : scaled(digits, found->factor);
}

result<setting> parse_duration(std::string_view text, notation written) {
  std::optional<std::int64_t> ms;
  if (written == notation::seconds) {
    ms = scaled(text, 1000);
    if (!ms) return wrong("is not a number of seconds");
  } else if (written == notation::minutes) {
    ms = scaled(text, 60'000);
    if (!ms) return wrong("is not a number of minutes");
  } else {
    ms = with_unit(text, time_units);
    if (!ms) return wrong("is not a duration; write a number with its unit: 250ms, 30s, 5min or 1h");
  }
  return setting{milliseconds(*ms)};
}

/// SQLAlchemy writes postgresql+psycopg2://; libpq knows only the part before the plus.
result<setting> parse_url(std::string_view text) {
  if (text.empty()) return setting{std::string{}};
  const auto scheme_end = text.find("://");
  // libpq's other form: host=/run/postgresql dbname=genlayer_state
  if (scheme_end == std::string_view::npos && text.find('=') != std::string_view::npos)
    return setting{std::string{text}};
  const auto scheme = text.substr(0, scheme_end);
  const auto name = scheme.substr(0, scheme.find('+'));
  if (scheme_end == std::string_view::npos || (name != "postgresql" && name != "postgres")) {
    return wrong("is neither a PostgreSQL URL (postgresql://user:password@host:port/name) nor libpq's key=value form");
  }
  return setting{fmt::format("postgresql{}", text.substr(scheme_end))};
}

setting parse_list(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto comma = text.find(',');
    if (const auto item = trimmed(text.substr(0, comma)); !item.empty()) out.emplace_back(item);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  return out;
}

/// `30s` for a duration option's 30000, `2MiB` for a size, plain digits else.
std::string bound_text(const option& o, double bound) {
  const auto whole = static_cast<std::int64_t>(bound);
  switch (o.kind) {
    case kind::duration: return to_text(milliseconds(whole));
    case kind::bytes: return to_text(o, setting{whole});
    case kind::whole: return fmt::format("{}", whole);
    default: return fmt::format("{}", bound);
  }
}

std::optional<double> magnitude(const setting& value) {
  if (const auto* n = std::get_if<std::int64_t>(&value)) return static_cast<double>(*n);
  if (const auto* r = std::get_if<double>(&value)) return *r;
  if (const auto* d = std::get_if<milliseconds>(&value)) return static_cast<double>(d->count());
  return std::nullopt;
}

result<setting> parse_by_kind(const option& o, std::string_view text, notation written) {
  if (written == notation::exactly_true) return setting{text == "true"};
  switch (o.kind) {
    case kind::text: return setting{std::string(text)};
    case kind::url: return parse_url(text);
    case kind::list: return parse_list(text);
    case kind::duration: return parse_duration(text, written);
    case kind::whole:
      if (const auto n = number<std::int64_t>(text)) return setting{*n};
      return wrong("is not a whole number");
    case kind::real:
      if (const auto r = number<double>(text); r && std::isfinite(*r)) return setting{*r};
      return wrong("is not a number");
    case kind::bytes:
      if (const auto n = with_unit(text, size_units)) return setting{*n};
      return wrong("is not a size; write bytes, or a number with KiB, MiB or GiB");
    case kind::boolean: {
      const auto word = lower(text);
      if (word == "true" || word == "1" || word == "yes" || word == "on") return setting{true};
      if (word == "false" || word == "0" || word == "no" || word == "off") return setting{false};
      return wrong("is neither true nor false");
    }
  }
  return wrong("has a kind that nothing can read");
}

}  // namespace

std::string to_text(milliseconds d) {
  if (d.count() == 0) return "0s";
  const auto u =
      *std::find_if(time_units.begin(), time_units.end(), [&](const unit& one) { return d.count() % one.factor == 0; });
  return fmt::format("{}{}", d.count() / u.factor, u.name);
}

std::string allowed(const option& o) {
  if (!o.choices.empty()) return fmt::format("{}", fmt::join(o.choices, ", "));
  const bool numeric =
      o.kind == kind::whole || o.kind == kind::real || o.kind == kind::duration || o.kind == kind::bytes;
  if (!numeric) return {};
  if (!std::isfinite(o.most)) return fmt::format("{} or more", bound_text(o, o.least));
  return fmt::format("{} to {}", bound_text(o, o.least), bound_text(o, o.most));
}

result<setting> check(const option& o, setting value) {
  if (auto* word = std::get_if<std::string>(&value); word != nullptr && !o.choices.empty()) {
    *word = lower(*word);
    if (std::find(o.choices.begin(), o.choices.end(), *word) == o.choices.end()) {
      return wrong(fmt::format("is not one of {}", allowed(o)));
    }
  }
  if (const auto size = magnitude(value); size && (*size < o.least || *size > o.most)) {
    return wrong(fmt::format("is outside the allowed {}", allowed(o)));
  }
  return value;
}

result<setting> parse(const option& o, std::string_view text, notation written) {
  return parse_by_kind(o, trimmed(text), written).and_then([&](setting value) { return check(o, std::move(value)); });
}

std::string to_text(const option& o, const setting& value) {
  switch (o.kind) {
    case kind::text:
    case kind::url: return std::get<std::string>(value);
    case kind::whole: return fmt::format("{}", std::get<std::int64_t>(value));
    case kind::real: return fmt::format("{}", std::get<double>(value));
    case kind::boolean: return std::get<bool>(value) ? "true" : "false";
    case kind::duration: return to_text(std::get<milliseconds>(value));
    case kind::list: return fmt::format("{}", fmt::join(std::get<std::vector<std::string>>(value), ", "));
    case kind::bytes: {
      const auto n = std::get<std::int64_t>(value);
      const auto u =
          *std::find_if(size_units.begin(), size_units.end(), [&](const unit& one) { return n % one.factor == 0; });
      return n == 0 ? "0" : fmt::format("{}{}", n / u.factor, u.name);
    }
  }
  return {};
}

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string to_toml(const option& o, const setting& value) {
  switch (o.kind) {
    case kind::whole:
    case kind::boolean: return to_text(o, value);
    case kind::real: {
      // TOML tells floats from integers by the point.
      auto text = to_text(o, value);
      return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
    }
    case kind::list: {
      std::vector<std::string> items;
      for (const auto& one : std::get<std::vector<std::string>>(value)) items.push_back(toml_string(one));
      return fmt::format("[{}]", fmt::join(items, ", "));
    }
    default: return toml_string(to_text(o, value));
  }
}

}  // namespace quorate::config
