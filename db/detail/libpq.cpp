// SPDX-License-Identifier: MIT
#include "db/detail/libpq.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace quorate::db::detail {

line_state look(int socket) noexcept {
  char first = 0;
  const auto got = ::recv(socket, &first, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got < 0) {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? line_state::quiet : line_state::closed;
  }
  // 'E' opens an ErrorResponse; outside a statement the server sends one only to say why it is hanging up.
  return got == 0 || first == 'E' ? line_state::closed : line_state::talking;
}

std::string last_words(const PGconn* connection) {
  std::string text = connection != nullptr ? PQerrorMessage(connection) : "";
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace quorate::db::detail
