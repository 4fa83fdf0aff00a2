// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <type_traits>

#include "engine/python/confinement/layers.hpp"

/// What the manager and the zygote say to each other, over a socket that keeps messages apart and carries descriptors.
namespace quorate::engine::python {

/// A process has a place, which gives it its user; the manager chooses a free one.
inline constexpr std::uint32_t zygote_places = 1024;
/// The user of place 0, where root may choose: beyond those of any distribution.
inline constexpr std::uint32_t first_run_user = 0x70000000;

struct zygote_order {
  enum class kind : std::uint32_t { start, kill } what{};
  std::uint32_t place = 0;
};

struct zygote_news {
  enum class kind : std::uint32_t { ready, failed, ended } what{};
  std::uint32_t place = 0;
  std::int32_t status = 0;  // as of waitpid
  active_layers layers{};
};
static_assert(std::is_trivially_copyable_v<zygote_news>);

/// Of a run: host's socket, control stream, stdout, stderr. A run without a host has the control stream in its place.
using run_descriptors = std::array<int, 4>;

bool send_order(int socket, const zygote_order& order, const run_descriptors* descriptors) noexcept;
/// False at the end of the stream. The descriptors are the caller's to close; -1 where there are none.
bool receive_order(int socket, zygote_order& order, run_descriptors& descriptors) noexcept;
bool send_news(int socket, const zygote_news& news) noexcept;
/// 1 for a message, 0 when there is none now, -1 at the end.
int receive_news(int socket, zygote_news& news) noexcept;

}  // namespace quorate::engine::python
