// SPDX-License-Identifier: MIT
#include "tests/common/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

extern char** environ;

namespace quorate::tests {

pid_t spawn_child(const std::vector<std::string>& command, const std::filesystem::path& log, int input) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input < 0) {
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  } else {
    posix_spawn_file_actions_adddup2(&actions, input, 0);
  }
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t pid = -1;
  const int failed = posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error{"cannot start " + command.front()};
  return pid;
}

int wait_child(pid_t pid) {
  int how = 0;
  while (::waitpid(pid, &how, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
}

std::vector<std::string> as_postgres(std::vector<std::string> command) {
  if (::geteuid() != 0) return command;
  // setpriv replaces itself by the command, so the process id stays the one that was spawned.
  std::vector<std::string> words{"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"};
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

}  // namespace quorate::tests
