// SPDX-License-Identifier: MIT
#include "engine/python/link/descriptor.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace quorate::engine::python {

bool read_all(int number, std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const auto count = ::read(number, out.data(), out.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    out = out.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

bool write_all(int number, chain::bytes_view data) {
  while (!data.empty()) {
    auto count = ::send(number, data.data(), data.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == ENOTSOCK) count = ::write(number, data.data(), data.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    data = data.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace quorate::engine::python
