// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "app/commands/commands.hpp"
#include "app/embedded/engine.hpp"
#include "app/embedded/hardhat.hpp"
#include "app/embedded/keeper.hpp"
#include "app/embedded/postgres.hpp"
#include "app/node.hpp"
#include "app/settings.hpp"
#include "chain/log.hpp"
#include "config/load.hpp"
#include "config/logging.hpp"

namespace quorate::app {

namespace {

using std::chrono::milliseconds;

constexpr int gave_up = 70;  // EX_SOFTWARE: a service manager should start the process anew

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

std::string joined(const std::vector<std::string>& keys) { return fmt::format("{}", fmt::join(keys, ", ")); }

/// What SIGHUP does: the file, the environment and the command line's choice of both are looked at anew.
class reloader {
 public:
  reloader(const config::command_line& given, const config::values& at_start) : given_{given}, running_{at_start} {}

  void reload(node& running, const std::optional<embedded_postgres>& database) {
    const auto fresh = config::load(given_);
    if (!fresh) return refuse(fresh.error());
    if (const auto done = config::install_logging(*fresh); !done) return refuse(done.error());
    running.reload(*fresh);
    const auto changed = config::compare(running_, *fresh);
    for (const auto& key : changed.reloadable) running_.set(key, fresh->at(key));
    log::event(log::level::info, "serve", "settings reloaded", {{"changed", joined(changed.reloadable)}});
    if (!changed.needs_restart.empty())
      log::event(log::level::warning, "serve", "changed settings that need a restart",
                 {{"options", joined(changed.needs_restart)}});
    if (database && database->connections() < connections_for(running_))
      log::event(log::level::warning, "serve", "the embedded PostgreSQL allows fewer connections until a restart",
                 {{"max_connections", database->connections()}});
  }

  static std::size_t connections_for(const config::values& v) {
    return embedded_postgres::connections_for(
        static_cast<std::size_t>(v.whole("database.pool.size") + v.whole("database.pool.max_overflow")));
  }

 private:
  static void refuse(const error& why) {
    log::event(log::level::error, "serve", "reload refused", {{"error", why.message}});
  }

