// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <vector>

#include "app/commands/commands.hpp"
#include "app/commands/node_client.hpp"
#include "app/embedded/postgres.hpp"
#include "app/settings.hpp"
#include "config/load.hpp"
#include "db/look.hpp"

namespace quorate::app {

namespace {

/// One thing that a person could have got wrong: what was found, and how to mend it when it is bad.
struct finding {
  enum class grade { good, warning, bad } grade;
  std::string what, remedy;
};
finding good(std::string what) { return {finding::grade::good, std::move(what), {}}; }
finding warning(std::string what, std::string remedy) {
  return {finding::grade::warning, std::move(what), std::move(remedy)};
}
finding bad(std::string what, std::string remedy) { return {finding::grade::bad, std::move(what), std::move(remedy)}; }

finding check_file_limit(const config::values& v) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const auto needed = static_cast<rlim_t>(v.whole("server.connections")) + 200;
  if (limit.rlim_max >= needed) return good(fmt::format("open files: {} allowed", limit.rlim_max));
  return warning(fmt::format("open files: {} allowed, {} needed for server.connections", limit.rlim_max, needed),
                 "raise the limit (ulimit -n, or LimitNOFILE= in the unit), or lower server.connections");
}

finding check_port(const config::values& v, bool running) {
  const auto& host = v.text("server.host");
  const auto port = static_cast<std::uint16_t>(v.whole("server.port"));
  if (running) return good(fmt::format("port: a Quorate answers at {}:{}", host, port));
  boost::system::error_code e;
  boost::asio::io_context io;
  const auto address = boost::asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, e);
  if (e)
    return bad("server.host: '" + host + "' is no IP address", "use 127.0.0.1, 0.0.0.0 or an address of this machine");
  boost::asio::ip::tcp::acceptor probe{io};
  probe.open(boost::asio::ip::tcp::endpoint{address, port}.protocol(), e);
  probe.set_option(boost::asio::socket_base::reuse_address{true}, e);
  probe.bind({address, port}, e);
  if (e)
    return bad(fmt::format("port: cannot listen on {}:{}: {}", host, port, e.message()),
               "choose another with --port, or stop what uses it");
  return good(fmt::format("port: {}:{} is free", host, port));
}

finding check_space(const std::filesystem::path& dir) {
  struct statvfs fs {};
  auto at = dir;
  while (!std::filesystem::exists(at) && at.has_parent_path()) at = at.parent_path();
  if (::statvfs(at.c_str(), &fs) != 0)
    return bad("data_dir: cannot look at " + dir.string(), "choose another with --data-dir");
  const auto free_mib = fs.f_bavail * fs.f_frsize >> 20;
  if (free_mib < 512)
    return bad(fmt::format("data_dir: {} has {} MiB free", dir.string(), free_mib), "free at least 512 MiB");
  if (::access(at.c_str(), W_OK) != 0)
    return bad("data_dir: cannot write to " + at.string(), "choose another with --data-dir");
  return good(fmt::format("data_dir: {} ({} MiB free)", dir.string(), free_mib));
}

finding check_programs() {
  const auto found = find_postgres_programs();
  if (!found) return bad("PostgreSQL programs: " + found.error().message, "apt-get install postgresql-15");
  if (::geteuid() == 0) {
    const auto who = server_identity();
    if (!who) return bad(who.error().message, "adduser --system postgres");
    return good("PostgreSQL programs: " + found->string() + ", run as user '" + who->name + "'");
  }
  return good("PostgreSQL programs: " + found->string());
}

finding check_schema(const db::schema::state& state) {
  using db::schema::content;
  switch (state.holds) {
    case content::head: return good("schema: Studio's, revision " + state.revision);
    case content::empty: return good("schema: none yet; `quorate serve` and `quorate migrate` create it");
    case content::seed:
      return bad("schema: Studio's of August 2025 (" + state.revision + ")",
                 "stop every writer, take a backup, then run `quorate migrate --upgrade`");
    case content::unknown:
      return bad("schema: Studio's revision " + state.revision + ", which this version does not know",
                 "bring it to revision " + std::string{db::schema::head_revision} + " with Studio's own migrations");
    case content::foreign: break;
  }
  return bad("schema: this database belongs to something else", "give database.url an empty database");
}

/// What a connection shows: server version, schema state, and whether the connections of the pool fit.
std::vector<finding> check_database(const config::values& v, const std::string& conninfo) {
  const auto looked = db::look(connect_settings_of(v, conninfo), std::chrono::seconds{5});
  if (!looked)
    return {bad("database: " + looked.error().message +
                    (looked.error().detail.empty() ? "" : " (" + looked.error().detail + ")"),
                "check that PostgreSQL runs and that database.url (host, port, user, password, name) is right")};
  std::vector<finding> out{good("database: " + looked->server)};
  out.push_back(check_schema(looked->schema));
  const auto needed = v.whole("database.pool.size") + v.whole("database.pool.max_overflow") + 1;
  if (needed <= looked->connections_allowed - looked->connections_used)
    out.push_back(good(fmt::format("connections: {} needed, {} allowed by the server, {} in use", needed,
                                   looked->connections_allowed, looked->connections_used)));
  else
    out.push_back(warning(fmt::format("connections: {} needed, {} allowed by the server, {} in use", needed,
                                      looked->connections_allowed, looked->connections_used),
                          "raise max_connections of the server, or lower database.pool.size and max_overflow"));
  return out;
}

finding check_admin(const config::values& v) {
  const auto& host = v.text("server.host");
  const bool local = host.starts_with("127.") || host == "::1" || host == "localhost";
  if (local || v.boolean("rpc.hosted") || !v.text("rpc.admin_api_key").empty())
    return good("admin methods: protected or local");
  return warning("admin methods: open to everybody who reaches " + host,
                 "set rpc.admin_api_key (ADMIN_API_KEY), or rpc.hosted");
}

int print(const std::vector<finding>& findings) {
  int failures = 0;
  for (const auto& f : findings) {
    const char* mark = f.grade == finding::grade::good ? "ok  " : f.grade == finding::grade::warning ? "warn" : "FAIL";
    fmt::print("{}  {}\n", mark, f.what);
    if (!f.remedy.empty()) fmt::print("      -> {}\n", f.remedy);
    failures += f.grade == finding::grade::bad;
  }
  fmt::print("{}\n", failures == 0 ? "Quorate can run here."
                                   : fmt::format("{} thing{} to mend.", failures, failures == 1 ? "" : "s"));
  return failures == 0 ? 0 : 1;
}

}  // namespace

int doctor_command(const config::values& settings) {
  const auto node = find_node(settings);
  const auto data = config::data_directory(settings, config::process_environment(), ::geteuid() == 0);
  std::vector<finding> findings{check_port(settings, node.has_value()), check_file_limit(settings),
                                check_admin(settings)};
  const auto& url = settings.text("database.url");
  if (url.empty()) {
    findings.push_back(check_programs());
    findings.push_back(check_space(data));
  }
  std::string conninfo = url;
  if (url.empty() && node && node->record && node->record->embedded)
    conninfo =
        "postgresql://" + node->record->user + "@/" + node->record->database + "?host=" + node->record->socket_dir;
  if (conninfo.empty())
    findings.push_back(good("database: embedded, starts with `quorate serve`"));
  else
    for (auto& f : check_database(settings, conninfo)) findings.push_back(std::move(f));
  return print(findings);
}

}  // namespace quorate::app
