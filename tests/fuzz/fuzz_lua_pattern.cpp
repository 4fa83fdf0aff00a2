// SPDX-License-Identifier: MIT
// A search with any pattern in any text ends; what it finds lies in the text; and a pattern whose special characters
// are all escaped finds what std::string_view finds.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/modules/lua_pattern.hpp"
#include "tests/fuzz/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using quorate::engine::modules::lua_pattern;
  using quorate::fuzz::check;
  const auto input = quorate::fuzz::text_of(data, size);
  const std::size_t cut = std::min(input.find('\n'), input.size());
  const auto pattern = input.substr(0, cut);
  const auto text = input.substr(std::min(cut + 1, input.size()));
  if (const auto found = lua_pattern{pattern}.find(text); found && *found)
    check((*found)->begin <= (*found)->end && (*found)->end <= text.size());

  std::string plain;
  for (const char c : pattern) {
    if (std::string_view{"^$*+?.([%-)]"}.find(c) != std::string_view::npos) plain += '%';
    plain += c;
  }
  const auto found = lua_pattern{plain}.find(text);
  const auto at = text.find(pattern);
  check(found && found->has_value() == (at != std::string_view::npos));
  check(!*found || ((*found)->begin == at && (*found)->end == at + pattern.size()));
  return 0;
}
