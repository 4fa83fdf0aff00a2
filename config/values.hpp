// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/option.hpp"

namespace quorate::config {

/// Where a value came from, weakest first.
enum class source : std::uint8_t { fallback, file, environment, flag };

struct chosen {
  setting value;
  source from = source::fallback;
  std::string origin;  // "quorate.toml:12", "DATABASE_POOL_SIZE", "--port"; empty for a default
};

/// One value per option of the table. The getters name a key of the table; a wrong key or kind is a programming error
/// and throws std::logic_error, so a test that starts the program finds it.
class values {
 public:
  /// Every default.
  values();

  const std::string& text(std::string_view key) const;  // text and url
  std::int64_t whole(std::string_view key) const;       // whole and bytes
  double real(std::string_view key) const;
  bool boolean(std::string_view key) const;
  std::chrono::milliseconds duration(std::string_view key) const;
  const std::vector<std::string>& list(std::string_view key) const;

  const chosen& at(std::string_view key) const;
  void set(std::string_view key, chosen value);

 private:
  template <class T>
  const T& get(std::string_view key) const;
  std::map<std::string, chosen, std::less<>> by_key_;
};

/// What a reload changes: keys that the running process takes over, and keys that need a restart.
struct difference {
  std::vector<std::string> reloadable;
  std::vector<std::string> needs_restart;
};
difference compare(const values& running, const values& loaded);

}  // namespace quorate::config
