// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace quorate::tests {

/// A directory below /tmp that every user may enter, gone with the object.
class temporary_directory {
 public:
  temporary_directory();
  ~temporary_directory();
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;
  const std::filesystem::path& path() const { return path_; }
  /// Writes a file in it; its path.
  std::filesystem::path write(const std::string& name, const std::string& content) const;

 private:
  std::filesystem::path path_;
};

/// How a program that ran to its end ended, and what it said (standard output and error in the order they came).
struct ended {
  int code = -1;
  std::string text;
  bool says(const std::string& part) const { return text.find(part) != std::string::npos; }
};
/// Runs a program to its end. `environment` comes on top of this process's.
ended run(std::vector<std::string> command, const std::map<std::string, std::string>& environment = {});
/// The same for this build's quorate: run_quorate({"config", "--json"}).
ended run_quorate(const std::vector<std::string>& arguments,
                  const std::map<std::string, std::string>& environment = {});

/// Processes whose command line holds `text`.
std::vector<pid_t> processes_with(const std::string& text);
/// The user a process runs as; -1 when there is none.
uid_t user_of(pid_t pid);

}  // namespace quorate::tests
