// SPDX-License-Identifier: MIT
#include "engine/python/manager/blob.hpp"

#include "chain/keccak.hpp"

namespace quorate::engine::python {

namespace {

using chain::bytes;
using chain::calldata_array;
using chain::calldata_map;
using chain::calldata_value;

bytes with_kind(result_kind kind, const bytes& rest) {
  bytes out{static_cast<std::uint8_t>(kind)};
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

bytes encoded_map(calldata_map map) { return chain::encode_calldata(calldata_value{std::move(map)}).value_or(bytes{}); }

calldata_value data_of(const run_report& report) {
  if (report.kind != result_kind::returned) return calldata_value{std::string{report.data.begin(), report.data.end()}};
  return chain::decode_calldata(report.data).value_or(calldata_value{});
}

}  // namespace

bytes encode_result(const run_report& report, const calldata_array& fees_remaining) {
  calldata_map map;
  map.emplace("data", data_of(report));
  map.emplace("storage_changes", report.storage);
  map.emplace("emissions", report.emissions);
  map.emplace("nondet_results", report.nondet_results);
  const auto hash = chain::sha256(with_kind(report.kind, encoded_map(map)));
  map.emplace("execution_hash", bytes{hash.begin(), hash.end()});
  map.emplace("data_fees_remaining", fees_remaining);
  return with_kind(report.kind, encoded_map(std::move(map)));
}

bytes encode_internal_error(calldata_map details) {
  calldata_map map;
  map.emplace("data", std::move(details));
  return with_kind(result_kind::internal_error, encoded_map(std::move(map)));
}

}  // namespace quorate::engine::python
