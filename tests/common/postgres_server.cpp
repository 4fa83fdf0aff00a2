// SPDX-License-Identifier: MIT
#include "tests/common/postgres_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/common/child.hpp"
#include "tests/common/paths.hpp"

namespace quorate::tests {

namespace {

namespace fs = std::filesystem;
constexpr auto bin_dir = "/usr/lib/postgresql/15/bin/";
constexpr auto template_name = "quorate_template";

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool ok = ::bind(fd, generic, size) == 0 && ::getsockname(fd, generic, &size) == 0;
  ::close(fd);
  if (!ok) throw std::runtime_error{"no free TCP port"};
  return ntohs(address.sin_port);
}

fs::path temporary_directory() {
  std::string name = (fs::temp_directory_path() / "quorate-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"cannot make a temporary directory"};
  if (::geteuid() == 0) {
    const auto* const user = ::getpwnam("postgres");
    if (user == nullptr || ::chown(name.c_str(), user->pw_uid, user->pw_gid) != 0) {
      throw std::runtime_error{"cannot give the directory to user postgres"};
    }
  }
  return name;
}

std::string contents(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream{file}.rdbuf();
  return text.str();
}

/// "<state> <parent>" of /proc/<pid>/stat, which follow the command's name in brackets; empty when there is no such
/// process.
std::string state_and_parent(pid_t pid) {
  const auto stat = contents("/proc/" + std::to_string(pid) + "/stat");
  const auto behind_name = stat.rfind(')');
  return behind_name == std::string::npos ? "" : stat.substr(behind_name + 2);
}

bool alive(pid_t pid) {
  const auto state = state_and_parent(pid);
  return !state.empty() && state.front() != 'Z';
}

using connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

answer run(const std::string& url, const std::string& sql) {
  const connection raw{PQconnectdb(url.c_str()), &PQfinish};
  if (PQstatus(raw.get()) != CONNECTION_OK) throw std::runtime_error{PQerrorMessage(raw.get())};
  PQsetNoticeProcessor(
      raw.get(), [](void*, const char*) {}, nullptr);
  answer got{PQexec(raw.get(), sql.c_str()), &PQclear};
  const auto status = PQresultStatus(got.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    throw std::runtime_error{std::string{PQerrorMessage(raw.get())} + sql.substr(0, 200)};
  }
  return got;
}

}  // namespace

postgres_server::postgres_server(std::vector<std::string> settings)
    : settings_{std::move(settings)}, root_{temporary_directory()} {
  start_watchdog();
  make_cluster();
  start();
}

postgres_server::~postgres_server() {
  try {
    sigcont();
    stop(stop_mode::immediate);
  } catch (const std::exception&) {
    // The watchdog sees to what is left.
  }
  ::close(watchdog_pipe_);
  wait_child(watchdog_);
}

postgres_server& postgres_server::shared() {
  static postgres_server server;
  return server;
}

std::string postgres_server::url(const std::string& database) const {
  return "host=" + root_.string() + " port=" + std::to_string(port_) + " user=postgres dbname=" + database;
}

std::string postgres_server::tcp_url(const std::string& database) const {
  return "postgresql://postgres@127.0.0.1:" + std::to_string(port_) + '/' + database;
}

void postgres_server::make_cluster() {
  const auto code =
      wait_child(spawn_child(as_postgres({std::string{bin_dir} + "initdb", "-D", (root_ / "data").string(), "-U",
                                          "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"}),
                             log_file()));
  if (code != 0) throw std::runtime_error{"initdb failed: " + contents(log_file())};
}

/// Its standard input ends when this process does. The shell ignores what a terminal sends to the whole group.
void postgres_server::start_watchdog() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"pipe"};
  constexpr auto script = R"(trap '' INT TERM HUP
read -r _
if [ -f "$0/data/postmaster.pid" ]; then
  pid=$(head -n 1 "$0/data/postmaster.pid")
  kill -CONT "$pid" 2>/dev/null
  kill -QUIT "$pid" 2>/dev/null
  n=0
  while kill -0 "$pid" 2>/dev/null && [ $n -lt 50 ]; do sleep 0.1; n=$((n + 1)); done
fi
rm -rf "$0")";
  watchdog_ = spawn_child({"/bin/sh", "-c", script, root_.string()}, "/dev/null", ends[0]);
  ::close(ends[0]);
  watchdog_pipe_ = ends[1];
}

