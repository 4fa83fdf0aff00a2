// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "rpc/method.hpp"

namespace quorate::rpc::methods {

/// Runs one writing unit of work, then `after` if it was committed, then answers with its value.
inline void reply_after_commit(actors::request_context& context, db::unit_of_work<json_text> work,
                               std::function<void()> after) {
  context.run<json_text>(db::access::read_write, std::move(work),
                         [&context, after = std::move(after)](result<json_text> value) {
                           if (value && after) after();
                           context.reply(std::move(value));
                         });
}

}  // namespace quorate::rpc::methods
