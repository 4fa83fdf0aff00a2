// SPDX-License-Identifier: MIT
#include "engine/python/confinement/confinement.hpp"

#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace quorate::engine::python {

namespace {

bool limit(__rlimit_resource what, std::uint64_t most) noexcept {
  const rlimit both{most, most};
  return setrlimit(what, &both) == 0;
}

bool become(uid_t user) noexcept {
  return setgroups(0, nullptr) == 0 && setresgid(user, user, user) == 0 && setresuid(user, user, user) == 0;
}

}  // namespace

result<confinement> confinement::prepare(run_limits limits, bool allow_without_seccomp) {
  confinement out;
  out.limits_ = limits;
  out.ruleset_ = make_landlock_ruleset();
  auto filter = make_seccomp_filter();
  const bool available = prctl(PR_GET_SECCOMP) >= 0;
  if (filter && available) {
    out.filter_ = std::move(*filter);
  } else if (!allow_without_seccomp) {
    return fail(errc::internal, "Contracts cannot be confined: this kernel has no seccomp");
  }
  return out;
}

bool confinement::enter(uid_t user) const noexcept {
  // Limits can be lowered by anybody, so they come first; the user before its privileges are gone for good.
  const bool bounded = limit(RLIMIT_AS, limits_.memory) && limit(RLIMIT_CPU, limits_.cpu_seconds) &&
                       limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, 32) &&
                       limit(RLIMIT_MEMLOCK, 0) && limit(RLIMIT_MSGQUEUE, 0) &&
                       limit(RLIMIT_STACK, std::uint64_t{8} << 20);
  if (!bounded) return false;
  if (geteuid() == 0 && (!limit(RLIMIT_NPROC, limits_.processes) || !become(user))) return false;
  if (prctl(PR_SET_DUMPABLE, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  if (ruleset_ && !enter_landlock(ruleset_)) return false;
  return filter_.empty() || install_seccomp_filter(filter_);
}

active_layers confinement::layers() const {
  active_layers out;
  out.seccomp = !filter_.empty();
  out.landlock = ruleset_ ? landlock_version() : 0;
  out.own_user = geteuid() == 0;
  return out;
}

}  // namespace quorate::engine::python
