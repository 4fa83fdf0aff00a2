// SPDX-License-Identifier: MIT
#include "config/load.hpp"

#include <utility>

#include <fmt/format.h>

#include "config/detail/sources.hpp"
#include "config/text.hpp"

namespace quorate::config {
namespace {

std::string_view variable(const environment& env, std::string_view name) {
  const auto found = env.find(name);
  return found == env.end() ? std::string_view{} : std::string_view(found->second);
}

status read_flags(const command_line& flags, values& into) {
  for (const auto& [key, given] : flags.settings) {
    const auto* o = find(key);
    if (o == nullptr) {
      return fail(errc::invalid_params, fmt::format("{}: unknown key {}.{}", given.flag, key, detail::suggestion(key)));
    }
    auto value = parse(*o, given.text);
    if (!value) return detail::refused(*o, given.text, given.flag, value.error().message);
    into.set(key, {std::move(*value), source::flag, given.flag});
  }
  return {};
}

}  // namespace

std::optional<std::filesystem::path> file_to_read(const command_line& flags, const environment& env) {
  if (flags.file) return flags.file;
  if (const auto named = variable(env, "QUORATE_CONFIG"); !named.empty()) return std::filesystem::path(named);
  const std::filesystem::path usual = "/etc/quorate/quorate.toml";
  std::error_code unreadable;
  if (std::filesystem::exists(usual, unreadable)) return usual;
  return std::nullopt;
}

result<values> load(const command_line& flags, const environment& env,
                    const std::optional<std::filesystem::path>& file) {
  values out;
  status done;
  if (file) done = detail::read_file(*file, out);
  if (done) done = detail::read_environment(env, out);
  if (done) done = read_flags(flags, out);
  if (!done) return tl::unexpected(done.error());
  return out;
}

result<values> load(const command_line& flags) {
  const auto env = process_environment();
  return load(flags, env, file_to_read(flags, env));
}

std::filesystem::path data_directory(const values& settings, const environment& env, bool is_root) {
  if (const auto& set = settings.text("data_dir"); !set.empty()) return set;
  // PostgreSQL refuses to run as root, and the user it runs as instead cannot enter root's home.
  if (is_root) return "/var/lib/quorate";
  // The XDG rule: a relative path there is to be ignored.
  if (const std::filesystem::path data = variable(env, "XDG_DATA_HOME"); data.is_absolute()) return data / "quorate";
  if (const std::filesystem::path home = variable(env, "HOME"); home.is_absolute()) {
    return home / ".local" / "share" / "quorate";
  }
  return "data";
}

}  // namespace quorate::config
