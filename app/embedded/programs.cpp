// SPDX-License-Identifier: MIT
#include "app/embedded/programs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <vector>

#include "app/embedded/child.hpp"

namespace fs = std::filesystem;

namespace quorate::app {

namespace {

bool complete(const fs::path& bin) { return fs::exists(bin / "initdb") && fs::exists(bin / "postgres"); }

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// "15" out of "PostgreSQL 15.3 (Debian 15.3-1)".
std::string major_version(const std::string& said) {
  const auto begin = std::find_if(said.begin(), said.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  return {begin, std::find_if(begin, said.end(), [](unsigned char c) { return std::isdigit(c) == 0; })};
}

/// By number, so that 9 stands before 15.
std::map<int, fs::path> installed(const program_places& places) {
  std::map<int, fs::path> found;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator{places.versions, failure})
    if (complete(entry.path() / "bin")) found.emplace(std::atoi(entry.path().filename().c_str()), entry.path() / "bin");
  if (!found.empty() || !fs::exists(places.pg_config)) return found;
  const auto version = run_child({places.pg_config.string(), "--version"}, {});
  const auto directory = run_child({places.pg_config.string(), "--bindir"}, {});
  if (version && directory && complete(first_line(*directory)))
    found.emplace(std::atoi(major_version(*version).c_str()), first_line(*directory));
  return found;
}

}  // namespace

result<fs::path> find_postgres_programs(const std::string& version, const program_places& places) {
  const auto found = installed(places);
  if (version.empty() && !found.empty()) return found.rbegin()->second;
  if (const auto same = found.find(std::atoi(version.c_str())); !version.empty() && same != found.end())
    return same->second;
  if (version.empty())
    return fail(errc::invalid_params,
                "no PostgreSQL server on this machine: install one (apt-get install postgresql), or give "
                "--database-url");
  std::vector<int> others;
  for (const auto& [number, path] : found) others.push_back(number);
  return fail(errc::invalid_params,
              fmt::format("PostgreSQL {0}, which made the database in this data directory, is not on this machine "
                          "(found: {1}): install it (apt-get install postgresql-{0}), or choose another --data-dir",
                          version, others.empty() ? "none" : fmt::format("{}", fmt::join(others, ", "))));
}

std::string cluster_version(const fs::path& cluster) {
  std::string text;
  std::ifstream{cluster / "PG_VERSION"} >> text;
  return text;
}

}  // namespace quorate::app
