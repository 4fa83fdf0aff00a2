// SPDX-License-Identifier: MIT
#include <dlfcn.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>

#include "engine/python/determinism/world.hpp"

/// Functions of libc that an executable may define in its place: Python's clock and entropy come from here. In a run's
/// process they say what the message says; in all others, what the system says.
namespace {

using quorate::engine::python::frozen_clock;

using clock_function = int (*)(clockid_t, timespec*);

int real_clock(clockid_t clock, timespec* out) {
  // The next one in line is libc's, which needs no system call.
  static const auto next = reinterpret_cast<clock_function>(dlsym(RTLD_NEXT, "clock_gettime"));
  return next ? next(clock, out) : static_cast<int>(syscall(SYS_clock_gettime, clock, out));
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* out) {
  if (const auto now = frozen_clock()) {
    *out = *now;
    return 0;
  }
  return real_clock(clock, out);
}

int gettimeofday(timeval* out, void*) {
  timespec now{};
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  *out = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

time_t time(time_t* out) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}

/// Where time stands still, nobody waits for it.
int clock_nanosleep(clockid_t clock, int flags, const timespec* wanted, timespec* left) {
  if (frozen_clock()) return 0;
  return syscall(SYS_clock_nanosleep, clock, flags, wanted, left) == 0 ? 0 : errno;
}

int nanosleep(const timespec* wanted, timespec* left) {
  if (frozen_clock()) return 0;
  return static_cast<int>(syscall(SYS_nanosleep, wanted, left));
}

ssize_t getrandom(void* out, size_t size, unsigned flags) {
  if (quorate::engine::python::fill_entropy({static_cast<std::uint8_t*>(out), size})) return static_cast<ssize_t>(size);
  return syscall(SYS_getrandom, out, size, flags);
}

int getentropy(void* out, size_t size) {
  if (size > 256) {
    errno = EIO;
    return -1;
  }
  return getrandom(out, size, 0) == static_cast<ssize_t>(size) ? 0 : -1;
}

/// The number of a process differs from run to run.
pid_t getpid() {
  if (frozen_clock()) return 2;
  return static_cast<pid_t>(syscall(SYS_getpid));
}

/// The machine is another one on every node.
int uname(utsname* out) {
  if (!frozen_clock()) return static_cast<int>(syscall(SYS_uname, out));
  *out = {};
  std::strcpy(out->sysname, "Linux");
  std::strcpy(out->nodename, "genvm");
  std::strcpy(out->release, "1");
  std::strcpy(out->version, "1");
  std::strcpy(out->machine, "x86_64");
  return 0;
}

}  // extern "C"
