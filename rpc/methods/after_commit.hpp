// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "rpc/method.hpp"

namespace quorate::rpc::methods {

/// Runs one writing unit of work, then `after` if it was committed, then answers with what `format` makes of its value:
/// the locks are gone by then.
template <class T, class Format>
void reply_after_commit(actors::request_context& context, db::unit_of_work<T> work, std::function<void()> after,
                        Format format) {
  context.run<T>(db::access::read_write, std::move(work),
                 [&context, after = std::move(after), format = std::move(format)](const result<T>& value) {
                   if (value && after) after();
                   context.reply(value.map([&](const T& done) -> json_text { return format(done); }));
                 });
}
inline void reply_after_commit(actors::request_context& context, db::unit_of_work<json_text> work,
                               std::function<void()> after) {
  reply_after_commit(context, std::move(work), std::move(after), [](const json_text& text) { return text; });
}

}  // namespace quorate::rpc::methods
