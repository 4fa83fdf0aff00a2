// SPDX-License-Identifier: MIT
#include "rpc/method.hpp"

#include <stdexcept>

namespace quorate::rpc {

work::work(db::unit_of_work<json_text> text)
    : start_{[text = std::move(text)](db::access access, actors::request_context& context) {
        context.run<json_text>(access, text, [&context](result<json_text> value) { context.reply(std::move(value)); });
      }} {}

work work::known(json_text answer) {
  return work{[answer = std::move(answer)](db::access, actors::request_context& context) { context.reply(answer); }};
}

void method_table::add(method m) {
  std::string name = m.name;
  if (!methods_.try_emplace(name, std::move(m)).second) throw std::logic_error{"method '" + name + "' is there twice"};
}

const method* method_table::find(std::string_view name) const {
  const auto found = methods_.find(name);
  return found == methods_.end() ? nullptr : &found->second;
}

}  // namespace quorate::rpc