void postgres_server::start() {
  if (pid_ > 0) return;
  if (port_ == 0) port_ = free_port();
  std::vector<std::string> command{std::string{bin_dir} + "postgres",
                                   "-D",
                                   (root_ / "data").string(),
                                   "-k",
                                   root_.string(),
                                   "-p",
                                   std::to_string(port_)};
  for (const char* const setting : {"listen_addresses=127.0.0.1", "fsync=off", "synchronous_commit=off",
                                    "full_page_writes=off", "max_connections=120", "shared_buffers=64MB",
                                    "autovacuum=on", "timezone=Europe/Vienna", "log_min_messages=warning"}) {
    command.insert(command.end(), {"-c", setting});
  }
  for (const auto& setting : settings_) command.insert(command.end(), {"-c", setting});
  pid_ = spawn_child(as_postgres(command), log_file());
  wait_until_ready();
}

void postgres_server::wait_until_ready() {
  const auto where = url();
  for (int i = 0; i < 3000; ++i) {
    if (PQping(where.c_str()) == PQPING_OK) return;
    if (!alive(pid_)) break;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  throw std::runtime_error{"PostgreSQL did not start: " + contents(log_file())};
}

void postgres_server::stop(stop_mode mode) {
  if (pid_ <= 0) return;
  const auto children = processes();
  ::kill(pid_, mode == stop_mode::fast ? SIGINT : mode == stop_mode::immediate ? SIGQUIT : SIGKILL);
  wait_child(pid_);
  pid_ = -1;
  // Orphans of a killed postmaster keep its shared memory, which a new one will not share with them.
  for (const auto child : children) {
    for (int i = 0; i < 500 && alive(child); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
}

void postgres_server::restart(stop_mode mode) {
  stop(mode);
  start();
}

std::vector<pid_t> postgres_server::processes(const std::string& title) const {
  std::vector<pid_t> found;
  if (pid_ <= 0) return found;
  for (const auto& entry : fs::directory_iterator{"/proc"}) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const pid_t pid = std::stoi(name);
    std::istringstream fields{state_and_parent(pid)};
    char state = 0;
    pid_t parent = 0;
    if (!(fields >> state >> parent) || parent != pid_) continue;
    if (title.empty() || contents(entry.path() / "cmdline").find(title) != std::string::npos) found.push_back(pid);
  }
  return found;
}

void postgres_server::sigstop() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGSTOP);
  for (const auto child : processes()) ::kill(child, SIGSTOP);
}

void postgres_server::sigcont() {
  if (pid_ <= 0) return;
  for (const auto child : processes()) ::kill(child, SIGCONT);
  ::kill(pid_, SIGCONT);
}

void postgres_server::exec(const std::string& sql, const std::string& database) const { run(url(database), sql); }

std::vector<std::vector<std::string>> postgres_server::query(const std::string& sql,
                                                             const std::string& database) const {
  const auto got = run(url(database), sql);
  std::vector<std::vector<std::string>> rows;
  for (int r = 0; r < PQntuples(got.get()); ++r) {
    auto& row = rows.emplace_back();
    for (int c = 0; c < PQnfields(got.get()); ++c) row.emplace_back(PQgetvalue(got.get(), r, c));
  }
  return rows;
}

std::string postgres_server::value(const std::string& sql, const std::string& database) const {
  const auto rows = query(sql, database);
  if (rows.empty() || rows.front().empty()) throw std::runtime_error{"no value: " + sql};
  return rows.front().front();
}

std::string postgres_server::create_database(const std::string& name) {
  if (!has_template_) {
    create_empty_database(template_name);
    for (const auto* const file : {"schema.sql", "quorate.sql"}) {
      exec("BEGIN;" + contents(source_dir() / "db" / "sql" / file) + ";COMMIT", template_name);
    }
    has_template_ = true;
  }
  exec("DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
  exec("CREATE DATABASE \"" + name + "\" TEMPLATE " + template_name);
  return url(name);
}

std::string postgres_server::create_empty_database(const std::string& name) {
  exec("DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
  exec("CREATE DATABASE \"" + name + "\" TEMPLATE template0");
  return url(name);
}

}  // namespace quorate::tests
