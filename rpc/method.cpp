// SPDX-License-Identifier: MIT
#include "rpc/method.hpp"

#include <stdexcept>

namespace quorate::rpc {

void method_table::add(method m) {
  std::string name = m.name;
  if (!methods_.try_emplace(name, std::move(m)).second) throw std::logic_error{"method '" + name + "' is there twice"};
}

const method* method_table::find(std::string_view name) const {
  const auto found = methods_.find(name);
  return found == methods_.end() ? nullptr : &found->second;
}

}  // namespace quorate::rpc
