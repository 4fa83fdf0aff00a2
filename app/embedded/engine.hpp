// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "app/embedded/child.hpp"
#include "chain/result.hpp"

namespace quorate::app {

/// The program that engine.program names; when that is empty, quorate-engine beside this program. errc::invalid_params
/// says where was looked.
result<std::filesystem::path> find_engine(const std::string& configured);

/// The engine of `serve`: started, owned and stopped by this process, on a socket in a folder of its own.
class embedded_engine {
 public:
  struct options {
    std::string program;                       // engine.program
    bool allow_without_seccomp = false;        // engine.allow_without_seccomp
    std::optional<std::filesystem::path> log;  // its output; empty: this process's own
    std::string webdriver{};                   // engine.webdriver_url
  };
  /// Starts it and does not wait: runs wait for it. From the main thread.
  static result<embedded_engine> start(const options& with);

  /// What engine.manager_url is then.
  std::string url() const { return "unix:" + (folder_ / "engine").string(); }
  /// It ended by itself: its exit status.
  std::optional<int> ended() { return engine_->poll(); }
  /// Starts it again, without waiting. From the main thread.
  status launch();
  void stop(std::chrono::milliseconds grace = std::chrono::seconds{5});

  embedded_engine(embedded_engine&&) noexcept = default;
  embedded_engine& operator=(embedded_engine&&) noexcept = default;
  ~embedded_engine() = default;

 private:
  embedded_engine(std::filesystem::path program, std::filesystem::path folder, const options& with)
      : program_{std::move(program)}, folder_{std::move(folder)}, with_{with} {}

  std::filesystem::path program_;
  std::filesystem::path folder_;
  options with_;
  std::optional<child> engine_;
};

}  // namespace quorate::app
