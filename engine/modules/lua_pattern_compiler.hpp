// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <map>
#include <string>

#include "engine/modules/lua_pattern.hpp"

namespace quorate::engine::modules {

/// Reads a pattern once, left to right. There are no alternatives in Lua's patterns, so which capture is open where is
/// known here and needs no look while searching.
class lua_pattern::compiler {
 public:
  compiler(std::string_view pattern, lua_pattern& out) : rest_{pattern}, out_{out} {}
  void run();

 private:
  static constexpr std::size_t most_captures = 32;

  void one();
  void escape();
  void open();
  void close();
  void single(const char_set& set);
  /// Behind a `[`; nothing when it is not closed.
  std::optional<char_set> set();
  void add(item one) { out_.items_.push_back(one); }
  void mistake(const char* text);
  std::uint32_t number_of(const char_set& set);

  std::string_view rest_;
  lua_pattern& out_;
  std::vector<std::uint8_t> open_;  // captures that are not closed yet, the innermost last
  std::array<bool, most_captures> closed_{};
  std::map<std::string, std::uint32_t> numbers_;  // of sets, by their bits
};

}  // namespace quorate::engine::modules
