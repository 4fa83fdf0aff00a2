// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "config/detail/sources.hpp"
#include "config/text.hpp"

namespace quorate::config {

environment process_environment() {
  environment out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view line(*entry);
    if (const auto split = line.find('='); split != std::string_view::npos) {
      out.emplace(line.substr(0, split), line.substr(split + 1));
    }
  }
  return out;
}

namespace detail {
namespace {

struct found {
  std::string name;
  std::string text;
};

/// Unset and empty are the same.
std::optional<found> lookup(const environment& env, std::string_view name) {
  const auto entry = env.find(name);
  if (entry == env.end() || entry->second.empty()) return std::nullopt;
  return found{entry->first, entry->second};
}

/// NAME, or for secrets the first line of the file that NAME_FILE names (Docker's and systemd's way of handing them
/// in).
result<std::optional<found>> lookup(const environment& env, std::string_view name, bool secret) {
  if (auto direct = lookup(env, name); direct || !secret) return direct;
  const auto file = lookup(env, fmt::format("{}_FILE", name));
  if (!file) return std::nullopt;
  auto text = read_text(file->text);
  if (!text) return fail(errc::invalid_params, fmt::format("{}: {}", file->name, text.error().message));
  return found{file->name, text->substr(0, text->find_first_of("\r\n"))};
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

/// Studio names its database by five variables; DBHOST says that there is one. Defaults are Studio's
/// (docs/spec/json-rpc.md §10), except that an empty host means the private cluster.
result<std::optional<found>> studio_url(const environment& env) {
  const auto host = lookup(env, "DBHOST");
  if (!host) return std::nullopt;
  const auto or_else = [&](std::string_view name, std::string_view fallback) {
    const auto one = lookup(env, name);
    return percent_encoded(one ? std::string_view(one->text) : fallback);
  };
  auto password = lookup(env, "DBPASSWORD", true);
  if (!password) return tl::unexpected(password.error());
  const auto bracketed =
      host->text.find(':') != std::string::npos ? fmt::format("[{}]", host->text) : percent_encoded(host->text);
  return found{"DBHOST", fmt::format("postgresql://{}:{}@{}:{}/{}", or_else("DBUSER", "postgres"),
                                     percent_encoded(*password ? (*password)->text : "postgres"), bracketed,
                                     or_else("DBPORT", "5432"), or_else("DBNAME", "genlayer_state"))};
}

status read_option(const option& o, const environment& env, values& into) {
  std::vector<std::pair<std::string, notation>> names{{own_environment_name(o.key), notation::own}};
  for (const auto& one : o.studio) names.emplace_back(one.name, one.written);
  for (const auto& [name, written] : names) {
    const auto held = lookup(env, name, o.secret);
    if (!held) return tl::unexpected(held.error());
    if (!*held) continue;
    auto value = parse(o, (*held)->text, written);
    if (!value) return refused(o, (*held)->text, (*held)->name, value.error().message);
    into.set(o.key, {std::move(*value), source::environment, (*held)->name});
    return {};
  }
  return {};
}

}  // namespace

status read_environment(const environment& env, values& into) {
  const auto composed = studio_url(env);
  if (!composed) return tl::unexpected(composed.error());
  if (*composed) into.set("database.url", {(*composed)->text, source::environment, (*composed)->name});
  for (const auto& o : table()) {
    if (auto done = read_option(o, env, into); !done) return done;
  }
  return {};
}

}  // namespace detail
}  // namespace quorate::config
