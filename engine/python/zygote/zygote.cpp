// SPDX-License-Identifier: MIT
#include "engine/python/zygote/zygote.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "engine/python/child/interpreter.hpp"
#include "engine/python/child/run_process.hpp"
#include "engine/python/zygote/messages.hpp"
#include "engine/python/zygote/page_plan.hpp"

namespace quorate::engine::python {

namespace {

/// Where descriptors are in the process of a run: the same numbers in every run, for contracts can see them.
constexpr run_streams streams_in_run{3, 4};
/// So long nothing must have happened before the next run's process is made ready: the run that was just begun goes
/// first.
constexpr int quiet_ms = 2;

class zygote {
 public:
  zygote(int orders, int signals, const confinement& walls) : orders_{orders}, signals_{signals}, walls_{walls} {}

  /// Before the first run, and after everything that allocates.
  void rehearse() {
    pages_.rehearse();
    if (pages_.empty())
      std::fprintf(stderr, "quorate-engine: the rehearsal of a run failed; runs are slower without it\n");
  }

  void serve() {
    for (;;) {
      // While nobody waits, the process of the next run is made ready.
      const bool may_prepare = spare_ < 0 && wants_spare_;
      pollfd waiting[] = {{orders_, POLLIN, 0}, {signals_, POLLIN, 0}};
      const int ready = poll(waiting, 2, may_prepare ? quiet_ms : -1);
      if (ready < 0 && errno != EINTR) return;
      if (ready == 0) prepare_spare();
      if (waiting[1].revents != 0) reap();
      if (waiting[0].revents != 0 && !take_order()) return;
    }
  }

 private:
  bool take_order() {
    zygote_order order;
    run_descriptors given;
    if (!receive_order(orders_, order, given)) return false;
    if (order.place >= zygote_places) return false;
    if (order.what == zygote_order::kind::start && given[0] >= 0) {
      start(order.place, given);
    } else if (order.what == zygote_order::kind::kill && pids_[order.place] > 0) {
      end(pids_[order.place]);
    }
    for (const int number : given) {
      if (number >= 0) close(number);
    }
    return true;
  }

  void start(std::uint32_t place, const run_descriptors& given) {
    wants_spare_ = true;
    if (hand_to_spare(place, given)) return;
    const pid_t child = fork_interpreter();
    if (child == 0) {
      leave_zygote();
      become_run(place, given);
    }
    if (child > 0) {
      pids_[place] = child;
    } else {
      send_news(orders_, {zygote_news::kind::ended, place, 0x7f00, {}});
    }
  }

  bool hand_to_spare(std::uint32_t place, const run_descriptors& given) {
    if (spare_ < 0) return false;
    const descriptor to_spare = std::move(to_spare_);
    const pid_t child = std::exchange(spare_, -1);
    if (!send_order(to_spare.get(), {zygote_order::kind::start, place}, &given)) return false;
    pids_[place] = child;
    return true;
  }

  /// A run's process that has all its pages, and waits to hear which run it is. Its memory is that of any other: which
  /// of them a run gets cannot be seen in it.
  void prepare_spare() {
    wants_spare_ = false;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return;
    descriptor ours{ends[0]};
    const descriptor theirs{ends[1]};
    const pid_t child = fork_interpreter();
    if (child == 0) become_spare(theirs.get());
    if (child < 0) return;
    spare_ = child;
    to_spare_ = std::move(ours);
  }

  [[noreturn]] void become_spare(int orders) {
    leave_zygote();
    pages_.fetch();
    zygote_order order;
    run_descriptors given;
    if (!receive_order(orders, order, given) || given[0] < 0) _exit(1);
    become_run(order.place, given);
  }

  static void leave_zygote() {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setsid();
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    after_fork_in_child();
  }

