// SPDX-License-Identifier: MIT
#include "app/embedded/hardhat.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace fs = std::filesystem;

namespace quorate::app {

namespace {

std::optional<fs::path> hardhat_above(fs::path at) {
  std::error_code unseen;
  for (;; at = at.parent_path()) {
    if (fs::exists(at / "hardhat" / "start", unseen)) return at / "hardhat";
    if (at == at.parent_path()) return {};
  }
}

bool on_path(const std::string& program) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders{path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin"};
  for (std::string folder; std::getline(folders, folder, ':');)
    if (::access((fs::path{folder} / program).c_str(), X_OK) == 0) return true;
  return false;
}

/// A port that nobody listens on now.
result<int> any_free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* const generic = reinterpret_cast<sockaddr*>(&at);
  const bool found = probe >= 0 && ::bind(probe, generic, size) == 0 && ::getsockname(probe, generic, &size) == 0;
  const int why = errno;
  if (probe >= 0) ::close(probe);
  if (!found) return fail(errc::internal, std::string{"no free port for the Hardhat node: "} + std::strerror(why));
  return ntohs(at.sin_port);
}

}  // namespace

result<fs::path> find_hardhat(const std::string& configured) {
  std::error_code unseen;
  if (!configured.empty()) {
    if (fs::exists(fs::path{configured} / "start", unseen)) return fs::absolute(configured);
    return fail(errc::invalid_params, "hardhat.directory: there is no start in " + configured);
  }
  const auto program = fs::read_symlink("/proc/self/exe", unseen).parent_path();
  if (const auto found = hardhat_above(program)) return *found;
  if (const auto found = hardhat_above(fs::current_path(unseen))) return *found;
  return fail(errc::invalid_params, "no folder hardhat above " + program.string() +
                                        " or the working directory: name it in hardhat.directory");
}

status check_node_programs() {
  for (const char* program : {"node", "npm"})
    if (!on_path(program))
      return fail(errc::invalid_params, std::string{program} +
                                            " is not on this machine, and an embedded Hardhat needs it: install it "
                                            "(apt-get install nodejs npm), or name a node in hardhat.url");
  return {};
}

result<embedded_hardhat> embedded_hardhat::start(const options& with) {
  const auto directory = find_hardhat(with.directory);
  if (!directory) return tl::unexpected{directory.error()};
  if (const auto able = check_node_programs(); !able) return tl::unexpected{able.error()};
  const auto port = with.port != 0 ? result<int>{with.port} : any_free_port();
  if (!port) return tl::unexpected{port.error()};
  embedded_hardhat made{*directory / "start", *port, with};
  if (const auto launched = made.launch(); !launched) return tl::unexpected{launched.error()};
  return made;
}

status embedded_hardhat::launch() {
  child_options how;
  how.log = log_;
  how.service = true;
  auto started = child::start(
      {"/usr/bin/env", "HARDHAT_CHAIN_ID=" + std::to_string(chain_id_), start_.string(), std::to_string(port_)}, how);
  if (!started) return tl::unexpected{started.error()};
  node_ = std::move(*started);
  return {};
}

void embedded_hardhat::stop(std::chrono::milliseconds grace) {
  if (node_) node_->stop(grace);
}

}  // namespace quorate::app
