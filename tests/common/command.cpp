// SPDX-License-Identifier: MIT
#include "tests/common/command.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/common/child.hpp"
#include "tests/common/paths.hpp"

namespace quorate::tests {

namespace fs = std::filesystem;

namespace {

std::string contents(const fs::path& file) {
  std::ifstream in{file};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

temporary_directory::temporary_directory() {
  std::string name = (fs::temp_directory_path() / "quorate-command-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"mkdtemp failed"};
  path_ = name;
  fs::permissions(path_, fs::perms{0755});
}

temporary_directory::~temporary_directory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path temporary_directory::write(const std::string& name, const std::string& content) const {
  std::ofstream{path_ / name} << content;
  return path_ / name;
}

ended run(std::vector<std::string> command, const std::map<std::string, std::string>& environment) {
  std::vector<std::string> words{"/usr/bin/env"};
  for (const auto& [name, value] : environment) words.push_back(name + "=" + value);
  words.insert(words.end(), command.begin(), command.end());
  const temporary_directory place;
  const auto said = place.path() / "said";
  const auto code = wait_child(spawn_child(words, said));
  return {code, contents(said)};
}

ended run_quorate(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment) {
  std::vector<std::string> words{quorate_binary().string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return run(std::move(words), environment);
}

std::vector<pid_t> processes_with(const std::string& text) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator{"/proc"}) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (contents(entry.path() / "cmdline").find(text) != std::string::npos) found.push_back(std::stoi(name));
  }
  return found;
}

uid_t user_of(pid_t pid) {
  struct stat info {};
  return ::stat(("/proc/" + std::to_string(pid)).c_str(), &info) == 0 ? info.st_uid : static_cast<uid_t>(-1);
}

}  // namespace quorate::tests
