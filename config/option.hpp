// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The one table of options (docs/design.md §6). From it come parsing, `--help`, `quorate config`, config/quorate.toml,
/// docs/configure.md and the man page; nothing else in the project knows a default or a bound of a setting. Only app
/// reads this folder and hands plain structs on.
namespace quorate::config {

enum class kind : std::uint8_t {
  text,
  url,    // empty, postgresql://… or libpq's key=value form; a driver suffix as in postgresql+psycopg2:// is dropped
  whole,  // int64
  real,
  boolean,   // true, false
  duration,  // "250ms", "30s", "30min", "1h"; held in milliseconds
  bytes,     // "2MiB", "16KiB", or a plain number
  list,      // of strings; comma-separated outside the file
};

/// The value of an option; which alternative is set follows from its kind (url: string, bytes: int64).
using setting =
    std::variant<std::string, std::int64_t, double, bool, std::chrono::milliseconds, std::vector<std::string>>;

/// How an environment variable of Studio writes its value.
enum class notation : std::uint8_t { own, seconds, minutes, exactly_true };

struct environment_name {
  std::string_view name;
  notation written = notation::own;
};

struct option {
  std::string_view key = {};  // "database.pool.size"
  config::kind kind = config::kind::text;
  std::string_view fallback = {};  // the default, written as in a flag
  double least = 0;                // bounds of whole, real, duration (milliseconds) and bytes
  double most = std::numeric_limits<double>::infinity();
  std::vector<std::string_view> choices = {};  // text only: the allowed words, in any letter case
  std::vector<environment_name> studio = {};   // besides its own QUORATE_… name, asked in this order
  std::string_view flag = {};                  // "--port", or empty: only `--set key=value`
  std::string_view help = {};                  // one sentence or two
  bool secret = false;                         // never printed; each environment name also works with _FILE
  bool reloadable = false;                     // SIGHUP applies a changed value to the running process
};

/// Every option, grouped by section, in the order in which people read about them.
std::span<const option> table();

/// Null when there is none of that name.
const option* find(std::string_view key);

/// `QUORATE_DATABASE_POOL_SIZE` for `database.pool.size`.
std::string own_environment_name(std::string_view key);

/// `1 to 65535`, `250ms or more`, `text or json`; empty when everything is allowed.
std::string allowed(const option& o);

}  // namespace quorate::config
