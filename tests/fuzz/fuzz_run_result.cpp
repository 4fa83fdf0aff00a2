// SPDX-License-Identifier: MIT
#include "engine/host/contract_state.hpp"
#include "engine/host/failure.hpp"
#include "engine/host/receipt.hpp"
#include "engine/host/result_blob.hpp"
#include "tests/fuzz/check.hpp"

/// A result, as any manager may send it, up to its receipt.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quorate::engine::host;
  const auto outcome = decode_result({data, size});
  if (!outcome) return 0;
  quorate::fuzz::check(outcome->is_returned() || (outcome->storage.empty() && outcome->emissions.empty()));
  std::size_t bytes = 0;
  for (const auto& change : outcome->storage) bytes += change.offset + change.data.size();
  contract_state after;
  if (bytes < (1u << 20)) after.apply(outcome->storage);
  const auto receipt = make_receipt(*outcome, {}, after);
  quorate::fuzz::check(receipt.at("execution_result") == (outcome->is_returned() ? "SUCCESS" : "ERROR"));
  return 0;
}
