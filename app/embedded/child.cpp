// SPDX-License-Identifier: MIT
#include "app/embedded/child.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

namespace quorate::app {

namespace {

[[noreturn]] void exec_child(const std::vector<char*>& argv, const child_options& options, int output, pid_t parent) {
  // Only async-signal-safe calls between fork and exec: another thread may have held any lock.
  ::signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (options.service) ::setsid();
  const int input = ::open(options.input ? options.input->c_str() : "/dev/null", O_RDONLY);
  if (input < 0) ::_exit(124);
  ::dup2(input, STDIN_FILENO);
  if (output >= 0) {
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
  }
  if (options.run_as) {
    const auto& who = *options.run_as;
    if (::setgroups(0, nullptr) != 0 || ::setgid(who.gid) != 0 || ::setuid(who.uid) != 0) ::_exit(126);
  }
  // After setuid, which clears it. A service shuts down in order, a tool has nothing that is worth keeping. The parent
  // may be gone already: then there is nobody left to work for.
  ::prctl(PR_SET_PDEATHSIG, options.service ? SIGINT : SIGKILL);
  if (::getppid() != parent) ::_exit(125);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

std::vector<char*> pointers(const std::vector<std::string>& argv) {
  std::vector<char*> out;
  for (const auto& word : argv) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

tl::unexpected<error> system_failure(const std::string& what) {
  return fail(errc::internal, what + ": " + std::strerror(errno));
}

}  // namespace

result<identity> server_identity() {
  if (::geteuid() != 0) return identity{::geteuid(), ::getegid(), {}};
  for (const char* name : {"postgres", "nobody"})
    if (const passwd* entry = ::getpwnam(name)) return identity{entry->pw_uid, entry->pw_gid, name};
  return fail(errc::internal,
              "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it as");
}

result<std::string> run_child(const std::vector<std::string>& argv, const child_options& options) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return system_failure("pipe");
  const auto words = pointers(argv);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return system_failure("fork");
  if (pid == 0) exec_child(words, options, ends[1], parent);
  ::close(ends[1]);
  std::string output;
  char buffer[4096];
  for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) != 0;) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    output.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  int state = 0;
  while (::waitpid(pid, &state, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(state) && WEXITSTATUS(state) == 0) return output;
  return fail(errc::internal, argv[0] + " failed", {}, output.empty() ? "no output" : output);
}

result<child> child::start(const std::vector<std::string>& argv, const child_options& options) {
  int output = -1;
  if (options.log) {
    output = ::open(options.log->c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (output < 0) return system_failure("cannot write " + options.log->string());
  }
  const auto words = pointers(argv);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) exec_child(words, options, output, parent);
  if (output >= 0) ::close(output);
  if (pid < 0) return system_failure("fork");
  return child{pid};
}

child::child(child&& other) noexcept : pid_{std::exchange(other.pid_, -1)}, exit_status_{other.exit_status_} {}

child& child::operator=(child&& other) noexcept {
  pid_ = std::exchange(other.pid_, -1);
  exit_status_ = other.exit_status_;
  return *this;
}

std::optional<int> child::poll() {
  if (exit_status_ || pid_ < 0) return exit_status_;
  int state = 0;
  if (::waitpid(pid_, &state, WNOHANG) == pid_)
    exit_status_ = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
  return exit_status_;
}

void child::signal(int number) noexcept {
  if (pid_ > 0 && !exit_status_) ::kill(pid_, number);
}

bool child::wait(std::chrono::milliseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (!poll()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

void child::stop(std::chrono::milliseconds grace) {
  if (poll()) return;
  signal(SIGTERM);
  if (wait(grace)) return;
  signal(SIGKILL);
  wait(grace);
}

}  // namespace quorate::app
