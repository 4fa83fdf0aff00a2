// SPDX-License-Identifier: MIT
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/result.hpp"

namespace quorate::engine::modules {

/// A pattern of Lua 5.4, as its `string.find` takes it: classes (%a %c %d %g %l %p %s %u %w %x and their opposites),
/// sets, the quantifiers * + - ?, captures and what refers back to them, %bxy, %f[set], ^ and $. Letters are ASCII's.
/// The keys of mocks are such patterns (docs/spec/genvm.md §4.2).
class lua_pattern {
 public:
  struct span {
    std::size_t begin = 0;  // offsets in the text, [begin, end)
    std::size_t end = 0;
    friend bool operator==(const span&, const span&) = default;
  };

  /// Never fails: as in Lua, a mistake counts only when a search comes to it.
  explicit lua_pattern(std::string_view pattern);

  /// The first match. errc::invalid_params "malformed pattern: …" for a mistake, and "pattern too complex" when a
  /// search took more than `most_steps`.
  result<std::optional<span>> find(std::string_view text) const;

  static constexpr std::uint64_t most_steps = 20'000'000;

 private:
  enum class kind : std::uint8_t { single, balance, frontier, open, close, back, end, mistake };
  enum class repeat : std::uint8_t { once, optional, greedy, lazy };
  struct item {
    kind what = kind::single;
    repeat times = repeat::once;
    std::uint8_t first = 0, second = 0;  // of %b; first: the capture's number
    std::uint32_t set = 0;               // of single and frontier
    const char* mistake = nullptr;
  };
  using char_set = std::bitset<256>;
  class compiler;
  class search;

  std::vector<item> items_;
  std::vector<char_set> sets_;
  std::size_t captures_ = 0;
  bool anchored_ = false;
};

}  // namespace quorate::engine::modules
