// SPDX-License-Identifier: MIT
#include "engine/python/confinement/seccomp_filter.hpp"

#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <memory>

#include "engine/python/link/descriptor.hpp"

namespace quorate::engine::python {

namespace {

/// Memory, its own descriptors, waiting, ending, and reading of what Landlock lets it read. No clock: the only one is
/// the message's datetime.
constexpr int allowed_calls[] = {
    SCMP_SYS(read),        SCMP_SYS(write),        SCMP_SYS(readv),          SCMP_SYS(writev),
    SCMP_SYS(pread64),     SCMP_SYS(sendto),       SCMP_SYS(recvfrom),       SCMP_SYS(close),
    SCMP_SYS(dup),         SCMP_SYS(lseek),        SCMP_SYS(fstat),          SCMP_SYS(newfstatat),
    SCMP_SYS(stat),        SCMP_SYS(lstat),        SCMP_SYS(access),         SCMP_SYS(openat),
    SCMP_SYS(open),        SCMP_SYS(getdents64),   SCMP_SYS(readlink),       SCMP_SYS(getcwd),
    SCMP_SYS(fcntl),       SCMP_SYS(pipe2),        SCMP_SYS(poll),           SCMP_SYS(mmap),
    SCMP_SYS(munmap),      SCMP_SYS(mremap),       SCMP_SYS(mprotect),       SCMP_SYS(madvise),
    SCMP_SYS(brk),         SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack), SCMP_SYS(futex),        SCMP_SYS(sched_yield),    SCMP_SYS(restart_syscall),
    SCMP_SYS(getrandom),   SCMP_SYS(getpid),       SCMP_SYS(gettid),         SCMP_SYS(getuid),
    SCMP_SYS(geteuid),     SCMP_SYS(getgid),       SCMP_SYS(getegid),        SCMP_SYS(wait4),
    SCMP_SYS(exit),        SCMP_SYS(exit_group)};

struct release_filter {
  void operator()(scmp_filter_ctx filter) const { seccomp_release(filter); }
};

tl::unexpected<error> failed(const char* what) { return fail(errc::internal, std::string{"seccomp: "} + what); }

/// The program as the kernel takes it; libseccomp writes it to a descriptor only.
result<std::vector<sock_filter>> exported(scmp_filter_ctx filter) {
  const descriptor file{memfd_create("filter", MFD_CLOEXEC)};
  if (!file || seccomp_export_bpf(filter, file.get()) != 0) return failed("the filter cannot be compiled");
  const auto size = lseek(file.get(), 0, SEEK_END);
  std::vector<sock_filter> out(static_cast<std::size_t>(size) / sizeof(sock_filter));
  const std::span<std::uint8_t> raw{reinterpret_cast<std::uint8_t*>(out.data()), out.size() * sizeof(sock_filter)};
  lseek(file.get(), 0, SEEK_SET);
  if (!read_all(file.get(), raw)) return failed("the filter cannot be read");
  return out;
}

}  // namespace

result<std::vector<sock_filter>> make_seccomp_filter() {
  const std::unique_ptr<void, release_filter> filter{seccomp_init(SCMP_ACT_ERRNO(EPERM))};
  if (!filter) return failed("no memory");
  for (const int call : allowed_calls) {
    if (seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) != 0) return failed("a rule is refused");
  }
  // A plain fork, by which the engine runs sandboxes; flags that make threads or namespaces are none. clone3 takes its
  // flags in memory, where no filter sees them.
  const scmp_arg_cmp plain_fork{0, SCMP_CMP_EQ, SIGCHLD, 0}, death_signal{0, SCMP_CMP_EQ, PR_SET_PDEATHSIG, 0};
  const int fork_rule = seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, &plain_fork);
  const int death_rule = seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, &death_signal);
  if (fork_rule != 0 || death_rule != 0) return failed("a rule is refused");
  return exported(filter.get());
}

bool install_seccomp_filter(const std::vector<sock_filter>& filter) noexcept {
  const sock_fprog program{static_cast<unsigned short>(filter.size()), const_cast<sock_filter*>(filter.data())};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

}  // namespace quorate::engine::python
