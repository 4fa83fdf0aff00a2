// SPDX-License-Identifier: MIT
#include "app/embedded/postgres.hpp"

#include <signal.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <thread>

namespace fs = std::filesystem;

namespace quorate::app {

namespace {

constexpr std::chrono::seconds start_deadline{60};  // crash recovery after a hard stop may take a while

int version_of(const fs::path& bin) { return std::atoi(bin.parent_path().filename().c_str()); }

/// A unix socket's path may have 107 characters; a deep data directory falls back to /tmp.
fs::path socket_directory(const fs::path& data) {
  const auto natural = data / "run";
  if ((natural / ".s.PGSQL.5432").string().size() < sizeof(sockaddr_un{}.sun_path)) return natural;
  return fs::path{"/tmp"} / ("quorate-" + std::to_string(fs::hash_value(data)));
}

status make_private(const fs::path& dir, const std::optional<identity>& owner) {
  std::error_code failure;
  fs::create_directories(dir, failure);
  if (failure) return fail(errc::internal, "cannot create " + dir.string() + ": " + failure.message());
  if (owner && ::chown(dir.c_str(), owner->uid, owner->gid) != 0)
    return fail(errc::internal,
                "cannot hand " + dir.string() + " to user " + owner->name + ": " + std::strerror(errno));
  fs::permissions(dir, fs::perms::owner_all, failure);
  if (failure) return fail(errc::internal, "cannot protect " + dir.string() + ": " + failure.message());
  return {};
}

/// PostgreSQL's user must be able to reach the cluster through every parent directory.
status check_reachable(const fs::path& dir, const std::optional<identity>& who) {
  if (!who) return {};
  const auto probe = run_child({"/usr/bin/test", "-x", dir.string()}, {who, {}, {}, false});
  if (probe) return {};
  return fail(errc::invalid_params, "data_dir: user '" + who->name +
                                        "', who runs PostgreSQL because you are root, cannot enter " + dir.string() +
                                        "; choose another with --data-dir, or open its parents (chmod o+x)");
}

/// The pid in postmaster.pid when that process is alive.
std::optional<pid_t> live_postmaster(const fs::path& cluster) {
  std::ifstream in{cluster / "postmaster.pid"};
  pid_t pid = 0;
  if (!(in >> pid) || pid <= 0) return {};
  if (::kill(pid, 0) != 0 && errno == ESRCH) return {};
  return pid;
}

/// A server left over from a killed Quorate is already on its way down; hurry it when it is not.
status wait_for_leftover(const fs::path& cluster) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  const auto hurry = end - std::chrono::seconds{15};
  bool hurried = false;
  while (const auto pid = live_postmaster(cluster)) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= end)
      return fail(errc::internal,
                  "a PostgreSQL server (pid " + std::to_string(*pid) + ") still runs on " + cluster.string());
    if (now >= hurry && !hurried) {
      ::kill(*pid, SIGINT);
      hurried = true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return {};
}

/// The last lines of the server's log: what a person needs when it did not start.
std::string log_tail(const fs::path& log) {
  std::ifstream in{log};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  return text.size() > 800 ? text.substr(text.size() - 800) : text;
}

result<child> launch(const fs::path& programs, const fs::path& cluster, const fs::path& socket_dir, const fs::path& log,
                     const std::optional<identity>& run_as) {
  const std::vector<std::string> argv{(programs / "postgres").string(),
                                      "-D",
                                      cluster.string(),
                                      "-c",
                                      "listen_addresses=",
                                      "-c",
                                      "unix_socket_directories=" + socket_dir.string(),
                                      "-c",
                                      "unix_socket_permissions=0700",
                                      "-c",
                                      "port=" + std::to_string(embedded_postgres::port),
                                      "-c",
                                      "max_connections=120",
                                      "-c",
                                      "shared_buffers=128MB",
                                      "-c",
                                      "cluster_name=quorate",
                                      "-c",
                                      "timezone=UTC",
                                      "-c",
                                      "logging_collector=off"};
  return child::start(argv, {run_as, log, {}, true});
}

/// Waits until the postmaster says "ready" in postmaster.pid (line 8), as pg_ctl does; no connection is needed.
status wait_until_ready(child& server, const fs::path& cluster, const fs::path& log) {
  const auto end = std::chrono::steady_clock::now() + start_deadline;
  while (std::chrono::steady_clock::now() < end) {
    if (const auto code = server.poll())
      return fail(errc::database_unavailable,
                  "the embedded PostgreSQL did not start (exit status " + std::to_string(*code) + "); its log is " +
                      log.string(),
                  {}, log_tail(log));
    std::ifstream in{cluster / "postmaster.pid"};
    std::string line, first;
    for (int i = 0; i < 8 && std::getline(in, line); ++i)
      if (i == 0) first = line;
    if (first == std::to_string(server.pid()) && line.starts_with("ready")) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds{3});
  }
  return fail(errc::database_unavailable,
              "the embedded PostgreSQL did not get ready in 60 s; its log is " + log.string(), {}, log_tail(log));
}

