// SPDX-License-Identifier: MIT
#include "engine/python/zygote/launch.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

namespace quorate::engine::python {

namespace {

constexpr int orders_in_zygote = 3;

struct namespace_choice {
  unsigned flags;
  bool user;
};
/// From best to none: a container may not have all of them, nor a user who is not root without a namespace for that.
constexpr namespace_choice namespace_choices[] = {{CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS, false},
                                                  {CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS, true},
                                                  {0, false}};

/// Only system calls: the memory is a copy of a process with threads.
[[noreturn]] void become_zygote(int orders, const char* program, const char* mode) {
  const int nothing = open("/dev/null", O_RDWR);
  dup2(orders, orders_in_zygote);
  dup2(nothing, STDIN_FILENO);
  dup2(nothing, STDOUT_FILENO);
  syscall(SYS_close_range, 4u, ~0u, 0);
  personality(ADDR_NO_RANDOMIZE);
  if (chdir("/") != 0) _exit(1);
  char name[] = "quorate-python", zone[] = "TZ=UTC", language[] = "LC_ALL=C.UTF-8";
  // Functions of libraries are looked up once, and not in each run anew.
  char binding[] = "LD_BIND_NOW=1";
  char how[16] = "";
  std::strncpy(how, mode, sizeof how - 1);
  char* arguments[] = {name, how, nullptr};
  char* environment[] = {zone, language, binding, nullptr};
  execve(program, arguments, environment);
  _exit(1);
}

}  // namespace

result<launched_zygote> launch_zygote(bool allow_without_seccomp) {
  std::error_code unseen;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", unseen).parent_path() / "quorate-python";
  if (access(program.c_str(), X_OK) != 0)
    return fail(errc::internal, "The engine has no Python", {}, program.string() + " cannot be run");
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return fail(errc::internal, "The engine has no descriptors left");
  }
  launched_zygote out;
  out.orders = descriptor{ends[0]};
  const descriptor theirs{ends[1]};
  for (const auto& choice : namespace_choices) {
    if (choice.user && geteuid() == 0) continue;
    const unsigned flags = choice.flags | (choice.user ? CLONE_NEWUSER : 0);
    const auto child = static_cast<pid_t>(syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0));
    if (child == 0) become_zygote(theirs.get(), program.c_str(), allow_without_seccomp ? "unconfined" : "confined");
    if (child < 0) continue;
    out.pid = child;
    out.layers.user_namespace = choice.user;
    out.layers.network_namespace = out.layers.process_namespace = choice.flags != 0;
    return out;
  }
  return fail(errc::internal, "The engine cannot start a process", {}, std::strerror(errno));
}

}  // namespace quorate::engine::python
