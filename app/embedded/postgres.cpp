// SPDX-License-Identifier: MIT
#include "app/embedded/postgres.hpp"

#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <thread>

#include "app/embedded/leftover.hpp"
#include "app/embedded/programs.hpp"

namespace fs = std::filesystem;

namespace quorate::app {

namespace {

constexpr std::chrono::seconds start_deadline{60};  // crash recovery after a hard stop may take a while
constexpr std::size_t spare = 20;  // beside the pool: notifications, cancels, psql, the superuser's three

/// A unix socket's path may have 107 characters; a deep data directory falls back to /tmp.
fs::path socket_directory(const fs::path& data) {
  const auto natural = data / "run";
  if ((natural / ".s.PGSQL.5432").string().size() < sizeof(sockaddr_un{}.sun_path)) return natural;
  return fs::path{"/tmp"} / ("quorate-" + std::to_string(fs::hash_value(data)));
}

/// In /tmp anybody can be the first to make a directory of a certain name, or a link that leads elsewhere.
status check_ours(const fs::path& dir, const std::optional<identity>& owner) {
  struct stat found {};
  if (::lstat(dir.c_str(), &found) != 0) return {};
  if (S_ISDIR(found.st_mode) && (found.st_uid == ::geteuid() || (owner && found.st_uid == owner->uid))) return {};
  return fail(errc::invalid_params, dir.string() + " is in the way: it is not a directory of " +
                                        (owner ? "user '" + owner->name + "'" : "this user") + " (its owner is uid " +
                                        std::to_string(found.st_uid) +
                                        "); remove it, or choose another data directory with --data-dir");
}

/// A directory for its owner alone; one that is there already is used when it is ours.
status make_private(const fs::path& dir, const std::optional<identity>& owner) {
  const auto failed = [&](const char* what) {
    return fail(errc::internal, std::string{"cannot "} + what + ' ' + dir.string() + ": " + std::strerror(errno));
  };
  if (::mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) return failed("create");
  if (auto ok = check_ours(dir, owner); !ok) return ok;
  if (owner && ::lchown(dir.c_str(), owner->uid, owner->gid) != 0) return failed("hand over");
  if (::chmod(dir.c_str(), 0700) != 0) return failed("protect");
  return {};
}

/// For a value of libpq's key=value form between quotes.
std::string quoted(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// The last lines of the server's log: what a person needs when it did not start.
std::string log_tail(const fs::path& log) {
  std::ifstream in{log};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  return text.size() > 800 ? text.substr(text.size() - 800) : text;
}

result<child> launch(const fs::path& programs, const fs::path& cluster, const fs::path& socket_dir, const fs::path& log,
                     std::size_t connections, const std::optional<identity>& run_as) {
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
                                      "max_connections=" + std::to_string(connections),
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

status create_cluster(const fs::path& programs, const fs::path& cluster, const std::optional<identity>& run_as) {
  // Made beside its final place and renamed: a cluster that exists is a complete one, whatever interrupted the first
  // start. Each attempt has a name of its own, because programs of a killed one may still write for a moment.
  std::error_code ignored;
  const auto drafts = cluster.filename().string() + ".new";
  for (const auto& entry : fs::directory_iterator{cluster.parent_path(), ignored})
    if (entry.path().filename().string().starts_with(drafts)) fs::remove_all(entry.path(), ignored);
  const auto draft = fs::path{cluster.string() + ".new." + std::to_string(::getpid())};
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

fs::path embedded_postgres::cluster_of(const fs::path& data) { return data / "postgres"; }

result<std::optional<identity>> embedded_postgres::runs_as(const fs::path& data) {
  if (::geteuid() != 0) return std::nullopt;
  struct stat made {};
  // PostgreSQL insists on owning its cluster, so whoever made it goes on serving it.
  if (::stat(cluster_of(data).c_str(), &made) == 0 && made.st_uid != 0)
    if (const passwd* entry = ::getpwuid(made.st_uid)) return identity{entry->pw_uid, entry->pw_gid, entry->pw_name};
  return server_identity().map([](identity who) { return std::optional{std::move(who)}; });
}

status embedded_postgres::check_reachable(const fs::path& data, const std::optional<identity>& who) {
  if (!who) return {};
  const auto probe = run_child({"/usr/bin/test", "-x", data.string()}, {who, {}, {}, false});
  if (probe) return {};
  return fail(errc::invalid_params, "data_dir: user '" + who->name +
                                        "', who runs PostgreSQL because you are root, cannot enter " + data.string() +
                                        "; choose another with --data-dir, or open its parents (chmod o+x)");
}

status embedded_postgres::check_socket_directory(const fs::path& data, const std::optional<identity>& who) {
  return check_ours(socket_directory(data), who);
}

std::size_t embedded_postgres::connections_for(std::size_t pool) { return std::max<std::size_t>(120, pool + spare); }

result<embedded_postgres> embedded_postgres::start(const data_directory& data, const embedded_options& options) {
  const auto cluster = cluster_of(data.path());
  const auto programs = find_postgres_programs(cluster_version(cluster));
  if (!programs) return tl::unexpected{programs.error()};
  auto run_as = runs_as(data.path());
  if (!run_as) return tl::unexpected{run_as.error()};
  const auto socket_dir = socket_directory(data.path());
  if (auto ok = check_reachable(data.path(), *run_as); !ok) return tl::unexpected{ok.error()};
  if (auto ok = make_private(socket_dir, *run_as); !ok) return tl::unexpected{ok.error()};
  if (cluster_version(cluster).empty())
    if (auto ok = create_cluster(*programs, cluster, *run_as); !ok) return tl::unexpected{ok.error()};
  if (auto ok = clear_leftover(cluster); !ok) return tl::unexpected{ok.error()};

  embedded_postgres made{*programs,           cluster,           socket_dir, data.path() / "postgres.log",
                         options.connections, std::move(*run_as)};
  if (auto ok = made.launch(); !ok) return tl::unexpected{ok.error()};
  for (;;) {
    const auto ready = made.ready();
    if (ready && *ready) return made;
    const bool interrupted = ready && options.interrupted && options.interrupted();
    if (ready && !interrupted) {
      std::this_thread::sleep_for(std::chrono::milliseconds{3});
      continue;
    }
    made.stop();
    if (interrupted) return fail(errc::cancelled, "stopped while the embedded PostgreSQL was starting");
    return tl::unexpected{ready.error()};
  }
}

std::string embedded_postgres::conninfo(const fs::path& socket_dir) {
  return "host='" + quoted(socket_dir.string()) + "' port=" + std::to_string(port) + " user=" + user +
         " dbname=" + database;
}

status embedded_postgres::launch() {
  auto server = app::launch(programs_, cluster_, socket_dir_, log_, connections_, run_as_);
  if (!server) return tl::unexpected{server.error()};
  server_ = std::move(*server);
  deadline_ = std::chrono::steady_clock::now() + start_deadline;
  return {};
}

/// The postmaster says "ready" in postmaster.pid (line 8), where pg_ctl looks, too; no connection is needed.
result<bool> embedded_postgres::ready() {
  if (const auto code = server_->poll())
    return fail(errc::database_unavailable,
                "the embedded PostgreSQL did not start (exit status " + std::to_string(*code) + "); its log is " +
                    log_.string(),
                {}, log_tail(log_));
  std::ifstream in{cluster_ / "postmaster.pid"};
  std::string line, first;
  for (int i = 0; i < 8 && std::getline(in, line); ++i)
    if (i == 0) first = line;
  if (first == std::to_string(server_->pid()) && line.starts_with("ready")) return true;
  if (std::chrono::steady_clock::now() < deadline_) return false;
  stop();
  return fail(errc::database_unavailable,
              "the embedded PostgreSQL did not get ready in 60 s; its log is " + log_.string(), {}, log_tail(log_));
}

void embedded_postgres::stop(std::chrono::milliseconds grace) {
  if (!server_) return;
  server_->signal(SIGINT);
  if (server_->wait(grace)) return;
  server_->signal(SIGQUIT);
  server_->wait(std::chrono::seconds{5});
}

}  // namespace quorate::app