  [[noreturn]] void become_run(std::uint32_t place, const run_descriptors& given) {
    // The descriptors that came are above those that they become: the zygote's own come first.
    dup2(given[0], streams_in_run.host);
    dup2(given[1], streams_in_run.control);
    dup2(given[2], STDOUT_FILENO);
    dup2(given[3], STDERR_FILENO);
    const int wall = walls_.descriptor_number();
    const unsigned kept = wall < 5 ? 4u : static_cast<unsigned>(wall);
    if (kept > 5) syscall(SYS_close_range, 5u, kept - 1, 0);
    syscall(SYS_close_range, kept + 1, ~0u, 0);
    run_process(streams_in_run, walls_, first_run_user + place);
  }

  /// The run's whole process group: none of it can leave it.
  static void end(pid_t leader) {
    kill(-leader, SIGKILL);
    kill(leader, SIGKILL);
  }

  void reap() {
    signalfd_siginfo ignored[16];
    [[maybe_unused]] const auto taken = read(signals_, ignored, sizeof ignored);
    for (;;) {
      siginfo_t found{};
      if (waitid(P_ALL, 0, &found, WEXITED | WNOHANG | WNOWAIT) != 0 || found.si_pid == 0) return;
      // Its number stays taken until it is reaped, so this reaches nobody else.
      std::uint32_t place = 0;
      while (place < zygote_places && pids_[place] != found.si_pid) ++place;
      if (place < zygote_places) end(found.si_pid);
      int status = 0;
      waitpid(found.si_pid, &status, 0);
      if (found.si_pid == spare_) {
        spare_ = -1;
        to_spare_.reset();
      }
      if (place < zygote_places) {
        pids_[place] = 0;
        send_news(orders_, {zygote_news::kind::ended, place, status, {}});
      }
    }
  }

  int orders_;
  int signals_;
  const confinement& walls_;
  std::array<pid_t, zygote_places> pids_{};
  page_plan pages_{};
  pid_t spare_ = -1;
  descriptor to_spare_{};
  bool wants_spare_ = true;  // one that could not be had, or died, is tried again with the next run
};

int block_child_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/// Python asks its standard streams what they are when it starts, and those of runs are pipes.
status start_with_pipes() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return fail(errc::internal, "The engine has no descriptors left");
  const descriptor reading{ends[0]}, writing{ends[1]}, own{fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 5)};
  dup2(writing.get(), STDOUT_FILENO);
  dup2(writing.get(), STDERR_FILENO);
  auto started = start_interpreter();
  dup2(own.get(), STDERR_FILENO);
  return started;
}

/// Takes what is free between that which is in use, and keeps it. So what a run allocates comes together on fresh
/// pages, and not here and there on pages that are copied for it.
void fill_holes() {
  constexpr std::size_t largest = 64 * 1024, smallest = 24, step = 16;
  const auto place_of = [](void* block) { return reinterpret_cast<std::uintptr_t>(block); };
  void* const probe = malloc(largest + 1024);
  const auto top = place_of(probe);
  free(probe);
  for (std::size_t size = largest; size >= smallest; size -= step) {
    void* taken = malloc(size);
    while (taken && place_of(taken) < top) taken = malloc(size);
    free(taken);
  }
}

int refuse_to_serve(int orders, const error& reason) {
  std::fprintf(stderr, "quorate-engine: %s %s\n", reason.message.c_str(), reason.detail.c_str());
  send_news(orders, {zygote_news::kind::failed, 0, 0, {}});
  return 1;
}

}  // namespace

int serve_zygote(int orders, bool allow_without_seccomp) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  // It did its work (launch.cpp), and Python tells contracts what is there.
  unsetenv("LD_BIND_NOW");
  signal(SIGPIPE, SIG_IGN);
  const int signals = block_child_signals();
  const auto walls = confinement::prepare({}, allow_without_seccomp);
  if (!walls) return refuse_to_serve(orders, walls.error());
  if (const auto started = start_with_pipes(); !started) return refuse_to_serve(orders, started.error());
  static zygote self{orders, signals, *walls};
  fill_holes();
  self.rehearse();
  send_news(orders, {zygote_news::kind::ready, 0, 0, walls->layers()});
  self.serve();
  return 0;
}

}  // namespace quorate::engine::python
