// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "app/commands/commands.hpp"
#include "app/embedded/postgres.hpp"
#include "app/node.hpp"
#include "chain/log.hpp"
#include "config/load.hpp"
#include "config/logging.hpp"
#include "config/text.hpp"

namespace quorate::app {

namespace {

using std::chrono::milliseconds;

/// The signals serve waits for. Blocked before the first thread starts, so that every thread inherits the mask and only
/// the main thread, in sigtimedwait, ever sees them.
sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int s : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, s);
  return set;
}

/// Every client is a file descriptor: take what the hard limit allows.
void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

node_record record_of(const config::values& settings, int port, const std::optional<embedded_postgres>& database) {
  node_record r{::getpid(), settings.text("server.host"), port, QUORATE_VERSION, database.has_value(), {}, {}, {}, 0};
  if (database) {
    r.socket_dir = database->socket_dir().string();
    r.user = embedded_postgres::user;
    r.database = embedded_postgres::database;
    r.database_port = embedded_postgres::port;
  }
  return r;
}

void reload(node& running, const config::values& at_start) {
  // The command line is not read again: what it set stays, files and environment are looked at anew.
  config::command_line flags;
  for (const auto& o : config::table()) {
    const auto& chosen = at_start.at(o.key);
    if (chosen.from == config::source::flag)
      flags.settings[std::string{o.key}] = config::flag_value{chosen.origin, config::to_text(o, chosen.value)};
  }
  const auto fresh = config::load(flags);
  if (!fresh) return log::event(log::level::error, "serve", "reload refused", {{"error", fresh.error().message}});
  if (const auto done = config::install_logging(*fresh); !done)
    return log::event(log::level::error, "serve", "reload refused", {{"error", done.error().message}});
  running.reload(*fresh);
  log::event(log::level::info, "serve", "settings reloaded");
}

/// Until a signal or a failure ends it; the exit status.
int watch(node& running, std::optional<embedded_postgres>& database, const config::values& settings,
          const sigset_t& signals) {
  for (;;) {
    const timespec turn{0, 200'000'000};
    const int signal = ::sigtimedwait(&signals, nullptr, &turn);
    if (signal == SIGINT || signal == SIGTERM) {
      log::event(log::level::info, "serve", "stopping", {{"signal", signal == SIGINT ? "SIGINT" : "SIGTERM"}});
      return 0;
    }
    if (signal == SIGHUP) reload(running, settings);
    if (const auto code = running.failed()) return *code;
    if (database && database->ended()) {
      log::event(log::level::error, "serve", "the embedded PostgreSQL ended; starting it again",
                 {{"exit_status", *database->ended()}});
      if (const auto again = database->restart(); !again)
        log::event(log::level::error, "serve", "cannot start the embedded PostgreSQL",
                   {{"error", again.error().message}});
    }
  }
}

}  // namespace

int serve_command(const config::values& settings) {
  const auto signals = handled_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  raise_file_limit();
  if (const auto ok = config::install_logging(settings); !ok) return report_failure(ok.error());

  auto data = data_directory::open(config::data_directory(settings, config::process_environment(), ::geteuid() == 0));
  if (!data) return report_failure(data.error());
  std::optional<embedded_postgres> database;
  std::string conninfo = settings.text("database.url");
  if (conninfo.empty()) {
    if (const auto ok = data->lock(); !ok) return report_failure(ok.error());
    auto started = embedded_postgres::start(*data);
    if (!started) return report_failure(started.error());
    database.emplace(std::move(*started));
    conninfo = database->conninfo();
  }
  auto running = node::start({settings, conninfo, {}});
  if (!running) {
    if (database) database->stop();
    return report_failure(running.error());
  }
  const int port = (*running)->port();
  if (const auto ok = data->publish(record_of(settings, port, database)); !ok)
    log::event(log::level::warning, "serve", "status and top will not find this node", {{"error", ok.error().message}});
  fmt::print("Quorate {} serves http://{}:{}/api  (database: {}; Ctrl-C stops)\n", QUORATE_VERSION,
             settings.text("server.host"), port, database ? "embedded, " + data->path().string() : "external");
  std::fflush(stdout);

  int code = watch(**running, database, settings, signals);
  data->withdraw(port);
  const auto deadline = settings.duration("server.drain_deadline");
  // A libpq call that never returns cannot be killed; the process can.
  std::thread{[deadline] {
    std::this_thread::sleep_for(deadline + milliseconds{5000});
    log::event(log::level::error, "serve", "shutdown took too long; ending at once");
    std::_Exit(70);
  }}.detach();
  if (!(*running)->shutdown(deadline)) log::event(log::level::warning, "serve", "the drain deadline cut work off");
  running->reset();
  if (database) database->stop();
  log::event(log::level::info, "serve", "stopped");
  return code;
}

}  // namespace quorate::app
