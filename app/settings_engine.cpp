// SPDX-License-Identifier: MIT
#include "app/settings.hpp"

namespace quorate::app {

bool runs_contracts(const config::values& v) { return v.text("engine.manager_url") != "none"; }
bool embeds_engine(const config::values& v) { return v.text("engine.manager_url") == "embedded"; }

result<engine::host::executor_settings> executor_settings_of(const config::values& v) {
  engine::host::executor_settings s;
  auto address = engine::host::parse_manager_address(v.text("engine.manager_url"));
  if (!address) return fail(errc::invalid_params, "engine.manager_url: " + address.error().message);
  s.manager = std::move(*address);
  s.run_timeout = v.duration("engine.run_timeout");
  s.status_timeout = v.duration("engine.status_timeout");
  s.delete_timeout = v.duration("engine.delete_timeout");
  s.run_retries = static_cast<std::size_t>(v.whole("engine.run_retries"));
  s.run_retry_delay = v.duration("engine.run_retry_delay");
  return s;
}

actors::contract_run_limits contract_run_limits_of(const config::values& v) {
  actors::contract_run_limits s;
  s.slots = static_cast<std::size_t>(v.whole("engine.slots"));
  s.calls = static_cast<std::size_t>(v.whole("engine.calls_per_contract"));
  s.window = v.duration("engine.call_window");
  return s;
}

}  // namespace quorate::app
