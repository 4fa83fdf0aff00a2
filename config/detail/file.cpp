// SPDX-License-Identifier: MIT
#include <algorithm>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "config/detail/sources.hpp"
#include "config/text.hpp"

namespace quorate::config::detail {
namespace {

std::string written(const toml::node& node) {
  std::ostringstream out;
  node.visit([&](const auto& inner) { out << inner; });
  return out.str();
}

/// TOML has types of its own: a number where a duration is due lacks its unit, and "20" is not a number.
result<setting> typed(const option& o, const toml::node& node) {
  const auto text = node.value_exact<std::string>();
  switch (o.kind) {
    case kind::text:
    case kind::url: return text ? parse(o, *text) : fail(errc::invalid_params, "must be a string");
    case kind::duration:
      return text ? parse(o, *text) : fail(errc::invalid_params, "must be a duration in quotes, such as \"30s\"");
    case kind::whole:
      if (const auto n = node.value_exact<std::int64_t>()) return check(o, setting{*n});
      return fail(errc::invalid_params, "must be a whole number, without quotes");
    case kind::bytes:
      if (const auto n = node.value_exact<std::int64_t>()) return check(o, setting{*n});
      return text ? parse(o, *text) : fail(errc::invalid_params, "must be a size such as \"2MiB\" or 2097152");
    case kind::real:
      if (const auto r = node.value_exact<double>()) return check(o, setting{*r});
      if (const auto n = node.value_exact<std::int64_t>()) return check(o, setting{static_cast<double>(*n)});
      return fail(errc::invalid_params, "must be a number, without quotes");
    case kind::boolean:
      if (const auto b = node.value_exact<bool>()) return setting{*b};
      return fail(errc::invalid_params, "must be true or false, without quotes");
    case kind::list: {
      const auto* items = node.as_array();
      if (items == nullptr) return fail(errc::invalid_params, "must be a list of strings in brackets");
      std::vector<std::string> out;
      for (const auto& item : *items) {
        const auto one = item.value_exact<std::string>();
        if (!one) return fail(errc::invalid_params, "must hold strings only");
        out.push_back(*one);
      }
      return setting{std::move(out)};
    }
  }
  return fail(errc::invalid_params, "has a kind that nothing can read");
}

std::string place(const std::string& file, const toml::node& node) {
  return fmt::format("{}:{}", file, node.source().begin.line);
}

status read_table(const toml::table& section, const std::string& prefix, const std::string& file, values& into) {
  for (const auto& [name, node] : section) {
    const auto key = prefix + std::string(name.str());
    const auto* o = find(key);
    if (o == nullptr) {
      const auto* inner = node.as_table();
      const bool known = inner != nullptr && std::any_of(table().begin(), table().end(), [&](const option& one) {
                           return one.key.starts_with(key + '.');
                         });
      if (!known) {
        return fail(errc::invalid_params,
                    fmt::format("{}: unknown key {}.{}", place(file, node), key, suggestion(key)));
      }
      if (auto done = read_table(*inner, key + '.', file, into); !done) return done;
      continue;
    }
    auto value = typed(*o, node);
    if (!value) return refused(*o, written(node), place(file, node), value.error().message);
    into.set(key, {std::move(*value), source::file, place(file, node)});
  }
  return {};
}

}  // namespace

status read_file(const std::filesystem::path& file, values& into) {
  const auto text = read_text(file);
  if (!text) return tl::unexpected(text.error());
  try {
    return read_table(toml::parse(*text), "", file.string(), into);
  } catch (const toml::parse_error& bad) {
    return fail(errc::invalid_params,
                fmt::format("{}:{}: {}", file.string(), bad.source().begin.line, bad.description()));
  }
}

}  // namespace quorate::config::detail
