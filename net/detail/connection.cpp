// SPDX-License-Identifier: MIT
#include "net/detail/connection.hpp"

#include <poll.h>

namespace quorate::net::detail {

bool peer_has_gone(int socket) {
  pollfd p{socket, POLLRDHUP, 0};
  return ::poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace quorate::net::detail
