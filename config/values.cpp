// SPDX-License-Identifier: MIT
#include "config/values.hpp"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "config/text.hpp"

namespace quorate::config {

values::values() {
  for (const auto& o : table()) {
    auto parsed = parse(o, o.fallback);
    if (!parsed) throw std::logic_error(fmt::format("default of {} {}", o.key, parsed.error().message));
    by_key_.emplace(o.key, chosen{std::move(*parsed), source::fallback, {}});
  }
}

const chosen& values::at(std::string_view key) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) throw std::logic_error(fmt::format("no option is named {}", key));
  return found->second;
}

void values::set(std::string_view key, chosen value) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) throw std::logic_error(fmt::format("no option is named {}", key));
  found->second = std::move(value);
}

template <class T>
const T& values::get(std::string_view key) const {
  const auto* held = std::get_if<T>(&at(key).value);
  if (held == nullptr) throw std::logic_error(fmt::format("option {} is read as another kind", key));
  return *held;
}

const std::string& values::text(std::string_view key) const { return get<std::string>(key); }
std::int64_t values::whole(std::string_view key) const { return get<std::int64_t>(key); }
double values::real(std::string_view key) const { return get<double>(key); }
bool values::boolean(std::string_view key) const { return get<bool>(key); }
std::chrono::milliseconds values::duration(std::string_view key) const { return get<std::chrono::milliseconds>(key); }
const std::vector<std::string>& values::list(std::string_view key) const { return get<std::vector<std::string>>(key); }

difference compare(const values& running, const values& loaded) {
  difference out;
  for (const auto& o : table()) {
    if (running.at(o.key).value != loaded.at(o.key).value) {
      (o.reloadable ? out.reloadable : out.needs_restart).emplace_back(o.key);
    }
  }
  return out;
}

}  // namespace quorate::config
