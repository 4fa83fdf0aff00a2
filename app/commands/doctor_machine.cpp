// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "actors/pool/settings.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/findings.hpp"
#include "app/embedded/postgres.hpp"
#include "app/embedded/programs.hpp"
#include "app/settings.hpp"

namespace fs = std::filesystem;

namespace quorate::app {

namespace {

finding check_listening(const config::values& v, const std::optional<node_address>& node) {
  if (node) return good("server: a Quorate answers at " + url_of(node->host, node->port));
  const auto settings = server_settings_of(v);
  if (const auto possible = net::check(settings); !possible)
    return bad("server: " + possible.error().message,
               possible.error().code == errc::invalid_params
                   ? "write server.trusted_proxies as addresses or networks, such as 10.0.0.0/8"
                   : "choose another with --host or --port, or stop what uses it (ss -ltnp shows who)");
  if (settings.port == 0) return good("server: any free port of " + settings.host);
  return good("server: " + url_of(settings.host, settings.port) + " is free");
}

finding check_file_limit(const config::values& v) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const auto needed = static_cast<rlim_t>(v.whole("server.connections")) + 200;
  if (limit.rlim_max >= needed) return good(fmt::format("open files: {} allowed", limit.rlim_max));
  return warning(fmt::format("open files: {} allowed, {} needed for server.connections", limit.rlim_max, needed),
                 "raise the limit (ulimit -n, or LimitNOFILE= in the unit), or lower server.connections");
}

finding check_admin(const config::values& v) {
  const auto& host = v.text("server.host");
  const bool local = host.starts_with("127.") || host == "::1" || host == "localhost";
  if (local || v.boolean("rpc.hosted") || !v.text("rpc.admin_api_key").empty())
    return good("admin methods: protected or local");
  return warning("admin methods: open to everybody who reaches " + host,
                 "set rpc.admin_api_key (ADMIN_API_KEY), or rpc.hosted");
}

/// The nearest directory of a path that is there; what is below it would be made.
fs::path existing_part(fs::path at) {
  std::error_code unseen;
  while (!fs::exists(at, unseen) && at.has_parent_path() && at != at.parent_path()) at = at.parent_path();
  return at;
}

finding check_log(const config::values& v) {
  const auto& file = v.text("log.file");
  if (file.empty()) return good("log: standard error");
  std::error_code unseen;
  const auto absolute = fs::absolute(file, unseen);
  const auto at = fs::exists(absolute, unseen) ? absolute : existing_part(absolute.parent_path());
  const bool usable = fs::exists(absolute, unseen)
                          ? fs::is_regular_file(absolute, unseen) || !fs::is_directory(absolute, unseen)
                          : fs::is_directory(at, unseen);
  if (usable && ::access(at.c_str(), W_OK) == 0) return good("log: " + file);
  return bad("log.file: cannot write to " + absolute.string(),
             "name a file in a directory that this user may write to");
}

finding check_space(const fs::path& dir) {
  const auto at = existing_part(dir);
  std::error_code unseen;
  struct statvfs info {};
  if (!fs::is_directory(at, unseen) || ::statvfs(at.c_str(), &info) != 0)
    return bad("data_dir: " + at.string() + " is no directory that this user can enter",
               "choose another with --data-dir");
  if (::access(at.c_str(), W_OK | X_OK) != 0)
    return bad("data_dir: cannot write to " + at.string() + ": " + std::strerror(errno),
               "choose another with --data-dir, or change its owner");
  const auto free_mib = info.f_bavail * info.f_frsize >> 20;
  if (free_mib < 512)
    return bad(fmt::format("data_dir: {} has {} MiB free", dir.string(), free_mib), "free at least 512 MiB");
  return good(fmt::format("data_dir: {} ({} MiB free)", dir.string(), free_mib));
}

finding check_owner(const fs::path& dir, const std::optional<node_address>& node) {
  const auto owner = data_directory::owner(dir);
  if (!owner) return good("data_dir: no other Quorate uses it");
  if (node && node->record && std::to_string(node->record->pid) == *owner)
    return good("data_dir: in use by that Quorate (pid " + *owner + ")");
  return bad("data_dir: " + dir.string() + " belongs to a running Quorate (pid " + *owner +
                 "), which does not answer at this host and port",
             "stop it, or choose another with --data-dir");
}

}  // namespace

findings check_service(const config::values& v, const std::optional<node_address>& node) {
  return {check_listening(v, node), check_file_limit(v), check_admin(v), check_log(v)};
}

findings check_pool(const config::values& v) {
  const auto pool = pool_settings_of(v);
  if (const auto possible = actors::check(pool); !possible)
    return {bad("pool: " + possible.error().message, "see `quorate config` for the value and its source")};
  const auto most = pool.size + pool.max_overflow;
  findings out;
  if (pool.reserved_consensus + pool.reserved_background > most / 2)
    out.push_back(warning(fmt::format("pool: {} of {} connections are reserved for the loops, but requests always keep "
                                      "half",
                                      pool.reserved_consensus + pool.reserved_background, most),
                          "lower database.pool.reserved_consensus and reserved_background, or raise "
                          "database.pool.size"));
  if (pool.warm_up > pool.size)
    out.push_back(
        warning(fmt::format("pool: {} connections are opened at start, but only {} stay open", pool.warm_up, pool.size),
                "lower database.pool.warm_up, or raise database.pool.size"));
  if (out.empty()) out.push_back(good(fmt::format("pool: {} connections, {} under load", pool.size, most)));
  return out;
}

findings check_embedded(const config::values&, const fs::path& data, const std::optional<node_address>& node) {
  std::error_code unseen;
  const auto dir = fs::absolute(data, unseen);
  findings out{check_space(dir), check_owner(dir, node)};
  const auto version = cluster_version(embedded_postgres::cluster_of(dir));
  const auto found = find_postgres_programs(version);
  const auto who = embedded_postgres::runs_as(dir);
  if (!found)
    out.push_back(bad("PostgreSQL: " + found.error().message,
                      "apt-get install " + (version.empty() ? "postgresql" : "postgresql-" + version)));
  else if (!who)
    out.push_back(bad("PostgreSQL: " + who.error().message, "adduser --system postgres"));
  else
    out.push_back(good("PostgreSQL: " + found->string() + (*who ? ", run as user '" + (*who)->name + "'" : "")));
  if (!who) return out;
  if (const auto reachable = embedded_postgres::check_reachable(existing_part(dir), *who); !reachable)
    out.push_back(bad(reachable.error().message, "chmod o+x its parents, or choose another with --data-dir"));
  if (const auto usable = embedded_postgres::check_socket_directory(dir, *who); !usable)
    out.push_back(bad("data_dir: " + usable.error().message, "remove it, or choose another with --data-dir"));
  return out;
}

}  // namespace quorate::app
