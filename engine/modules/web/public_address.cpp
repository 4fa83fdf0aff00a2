// SPDX-License-Identifier: MIT
#include "engine/modules/web/public_address.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace quorate::engine::modules {

namespace {

template <std::size_t Size>
struct network {
  std::array<std::uint8_t, Size> prefix;
  unsigned bits;

  bool holds(const std::array<std::uint8_t, Size>& address) const {
    for (unsigned i = 0; i < bits; ++i) {
      const auto mask = static_cast<std::uint8_t>(0x80u >> i % 8);
      if ((address.at(i / 8) & mask) != (prefix.at(i / 8) & mask)) return false;
    }
    return true;
  }
};

constexpr std::array<network<4>, 15> closed_ipv4{{{{0}, 8},
                                                  {{10}, 8},
                                                  {{100, 64}, 10},
                                                  {{127}, 8},
                                                  {{169, 254}, 16},
                                                  {{172, 16}, 12},
                                                  {{192, 0, 0}, 24},
                                                  {{192, 0, 2}, 24},
                                                  {{192, 88, 99}, 24},
                                                  {{192, 168}, 16},
                                                  {{198, 18}, 15},
                                                  {{198, 51, 100}, 24},
                                                  {{203, 0, 113}, 24},
                                                  {{224}, 4},
                                                  {{240}, 4}}};

/// What is global at all, and what of that is not.
constexpr network<16> global_ipv6{{0x20}, 3};
constexpr std::array<network<16>, 3> closed_ipv6{
    {{{0x20, 0x01}, 23}, {{0x20, 0x01, 0x0d, 0xb8}, 32}, {{0x3f, 0xff}, 20}}};

/// Where an IPv4 address stands in an IPv6 one: mapped, translated (NAT64), 6to4.
struct holder {
  network<16> within;
  std::size_t at;
};
constexpr std::array<holder, 3> ipv4_holders{{{{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96}, 12},
                                              {{{0, 0x64, 0xff, 0x9b}, 96}, 12},
                                              {{{0x20, 0x02}, 16}, 2}}};

}  // namespace

bool is_public(const ipv4& address) {
  return std::none_of(closed_ipv4.begin(), closed_ipv4.end(), [&](const auto& one) { return one.holds(address); });
}

bool is_public(const ipv6& address) {
  for (const auto& one : ipv4_holders) {
    if (!one.within.holds(address)) continue;
    ipv4 inner{};
    std::copy_n(address.begin() + static_cast<std::ptrdiff_t>(one.at), inner.size(), inner.begin());
    return is_public(inner);
  }
  return global_ipv6.holds(address) &&
         std::none_of(closed_ipv6.begin(), closed_ipv6.end(), [&](const auto& one) { return one.holds(address); });
}

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in whole{};
    std::memcpy(&whole, &address, sizeof whole);
    ipv4 out{};
    std::memcpy(out.data(), &whole.sin_addr, out.size());
    return is_public(out);
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 whole{};
    std::memcpy(&whole, &address, sizeof whole);
    ipv6 out{};
    std::memcpy(out.data(), &whole.sin6_addr, out.size());
    return is_public(out);
  }
  return false;
}

}  // namespace quorate::engine::modules
