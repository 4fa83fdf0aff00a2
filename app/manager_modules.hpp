// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "actors/pool/pool.hpp"
#include "db/notifications.hpp"
#include "db/validators.hpp"
#include "engine/host/executor.hpp"

namespace quorate::app {

/// Keeps the modules of a GenVM manager that others run: its language models are those of the validators, as they are
/// now, and its web module has our webdriver (docs/spec/genvm.md §1.2 `/module/start`). An engine of ours needs none of
/// it, for runs bring their models along. Thread-safe.
class manager_modules : public std::enable_shared_from_this<manager_modules> {
 public:
  using rows = std::vector<db::validator_row>;

  /// `webdriver` empty: the manager keeps the web module that it has. `read`: the validators.
  manager_modules(engine::host::executor& manager, actors::pool& connections, std::string webdriver,
                  db::unit_of_work<rows> read = db::validators::all)
      : manager_{manager}, pool_{connections}, webdriver_{std::move(webdriver)}, read_{std::move(read)} {}

  /// Tells all of it, again and again until the manager has taken it.
  void start();
  /// Something has changed in the database.
  void changed(const db::change& what);
  /// Nothing is begun any more.
  void close();

 private:
  using on_done = std::function<void(status)>;

  bool is_closed();
  void tell_models();
  void tell_models(const rows& validators);
  void tell_web();
  void restart(const char* module, chain::json config, const on_done& done);
  void told(const status& how);
  void later(void (manager_modules::*what)());

  engine::host::executor& manager_;
  actors::pool& pool_;
  const std::string webdriver_;
  const db::unit_of_work<rows> read_;
  std::mutex mutex_{};
  bool is_telling_ = false;  // guarded by mutex_, as the rest
  bool has_changed_ = false;
  bool is_closed_ = false;
};

}  // namespace quorate::app
