// SPDX-License-Identifier: MIT
#include "app/manager_modules.hpp"

#include "chain/log.hpp"
#include "rpc/methods/model_backends.hpp"

namespace quorate::app {

namespace {

constexpr std::chrono::seconds reading_patience{10};
constexpr std::chrono::seconds manager_patience{30};
constexpr std::chrono::seconds pause{5};

bool is_of_validators(const db::change& what) {
  using kind = db::change::kind;
  return what.what == kind::validator_created || what.what == kind::validator_updated ||
         what.what == kind::validator_deleted || what.what == kind::validators_deleted;
}

/// Each under the name that a run's host_data has for it.
chain::json backends_of(const manager_modules::rows& validators) {
  using namespace rpc::methods;
  chain::json out = chain::json::object();
  for (const auto& one : validators) {
    if (one.address) out[backend_name(*one.address)] = backend_of(model_of(one));
  }
  return out;
}

void complain(const char* what, const error& why) {
  log::event(log::level::warning, "engine", what, {{"error", why.message}, {"detail", why.detail}});
}

}  // namespace

void manager_modules::start() {
  if (!webdriver_.empty()) tell_web();
  tell_models();
}

void manager_modules::changed(const db::change& what) {
  if (is_of_validators(what)) tell_models();
}

void manager_modules::close() {
  const std::lock_guard lock{mutex_};
  is_closed_ = true;
}

bool manager_modules::is_closed() {
  const std::lock_guard lock{mutex_};
  return is_closed_;
}

void manager_modules::tell_models() {
  {
    const std::lock_guard lock{mutex_};
    has_changed_ = true;
    if (is_closed_ || std::exchange(is_telling_, true)) return;
    has_changed_ = false;
  }
  pool_.submit(actors::make_job<rows>(actors::work_class::background, actors::clock::now() + reading_patience,
                                      db::access::single_statement, "manager_modules", read_,
                                      [self = shared_from_this()](const result<rows>& read) {
                                        if (!read) return self->told(tl::unexpected{read.error()});
                                        self->tell_models(*read);
                                      }));
}

void manager_modules::tell_models(const rows& validators) {
  restart("Llm", {{"backends", backends_of(validators)}},
          [self = shared_from_this()](const status& how) { self->told(how); });
}

/// What has changed meanwhile is told at once, and what failed after a pause.
void manager_modules::told(const status& how) {
  if (!how) complain("the manager has not taken the validators' models", how.error());
  bool again = false;
  {
    const std::lock_guard lock{mutex_};
    is_telling_ = false;
    again = std::exchange(has_changed_, false);
  }
  if (!how) return later(&manager_modules::tell_models);
  if (again) tell_models();
}

void manager_modules::tell_web() {
  restart("Web", {{"webdriver_host", webdriver_}}, [self = shared_from_this()](const status& how) {
    if (how) return;
    complain("the manager has not taken the webdriver", how.error());
    self->later(&manager_modules::tell_web);
  });
}

/// A module that runs already is stopped first; that one which does not cannot be is no news.
void manager_modules::restart(const char* module, chain::json config, const on_done& done) {
  if (is_closed()) return;
  manager_.post("/module/stop", {{"module_type", module}}, manager_patience,
                [self = shared_from_this(), module, config = std::move(config), done](const auto&) mutable {
                  chain::json request{{"module_type", module}, {"config", std::move(config)}};
                  // A network without validators is one.
                  request["allow_empty_backends"] = true;
                  self->manager_.post("/module/start", std::move(request), manager_patience,
                                      [done](const result<chain::json>& answer) {
                                        done(answer ? status{} : status{tl::unexpected{answer.error()}});
                                      });
                });
}

void manager_modules::later(void (manager_modules::*what)()) {
  if (is_closed()) return;
  manager_.after(pause, [self = shared_from_this(), what] { ((*self).*what)(); });
}

}  // namespace quorate::app
