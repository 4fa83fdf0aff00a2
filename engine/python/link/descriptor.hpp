// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "chain/descriptor.hpp"
#include "chain/hex.hpp"

/// How the engine's processes talk: descriptors, frames on them, and the host's socket.
namespace quorate::engine::python {

using chain::descriptor;

/// All of it, whatever signals come; false at the end of the stream or on an error. Never raises SIGPIPE on sockets.
bool read_all(int number, std::span<std::uint8_t> out);
bool write_all(int number, chain::bytes_view data);

}  // namespace quorate::engine::python