status create_cluster(const fs::path& programs, const fs::path& cluster, const std::optional<identity>& run_as) {
  // Made beside its final place and renamed: a cluster that exists is a complete one, whatever interrupted the first
  // start.
  const auto draft = fs::path{cluster.string() + ".new"};
  std::error_code ignored;
  fs::remove_all(draft, ignored);
  if (auto made = make_private(draft, run_as); !made) return made;
  const auto made =
      run_child({(programs / "initdb").string(), "-D", draft.string(), "--username", embedded_postgres::user,
                 "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--locale=C.UTF-8"},
                {run_as, {}, {}, false});
  if (!made) return fail(errc::internal, "cannot create the embedded database", {}, made.error().detail);
  // The database itself is made by a single-user server, before anybody can connect.
  const auto script = draft / "create.sql";
  std::ofstream{script} << "CREATE DATABASE " << embedded_postgres::database << ";\n";
  const auto created = run_child({(programs / "postgres").string(), "--single", "-D", draft.string(), "postgres"},
                                 {run_as, {}, script, false});
  fs::remove(script, ignored);
  if (!created) return fail(errc::internal, "cannot create the embedded database", {}, created.error().detail);
  std::error_code failure;
  fs::rename(draft, cluster, failure);
  if (failure) return fail(errc::internal, "cannot create " + cluster.string() + ": " + failure.message());
  return {};
}

}  // namespace

result<fs::path> find_postgres_programs() {
  std::vector<fs::path> found;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator{"/usr/lib/postgresql", failure})
    if (fs::exists(entry.path() / "bin" / "initdb")) found.push_back(entry.path() / "bin");
  if (!found.empty())
    return *std::max_element(found.begin(), found.end(),
                             [](auto& a, auto& b) { return version_of(a) < version_of(b); });
  if (fs::exists("/usr/bin/pg_config")) {
    if (auto said = run_child({"/usr/bin/pg_config", "--bindir"}, {})) {
      const fs::path dir{said->substr(0, said->find_last_not_of('\n') + 1)};
      if (fs::exists(dir / "initdb")) return dir;
    }
  }
  return fail(
      errc::invalid_params,
      "no PostgreSQL server on this machine: install it (apt-get install postgresql-15), or give --database-url");
}

result<embedded_postgres> embedded_postgres::start(const data_directory& data) {
  const auto programs = find_postgres_programs();
  if (!programs) return tl::unexpected{programs.error()};
  std::optional<identity> run_as;
  if (::geteuid() == 0) {
    auto who = server_identity();
    if (!who) return tl::unexpected{who.error()};
    run_as = std::move(*who);
  }
  const auto cluster = data.path() / "postgres";
  const auto socket_dir = socket_directory(data.path());
  const auto log = data.path() / "postgres.log";
  if (auto ok = check_reachable(data.path(), run_as); !ok) return tl::unexpected{ok.error()};
  if (auto ok = make_private(socket_dir, run_as); !ok) return tl::unexpected{ok.error()};
  if (!fs::exists(cluster / "PG_VERSION"))
    if (auto ok = create_cluster(*programs, cluster, run_as); !ok) return tl::unexpected{ok.error()};
  if (auto ok = wait_for_leftover(cluster); !ok) return tl::unexpected{ok.error()};
  auto server = launch(*programs, cluster, socket_dir, log, run_as);
  if (!server) return tl::unexpected{server.error()};
  if (auto ok = wait_until_ready(*server, cluster, log); !ok) return tl::unexpected{ok.error()};
  return embedded_postgres{*programs, cluster, socket_dir, log, std::move(run_as), std::move(*server)};
}

std::string embedded_postgres::conninfo() const {
  return "postgresql://" + std::string{user} + "@/" + database + "?host=" + socket_dir_.string() +
         "&port=" + std::to_string(port);
}

status embedded_postgres::restart() {
  auto server = launch(programs_, cluster_, socket_dir_, log_, run_as_);
  if (!server) return tl::unexpected{server.error()};
  server_ = std::move(*server);
  return wait_until_ready(server_, cluster_, log_);
}

void embedded_postgres::stop(std::chrono::milliseconds grace) {
  server_.signal(SIGINT);
  if (server_.wait(grace)) return;
  server_.signal(SIGQUIT);
  server_.wait(std::chrono::seconds{5});
}

}  // namespace quorate::app
