// SPDX-License-Identifier: MIT
#include "app/embedded/keeper.hpp"

#include "chain/log.hpp"

namespace quorate::app {

bool keeper::look(time_point now) {
  if (state_ == state::up) {
    const auto code = kept_.ended();
    if (!code) return true;
    if (now - since_ >= by_.settled) failures_ = 0;
    return failed("it ended with status " + std::to_string(*code), now);
  }
  if (state_ == state::pausing) {
    if (now < since_) return true;
    if (const auto launched = kept_.launch(); !launched) return failed(launched.error().message, now);
    state_ = state::starting;
  }
  const auto ready = kept_.ready();
  if (!ready) return failed(ready.error().message, now);
  if (!*ready) return true;
  log::event(log::level::info, "serve", kept_.name + " runs again");
  state_ = state::up;
  since_ = now;
  return true;
}

bool keeper::failed(const std::string& why, time_point now) {
  ++failures_;
  if (failures_ > by_.most && by_.gives_up) {
    log::event(log::level::error, "serve", kept_.name + " does not stay up; giving up",
               {{"reason", why}, {"failures", failures_}});
    return false;
  }
  const auto pause = by_.pause.delay(failures_ - 1);
  log::event(log::level::error, "serve", kept_.name + " is down; starting it again",
             {{"reason", why}, {"failures", failures_}, {"pause_ms", pause}});
  state_ = state::pausing;
  since_ = now + pause;
  return true;
}

}  // namespace quorate::app
