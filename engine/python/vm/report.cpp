// SPDX-License-Identifier: MIT
#include "engine/python/vm/report.hpp"

#include <sys/wait.h>

#include "chain/utf8.hpp"
#include "engine/python/vm/fields.hpp"

namespace quorate::engine::python {

using chain::calldata_array;
using chain::calldata_map;
using chain::calldata_value;

chain::bytes run_report::result() const {
  chain::bytes out{static_cast<std::uint8_t>(kind)};
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

run_report run_report::vm_error(std::string_view code) {
  return {result_kind::vm_error, {code.begin(), code.end()}, {}, {}, {}, {}};
}

run_report report_of_exit(int status) {
  const int code = WIFEXITED(status) && WEXITSTATUS(status) != 0 ? WEXITSTATUS(status) : 1;
  return run_report::vm_error("exit_code " + std::to_string(code));
}

chain::bytes encode_report(const run_report& report) {
  calldata_map map;
  map.emplace("kind", number(static_cast<std::uint64_t>(report.kind)));
  map.emplace("data", report.data);
  map.emplace("storage", report.storage);
  map.emplace("emissions", report.emissions);
  map.emplace("nondet", report.nondet_results);
  if (report.disagreement) map.emplace("disagreement", number(*report.disagreement));
  return chain::encode_calldata(calldata_value{std::move(map)}).value_or(chain::bytes{});
}

quorate::result<run_report> decode_report(chain::bytes_view data) {
  auto value = chain::decode_calldata(data);
  if (!value) return tl::unexpected{value.error()};
  auto* map = std::get_if<calldata_map>(&value->held);
  if (!map) return fail(errc::invalid_params, "a report is a mapping");
  run_report out;
  const auto kind = find_number(*map, "kind", static_cast<std::uint64_t>(result_kind::vm_error));
  const auto* content = find_as<chain::bytes>(*map, "data");
  if (!kind || !content) return fail(errc::invalid_params, "a report has a kind and data");
  out.kind = static_cast<result_kind>(*kind);
  out.data = *content;
  const bool fine = out.kind == result_kind::returned
                        ? chain::decode_calldata(out.data).has_value()
                        : chain::is_utf8({reinterpret_cast<const char*>(out.data.data()), out.data.size()});
  if (!fine) return fail(errc::invalid_params, "a report's data must fit its kind");
  for (auto [name, target] : {std::pair{"storage", &out.storage}, std::pair{"emissions", &out.emissions},
                              std::pair{"nondet", &out.nondet_results}}) {
    const auto at = map->find(name);
    auto* list = at == map->end() ? nullptr : std::get_if<calldata_array>(&at->second.held);
    if (!list) return fail(errc::invalid_params, std::string{"a report's "} + name + " must be a list");
    *target = std::move(*list);
  }
  if (find(*map, "disagreement")) {
    const auto call = find_number(*map, "disagreement", std::numeric_limits<std::uint32_t>::max());
    if (!call) return fail(errc::invalid_params, "a report's disagreement must be a number");
    out.disagreement = static_cast<std::uint32_t>(*call);
  }
  return out;
}

}  // namespace quorate::engine::python
