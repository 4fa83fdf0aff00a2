// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace quorate::db::detail {

/// "2026-06-01 10:00:00.12+00" as PostgreSQL writes it → "2026-06-01T10:00:00.120000+00:00": six fractional digits, or
/// none when the microseconds are 0 (docs/spec/database.md §2.1 "timestamps"). Anything else (infinity) is left as it
/// is.
std::string iso_timestamp(std::string_view postgres);

}  // namespace quorate::db::detail
