// SPDX-License-Identifier: MIT
#include "chain/json.hpp"
#include "chain/json_reader.hpp"
#include "tests/fuzz/check.hpp"

using namespace quorate;
using fuzz::check;

/// What is accepted is written back to the same value; passing over and building agree; and whatever another parser
/// takes is taken here (not the other way round: it refuses numbers beyond a double).
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const chain::json_limits limits{.depth = 200, .elements = 1'000'000};
  const auto value = chain::parse_json(text, limits);

  chain::json_reader reader{text, limits};
  const bool passed = reader.skip().has_value() && reader.finish();
  check(passed == value.has_value());

  if (value) {
    const std::string written = chain::dump_json(*value);
    const auto again = chain::parse_json(written, limits);
    check(again.has_value() && *again == *value && chain::dump_json(*again) == written);
    chain::json safe = *value;
    chain::make_json_safe(safe);
    check(chain::parse_json(chain::dump_json(safe), limits).has_value());
    if (const auto integer = chain::as_integer(*value))
      check(chain::as_integer(chain::make_number(*integer)) == integer);
  } else if (chain::json::accept(text)) {
    check(value.error().detail.starts_with("nested too deeply"));
  }
  return 0;
}
