// SPDX-License-Identifier: MIT
#include "app/embedded/engine.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace fs = std::filesystem;

namespace quorate::app {

result<fs::path> find_engine(const std::string& configured) {
  std::error_code unseen;
  const auto beside = fs::read_symlink("/proc/self/exe", unseen).parent_path() / "quorate-engine";
  const auto program = configured.empty() ? beside : fs::absolute(configured, unseen);
  if (::access(program.c_str(), X_OK) == 0) return program;
  return fail(errc::invalid_params, "engine.program: " + program.string() + " cannot be run");
}

result<embedded_engine> embedded_engine::start(const options& with) {
  const auto program = find_engine(with.program);
  if (!program) return tl::unexpected{program.error()};
  // Sockets have short names, which a data directory need not have.
  std::string folder = "/tmp/quorate-engine-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) {
    return fail(errc::internal, std::string{"no folder for the engine's socket: "} + std::strerror(errno));
  }
  embedded_engine made{*program, folder, with};
  if (auto launched = made.launch(); !launched) return tl::unexpected{launched.error()};
  return made;
}

status embedded_engine::launch() {
  child_options how;
  how.log = with_.log;
  how.service = true;
  std::vector<std::string> words{program_.string(), "--listen", url(), "--die-with-parent"};
  if (with_.allow_without_seccomp) words.emplace_back("--allow-without-seccomp");
  if (!with_.webdriver.empty()) words.insert(words.end(), {"--webdriver", with_.webdriver});
  auto started = child::start(words, how);
  if (!started) return tl::unexpected{started.error()};
  engine_ = std::move(*started);
  return {};
}

void embedded_engine::stop(std::chrono::milliseconds grace) {
  if (engine_) engine_->stop(grace);
  std::error_code unseen;
  fs::remove_all(folder_, unseen);
}

}  // namespace quorate::app
