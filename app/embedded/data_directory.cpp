// SPDX-License-Identifier: MIT
#include "app/embedded/data_directory.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "chain/json.hpp"

namespace fs = std::filesystem;

namespace quorate::app {

namespace {

fs::path record_path(const fs::path& root, int port) { return root / "nodes" / (std::to_string(port) + ".json"); }

std::string read_file(const fs::path& path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::optional<node_record> parse_record(const std::string& text) {
  const auto value = chain::parse_json(text);
  if (!value || !value->is_object()) return {};
  try {
    return node_record{value->at("pid"),     value->at("host"),     value->at("port"),
                       value->at("version"), value->at("embedded"), value->at("socket_dir"),
                       value->at("user"),    value->at("database"), value->at("database_port")};
  } catch (const chain::json::exception&) {
    return {};  // a record of another version, or half a file: as good as none
  }
}

bool alive(int pid) { return pid > 0 && (::kill(pid, 0) == 0 || errno == EPERM); }

}  // namespace

result<data_directory> data_directory::open(const fs::path& path) {
  std::error_code failure;
  const auto absolute = fs::absolute(path, failure);
  fs::create_directories(absolute / "nodes", failure);
  if (failure)
    return fail(errc::invalid_params, "data_dir: cannot create " + absolute.string() + ": " + failure.message());
  if (::access(absolute.c_str(), W_OK | X_OK) != 0)
    return fail(errc::invalid_params, "data_dir: cannot write to " + absolute.string() + ": " + std::strerror(errno));
  return data_directory{absolute};
}

status data_directory::lock() {
  const auto file = path_ / "quorate.lock";
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0)
    return fail(errc::invalid_params, "data_dir: cannot write " + file.string() + ": " + std::strerror(errno));
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    auto owner = read_file(file);
    ::close(std::exchange(lock_, -1));
    return fail(errc::invalid_params, "data_dir: " + path_.string() + " belongs to a running Quorate (pid " +
                                          (owner.empty() ? "unknown" : owner) +
                                          "); stop it, or choose another with --data-dir");
  }
  const auto pid = std::to_string(::getpid());
  if (::ftruncate(lock_, 0) != 0 || ::pwrite(lock_, pid.data(), pid.size(), 0) < 0)
    return fail(errc::invalid_params, "data_dir: cannot write " + file.string() + ": " + std::strerror(errno));
  return {};
}

std::optional<std::string> data_directory::owner(const fs::path& path) {
  const auto file = path / "quorate.lock";
  const int probe = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (probe < 0) return {};
  // A shared lock, so that two of these do not take each other for an owner.
  const bool taken = ::flock(probe, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(probe);
  if (!taken) return {};
  auto pid = read_file(file);
  return pid.empty() ? "unknown" : std::move(pid);
}

status data_directory::publish(const node_record& node) const {
  const chain::json value{
      {"pid", node.pid},         {"host", node.host},         {"port", node.port},
      {"version", node.version}, {"embedded", node.embedded}, {"socket_dir", node.socket_dir},
      {"user", node.user},       {"database", node.database}, {"database_port", node.database_port}};
  const auto target = record_path(path_, node.port);
  const auto draft = fs::path{target.string() + ".new"};
  {
    std::ofstream out{draft, std::ios::trunc};
    out << chain::dump_json(value) << '\n';
    if (!out) return fail(errc::internal, "cannot write " + draft.string());
  }
  std::error_code failure;
  fs::rename(draft, target, failure);
  if (failure) return fail(errc::internal, "cannot write " + target.string() + ": " + failure.message());
  return {};
}

void data_directory::withdraw(int port) const noexcept {
  std::error_code ignored;
  fs::remove(record_path(path_, port), ignored);
}

std::vector<node_record> data_directory::nodes_in(const fs::path& path) {
  std::vector<node_record> out;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator{path / "nodes", failure}) {
    if (entry.path().extension() != ".json") continue;
    auto record = parse_record(read_file(entry.path()));
    if (record && alive(record->pid)) out.push_back(std::move(*record));
  }
  return out;
}

data_directory::data_directory(data_directory&& other) noexcept
    : path_{std::move(other.path_)}, lock_{std::exchange(other.lock_, -1)} {}

data_directory::~data_directory() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace quorate::app
