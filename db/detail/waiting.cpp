// SPDX-License-Identifier: MIT
#include "db/detail/waiting.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>

namespace quorate::db::detail {

wait_end wait_for(int socket, short events, std::chrono::steady_clock::time_point deadline, const stop_signal& stop) {
  using std::chrono::milliseconds;
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return wait_end::late;
    pollfd both[] = {{socket, events, 0}, {stop.fd(), POLLIN, 0}};
    const auto ready = ::poll(both, 2, static_cast<int>(std::min<milliseconds::rep>(left, 60'000)));
    if (ready < 0 && errno != EINTR) return wait_end::failed;
    if (ready > 0) return both[1].revents != 0 ? wait_end::stopped : wait_end::ready;
  }
}

}  // namespace quorate::db::detail
