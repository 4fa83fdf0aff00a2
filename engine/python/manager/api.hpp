// SPDX-License-Identifier: MIT
#pragma once

#include "engine/python/manager/run_table.hpp"

namespace quorate::engine::python {

struct api_request {
  std::string_view method;
  std::string_view target;
  chain::bytes_view body;
};

struct api_response {
  unsigned status = 200;
  chain::json body{};
};

/// The manager's HTTP API (docs/spec/genvm.md §1.2), without HTTP.
class manager_api {
 public:
  manager_api(run_table& runs, module_port& modules, const zygote_client& zygote)
      : runs_{runs}, modules_{modules}, zygote_{zygote} {}

  /// Answers exactly once, now or later.
  void answer(const api_request& request, std::function<void(api_response)> done);

 private:
  api_response start_run(chain::bytes_view body);
  api_response show_run(std::string_view id);
  api_response remove_run(std::string_view id);
  api_response module(bool start, chain::bytes_view body);
  api_response show_status();

  run_table& runs_;
  module_port& modules_;
  const zygote_client& zygote_;
};

}  // namespace quorate::engine::python
