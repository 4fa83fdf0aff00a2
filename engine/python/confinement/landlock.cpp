// SPDX-License-Identifier: MIT
#include "engine/python/confinement/landlock.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace quorate::engine::python {

namespace {

/// What imports read, the two libraries of Debian that contracts may import (child/bootstrap.py) with what they load,
/// and the time zones.
constexpr const char* readable_folders[] = {"/usr/lib/python3.11",
                                            "/usr/lib/python3/dist-packages/numpy",
                                            "/usr/lib/python3/dist-packages/PIL",
                                            "/usr/lib/x86_64-linux-gnu",
                                            "/usr/lib/aarch64-linux-gnu",
                                            "/lib/x86_64-linux-gnu",
                                            "/lib/aarch64-linux-gnu",
                                            "/usr/share/zoneinfo"};
constexpr std::uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

/// Rights of later versions than the headers' are named by their bits (Landlock's user space interface, stable).
std::uint64_t handled_rights(int version) {
  constexpr std::uint64_t first = (std::uint64_t{1} << 13) - 1;
  if (version < 2) return first;
  constexpr std::uint64_t refer = std::uint64_t{1} << 13, truncate = std::uint64_t{1} << 14,
                          device = std::uint64_t{1} << 15;
  return first | refer | (version >= 3 ? truncate : 0) | (version >= 5 ? device : 0);
}

}  // namespace

int landlock_version() noexcept {
  const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version > 0 ? static_cast<int>(version) : 0;
}

descriptor make_landlock_ruleset() {
  const int version = landlock_version();
  if (version == 0) return {};
  const landlock_ruleset_attr rights{handled_rights(version)};
  descriptor ruleset{static_cast<int>(syscall(SYS_landlock_create_ruleset, &rights, sizeof rights, 0))};
  if (!ruleset) return {};
  for (const char* folder : readable_folders) {
    const descriptor path{open(folder, O_PATH | O_CLOEXEC)};
    if (!path) continue;
    const landlock_path_beneath_attr beneath{reading, path.get()};
    syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
  }
  return ruleset;
}

bool enter_landlock(const descriptor& ruleset) noexcept {
  return ruleset && syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0;
}

}  // namespace quorate::engine::python
