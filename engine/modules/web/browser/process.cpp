// SPDX-License-Identifier: MIT
#include "engine/modules/web/browser/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <vector>

namespace quorate::engine::modules {

namespace {

/// Nobody else's: below those of contract runs (engine/python/zygote/messages.hpp).
constexpr uid_t browser_user = 0x6fff0000;
/// Where Chromium has the protocol.
constexpr int protocol_in = 3, protocol_out = 4;

constexpr unsigned namespaces = CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;

/// All that the child needs, made before there is one: after the clone only system calls are safe.
struct launch_plan {
  std::vector<std::string> words;
  std::vector<std::string> variables;
  std::string users, groups;  // of the user namespace
  bool is_root = false;
  int channel = -1;
};

launch_plan plan_for(const std::string& program, const std::string& folder, int channel) {
  launch_plan plan;
  plan.words = {program, "--headless=new", "--remote-debugging-pipe", "--user-data-dir=" + folder,
                "--window-size=960,540",
                // There is nothing behind the network namespace; without these the browser waits for it all the same.
                "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=direct://", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-domain-reliability", "--no-pings",
                // A page has the whole browser for itself, so its frames may share a process.
                "--disable-site-isolation-trials",
                "--disable-features=IsolateOrigins,site-per-process,MediaRouter,Translate", "--disable-gpu",
                "--disable-dev-shm-usage", "--disable-extensions", "--disable-breakpad", "--disable-default-apps",
                "--no-first-run", "--no-default-browser-check", "--mute-audio", "--js-flags=--max-old-space-size=512",
                "--hide-scrollbars", "--force-device-scale-factor=1", "--force-color-profile=srgb", "about:blank"};
  plan.variables = {"HOME=" + folder,
                    "TMPDIR=" + folder,
                    "PATH=/usr/bin:/bin",
                    "LANG=C.UTF-8",
                    "TZ=UTC",
                    "DBUS_SESSION_BUS_ADDRESS=disabled:",
                    "DBUS_SYSTEM_BUS_ADDRESS=disabled:"};
  plan.is_root = geteuid() == 0;
  plan.users = std::to_string(geteuid()) + " " + std::to_string(geteuid()) + " 1";
  plan.groups = std::to_string(getegid()) + " " + std::to_string(getegid()) + " 1";
  plan.channel = channel;
  return plan;
}

/// Of vectors that live on.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (auto& one : texts) out.push_back(one.data());
  out.push_back(nullptr);
  return out;
}

bool write_file(const char* path, std::string_view text) {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  const bool written = file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (file >= 0) close(file);
  return written;
}

/// Only system calls: the memory is a copy of a process with threads.
[[noreturn]] void become_browser(const launch_plan& plan, char* const* words, char* const* variables) {
  // Where memory or processors are short, pages wait, and not the server.
  write_file("/proc/self/oom_score_adj", "1000");
  setpriority(PRIO_PROCESS, 0, 10);
  if (plan.is_root) {
    if (syscall(SYS_setgroups, 0, nullptr) != 0 ||
        syscall(SYS_setresgid, browser_user, browser_user, browser_user) != 0 ||
        syscall(SYS_setresuid, browser_user, browser_user, browser_user) != 0)
      _exit(1);
  } else if (!write_file("/proc/self/setgroups", "deny") || !write_file("/proc/self/uid_map", plan.users) ||
             !write_file("/proc/self/gid_map", plan.groups)) {
    _exit(1);
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int channel = fcntl(plan.channel, F_DUPFD, protocol_out + 1);
  const int nothing = open("/dev/null", O_RDWR);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nothing, standard);
  dup2(channel, protocol_in);
  dup2(channel, protocol_out);
  syscall(SYS_close_range, static_cast<unsigned>(protocol_out + 1), ~0u, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (chdir("/") != 0) _exit(1);
  execve(words[0], words, variables);
  _exit(1);
}

}  // namespace

std::string find_browser() {
  // The program itself: /usr/bin/chromium is a script that reads what users have set for themselves.
  constexpr const char* program = "/usr/lib/chromium/chromium";
  return access(program, X_OK) == 0 ? program : "";
}

result<std::unique_ptr<browser_process>> browser_process::start(const std::string& program) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return fail(errc::internal, "There are no descriptors left for a browser");
  chain::descriptor ours{ends[0]};
  const chain::descriptor theirs{ends[1]};
  fcntl(ours.get(), F_SETFL, O_NONBLOCK);
  std::string folder = (std::filesystem::temp_directory_path() / "quorate-browser-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr)
    return fail(errc::internal, "There is no folder for a browser", {}, std::strerror(errno));
  std::unique_ptr<browser_process> made{new browser_process{folder, std::move(ours)}};
  if (geteuid() == 0 && chown(folder.c_str(), browser_user, browser_user) != 0)
    return fail(errc::internal, "A browser's folder cannot be given to it", {}, std::strerror(errno));

  auto plan = plan_for(program, folder, theirs.get());
  const auto words = pointers_to(plan.words), variables = pointers_to(plan.variables);
  const unsigned flags = namespaces | (plan.is_root ? 0u : static_cast<unsigned>(CLONE_NEWUSER));
  made->pid_ = static_cast<pid_t>(syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0));
  if (made->pid_ == 0) become_browser(plan, words.data(), variables.data());
  if (made->pid_ < 0) return fail(errc::internal, "The kernel gives a browser no namespaces", {}, std::strerror(errno));
  return made;
}

browser_process::~browser_process() {
  if (pid_ > 0) {
    // It is the first of its process namespace: all others die with it.
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  std::error_code unimportant;
  std::filesystem::remove_all(folder_, unimportant);
}

}  // namespace quorate::engine::modules