  const config::command_line& given_;
  config::values running_;
};

keeper make_keeper(embedded_postgres& database) {
  return keeper{{"the embedded PostgreSQL", [&database] { return database.ended(); },
                 [&database] { return database.launch(); }, [&database] { return database.ready(); }},
                {},
                std::chrono::steady_clock::now()};
}

/// Nothing but the records depends on the node, and nothing but contract runs on the engine: each is brought back for
/// as long as that takes.
template <class Service>
keeper make_patient_keeper(const char* name, Service& of) {
  keeper::rules patient;
  patient.gives_up = false;
  return keeper{{name, [&of] { return of.ended(); }, [&of] { return of.launch(); }, [] { return result<bool>{true}; }},
                patient,
                std::chrono::steady_clock::now()};
}

/// Started when `settings` ask for it; they hold its address then. Without its program everything but contracts works,
/// unless somebody has named one.
result<std::optional<embedded_engine>> start_engine(config::values& settings, const result<data_directory>& data) {
  if (!embeds_engine(settings)) return std::optional<embedded_engine>{};
  embedded_engine::options with;
  with.program = settings.text("engine.program");
  with.allow_without_seccomp = settings.boolean("engine.allow_without_seccomp");
  with.webdriver = settings.text("engine.webdriver_url");
  if (data) with.log = data->path() / "engine.log";
  if (const auto program = find_engine(with.program); !program && with.program.empty()) {
    log::event(log::level::warning, "serve", "contracts are not run", {{"reason", program.error().message}});
    return std::optional<embedded_engine>{};
  }
  auto started = embedded_engine::start(with);
  if (!started) return tl::unexpected{started.error()};
  auto url = settings.at("engine.manager_url");
  url.value = started->url();
  settings.set("engine.manager_url", url);
  return std::optional{std::move(*started)};
}

/// Started when `settings` ask for it; they hold its port then.
result<std::optional<embedded_hardhat>> start_hardhat(config::values& settings, const result<data_directory>& data) {
  if (!embeds_node(settings)) return std::optional<embedded_hardhat>{};
  embedded_hardhat::options with;
  with.directory = settings.text("hardhat.directory");
  with.port = static_cast<int>(settings.whole("hardhat.port"));
  with.chain_id = settings.whole("rpc.chain_id");
  if (data) with.log = data->path() / "hardhat.log";
  auto started = embedded_hardhat::start(with);
  if (!started) return tl::unexpected{started.error()};
  auto port = settings.at("hardhat.port");
  port.value = static_cast<std::int64_t>(started->port());
  settings.set("hardhat.port", port);
  return std::optional{std::move(*started)};
}

/// Until a signal or a failure ends it; the exit status.
int watch(node& running, std::optional<embedded_postgres>& database, std::optional<embedded_hardhat>& hardhat,
          std::optional<embedded_engine>& engine, reloader& settings, const sigset_t& signals) {
  std::optional<keeper> kept, kept_node, kept_engine;
  if (database) kept.emplace(make_keeper(*database));
  if (hardhat) kept_node.emplace(make_patient_keeper("the embedded Hardhat node", *hardhat));
  if (engine) kept_engine.emplace(make_patient_keeper("the engine", *engine));
  for (;;) {
    const timespec turn{0, kept && kept->busy() ? 10'000'000 : 200'000'000};
    const int signal = ::sigtimedwait(&signals, nullptr, &turn);
    if (signal == SIGINT || signal == SIGTERM) {
      log::event(log::level::info, "serve", "stopping", {{"signal", signal == SIGINT ? "SIGINT" : "SIGTERM"}});
      return 0;
    }
    if (signal == SIGHUP) settings.reload(running, database);
    if (const auto code = running.failed()) return *code;
    if (kept && !kept->look(std::chrono::steady_clock::now())) return gave_up;
    if (kept_node) kept_node->look(std::chrono::steady_clock::now());
    if (kept_engine) kept_engine->look(std::chrono::steady_clock::now());
  }
}

/// A signal to stop, come before there was anything to stop.
bool stop_asked(const sigset_t& signals) {
  sigset_t stopping = signals;
  sigdelset(&stopping, SIGHUP);
  const timespec at_once{0, 0};
  return ::sigtimedwait(&stopping, nullptr, &at_once) > 0;
}

}  // namespace

int serve_command(const config::command_line& given, const config::values& settings) {
  const auto signals = handled_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  raise_file_limit();
  if (const auto ok = config::install_logging(settings); !ok) return report_failure(ok.error());

  auto data = data_directory::open(config::data_directory(settings, config::process_environment(), ::geteuid() == 0));
  std::optional<embedded_postgres> database;
  std::string conninfo = settings.text("database.url");
  if (conninfo.empty()) {
    if (!data) return report_failure(data.error());
    if (const auto ok = data->lock(); !ok) return report_failure(ok.error());
    auto started = embedded_postgres::start(
        *data, {reloader::connections_for(settings), [&signals] { return stop_asked(signals); }});
    if (!started && started.error().code == errc::cancelled) return 0;
    if (!started) return report_failure(started.error());
    database.emplace(std::move(*started));
    conninfo = database->conninfo();
  }
  auto with = settings;
  auto hardhat = start_hardhat(with, data);
  auto engine = hardhat ? start_engine(with, data) : tl::unexpected{hardhat.error()};
  auto running = engine ? node::start({with, conninfo, {}, engine->has_value()}) : tl::unexpected{engine.error()};
  if (!running) {
    if (engine && *engine) (*engine)->stop();
    if (hardhat && *hardhat) (*hardhat)->stop();
    if (database) database->stop();
    return report_failure(running.error());
  }
  const int port = (*running)->port();
  const auto published = data.and_then([&](auto& d) { return d.publish(record_of(settings, port, database)); });
  if (!published)
    log::event(log::level::info, "serve", "status and top will find this node by host and port only",
               {{"reason", published.error().message}});
  fmt::print("Quorate {} serves {}/api  (database: {}; Ctrl-C stops)\n", QUORATE_VERSION,
             url_of(settings.text("server.host"), port), database ? "embedded, " + data->path().string() : "external");
  std::fflush(stdout);

  reloader again{given, settings};
  const int code = watch(**running, database, *hardhat, *engine, again, signals);
  if (data) data->withdraw(port);
  const auto deadline = settings.duration("server.drain_deadline");
  // A libpq call that never returns cannot be killed; the process can.
  std::thread{[deadline] {
    std::this_thread::sleep_for(deadline + milliseconds{5000});
    log::event(log::level::error, "serve", "shutdown took too long; ending at once");
    std::_Exit(gave_up);
  }}.detach();
  if (!(*running)->shutdown(deadline)) log::event(log::level::warning, "serve", "the drain deadline cut work off");
  running->reset();
  if (*engine) (*engine)->stop();
  if (*hardhat) (*hardhat)->stop();
  if (database) database->stop();
  log::event(log::level::info, "serve", "stopped");
  return code;
}

}  // namespace quorate::app
