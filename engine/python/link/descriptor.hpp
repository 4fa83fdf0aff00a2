// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <utility>

#include "chain/hex.hpp"

/// How the engine's processes talk: descriptors, frames on them, and the host's socket.
namespace quorate::engine::python {

/// Owns an open descriptor.
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int number) noexcept : number_{number} {}
  descriptor(descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
  descriptor& operator=(descriptor&& other) noexcept;
  ~descriptor() { reset(); }

  int get() const noexcept { return number_; }
  int release() noexcept { return std::exchange(number_, -1); }
  void reset() noexcept;
  explicit operator bool() const noexcept { return number_ >= 0; }

 private:
  int number_ = -1;
};

/// All of it, whatever signals come; false at the end of the stream or on an error. Never raises SIGPIPE on sockets.
bool read_all(int number, std::span<std::uint8_t> out);
bool write_all(int number, chain::bytes_view data);

}  // namespace quorate::engine::python
