// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

struct sockaddr;

namespace quorate::engine::modules {

using ipv4 = std::array<std::uint8_t, 4>;
using ipv6 = std::array<std::uint8_t, 16>;

/// Reachable from everywhere: not loopback, private, link-local (where clouds keep their metadata), multicast, reserved
/// or for documentation (the IANA special-purpose registries). An IPv6 address that holds an IPv4 one is as good as
/// that.
bool is_public(const ipv4& address);
bool is_public(const ipv6& address);
/// False for other families.
bool is_public(const sockaddr& address);

}  // namespace quorate::engine::modules
