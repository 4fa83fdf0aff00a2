// SPDX-License-Identifier: MIT
#include "tests/common/quorate_process.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "net/http_client.hpp"
#include "tests/common/child.hpp"
#include "tests/common/paths.hpp"

namespace quorate::tests {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto stop_patience = 40s;
constexpr std::size_t shown_log = 4000;

std::filesystem::path temporary_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "quorate-process-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"mkdtemp failed"};
  // The embedded PostgreSQL may run as another user and has to get in.
  std::filesystem::permissions(name, std::filesystem::perms{0755});
  return name;
}

std::chrono::milliseconds since(clock::time_point began) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began);
}

/// The exit code when the process has ended, without waiting.
std::optional<int> ended(pid_t pid) {
  int how = 0;
  if (::waitpid(pid, &how, WNOHANG) != pid) return std::nullopt;
  return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
}

std::string group_of(const std::string& user) {
  const auto* const entry = ::getpwnam(user.c_str());
  return entry == nullptr ? user : std::to_string(entry->pw_gid);
}

}  // namespace

std::uint16_t free_port() {
  const int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  const bool ok = s >= 0 && ::bind(s, reinterpret_cast<sockaddr*>(&at), size) == 0 &&
                  ::getsockname(s, reinterpret_cast<sockaddr*>(&at), &size) == 0;
  if (s >= 0) ::close(s);
  if (!ok) throw std::runtime_error{"no free port"};
  return ntohs(at.sin_port);
}

int rpc_answer::error_code() const {
  if (!body.is_object() || !body.contains("error") || !body["error"].is_object()) return 0;
  return body["error"].value("code", 0);
}

quorate_process::quorate_process(serve_options options) : options_{std::move(options)}, port_{free_port()} {
  own_data_dir_ = options_.data_dir.empty();
  if (own_data_dir_) options_.data_dir = temporary_directory();
  log_file_ = options_.data_dir / fmt::format("serve-{}.log", port_);
  binary_ = quorate_binary();
  if (options_.user.empty()) return;
  // That user can neither enter the build tree nor write to what root made.
  binary_ = options_.data_dir / "quorate-copy";
  std::filesystem::copy_file(quorate_binary(), binary_, std::filesystem::copy_options::overwrite_existing);
  const auto* const user = ::getpwnam(options_.user.c_str());
  if (user == nullptr || ::chown(options_.data_dir.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw std::runtime_error{"cannot hand " + options_.data_dir.string() + " to user " + options_.user};
}

quorate_process::~quorate_process() {
  try {
    // An embedded PostgreSQL is shut down by a graceful stop only.
    if (running()) stop();
  } catch (const std::exception&) {
    kill();
  }
  std::error_code ignored;
  if (own_data_dir_) std::filesystem::remove_all(options_.data_dir, ignored);
}

std::vector<std::string> quorate_process::command() const {
  std::vector<std::string> words;
  // setpriv replaces itself, so the process id stays the one that was spawned.
  if (!options_.user.empty())
    words = {"setpriv", "--reuid=" + options_.user, "--regid=" + group_of(options_.user), "--clear-groups", "--"};
  words.insert(words.end(), {binary_.string(), "serve", "--host", "127.0.0.1", "--port", std::to_string(port_),
                             "--data-dir", options_.data_dir.string()});
  if (!options_.database_url.empty()) words.insert(words.end(), {"--database-url", options_.database_url});
  for (const auto& [key, value] : options_.settings) words.insert(words.end(), {"--set", key + "=" + value});
  words.insert(words.end(), options_.more.begin(), options_.more.end());
  return words;
}

void quorate_process::give_up(const std::string& what) const {
  const auto text = log();
  throw std::runtime_error{what + "; its log ends with:\n" +
                           (text.size() > shown_log ? text.substr(text.size() - shown_log) : text)};
}

void quorate_process::launch() { pid_ = spawn_child(command(), log_file_); }

void quorate_process::start(std::chrono::seconds patience) {
  launch();
  const auto began = clock::now();
  while (get("/ready").first != 200) {
    if (const auto code = ended(pid_)) {
      pid_ = -1;
      give_up(fmt::format("quorate serve ended with {} at start", *code));
    }
    if (clock::now() - began > patience) give_up("quorate serve did not become ready");
    std::this_thread::sleep_for(10ms);
  }
}

int quorate_process::start_and_fail() { return wait_child(spawn_child(command(), log_file_)); }

int quorate_process::stop() {
  ask_to_stop();
  return wait_for_end();
}

void quorate_process::ask_to_stop() const { ::kill(pid_, SIGTERM); }

int quorate_process::wait_for_end() {
  for (const auto began = clock::now(); clock::now() - began < stop_patience; std::this_thread::sleep_for(5ms)) {
    if (const auto code = ended(pid_)) {
      pid_ = -1;
      return *code;
    }
  }
  kill();
  give_up("quorate serve did not end after SIGTERM");
}

void quorate_process::kill() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  wait_child(pid_);
  pid_ = -1;
}

void quorate_process::reload(const std::string& part) {
  const auto count = [&] {
    const auto text = log();
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
  };
  const auto before = count();
  ::kill(pid_, SIGHUP);
  wait_until("the log says " + part, [&] { return count() > before; });
}

void quorate_process::wait_until(const std::string& what, const std::function<bool()>& holds,
                                 std::chrono::seconds patience) const {
  for (const auto began = clock::now(); !holds(); std::this_thread::sleep_for(5ms))
    if (clock::now() - began > patience) give_up("never: " + what);
}

rpc_answer quorate_process::post(const std::string& body, std::chrono::milliseconds timeout) const {
  const auto began = clock::now();
  const auto got = net::http_post_json("127.0.0.1", port_, "/api", body, timeout);
  rpc_answer answer;
  answer.took = since(began);
  if (!got) return answer;
  answer.http_status = got->status;
  if (auto parsed = chain::parse_json(got->body)) answer.body = std::move(*parsed);
  return answer;
}

rpc_answer quorate_process::call(const std::string& method, chain::json params,
                                 std::chrono::milliseconds timeout) const {
  return post(chain::dump_json({{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", std::move(params)}}),
              timeout);
}

chain::json quorate_process::result(const std::string& method, chain::json params) const {
  auto answer = call(method, std::move(params));
  if (!answer.has_result())
    give_up(fmt::format("{} failed with HTTP {}: {}", method, answer.http_status, chain::dump_json(answer.body)));
  return std::move(answer.body["result"]);
}

std::pair<int, std::string> quorate_process::get(const std::string& path) const {
  auto got = net::http_get("127.0.0.1", port_, path, 5s);
  if (!got) return {0, {}};
  return {got->status, std::move(got->body)};
}

std::chrono::milliseconds quorate_process::wait_for_service(const std::string& method, chain::json params,
                                                            std::chrono::seconds patience) const {
  const auto began = clock::now();
  while (!call(method, params, 5s).has_result()) {
    if (clock::now() - began > patience) give_up("service did not come back: " + method);
    std::this_thread::sleep_for(5ms);
  }
  return since(began);
}

chain::json quorate_process::pool_status() const { return result("dev_getPoolStatus").at("pool"); }

std::string quorate_process::log() const {
  std::ifstream in{log_file_};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace quorate::tests
