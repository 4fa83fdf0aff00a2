// SPDX-License-Identifier: MIT
// Any text for any option, in any notation that it may come in: refused, or a value that survives being written and
// read.
#include <cstddef>
#include <cstdint>

#include "config/text.hpp"
#include "tests/fuzz/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quorate::config;
  if (size < 2) return 0;
  const auto options = table();
  const auto& option = options[data[0] % options.size()];
  auto written = notation::own;
  if (option.kind == kind::duration) written = data[1] % 2 == 0 ? notation::seconds : notation::minutes;
  if (option.kind == kind::boolean) written = notation::exactly_true;
  if (data[1] % 3 == 0) written = notation::own;
  const auto value = parse(option, quorate::fuzz::text_of(data + 2, size - 2), written);
  if (!value) return 0;
  const auto again = parse(option, to_text(option, *value));
  quorate::fuzz::check(again.has_value() && *again == *value);
  return 0;
}
