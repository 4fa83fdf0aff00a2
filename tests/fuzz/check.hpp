// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <string_view>

namespace quorate::fuzz {

/// A property that every input must have; libFuzzer keeps the input that breaks it.
inline void check(bool holds) {
  if (!holds) std::abort();
}

inline std::string_view text_of(const unsigned char* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace quorate::fuzz
