// SPDX-License-Identifier: MIT
#include "engine/python/child/run_process.hpp"

#include <unistd.h>

#include "chain/datetime.hpp"
#include "engine/python/child/interpreter.hpp"
#include "engine/python/child/native_module.hpp"
#include "engine/python/child/opening.hpp"
#include "engine/python/child/process_surroundings.hpp"
#include "engine/python/determinism/world.hpp"
#include "engine/python/link/frames.hpp"

namespace quorate::engine::python {

namespace {

/// Nobody is told why: the manager sees a run without a report, which is a VM error.
[[noreturn]] void give_up(const char* reason) {
  write_all(STDERR_FILENO, chain::as_bytes(reason));
  write_all(STDERR_FILENO, chain::as_bytes("\n"));
  _exit(1);
}

run_order take_order(int control) {
  const auto received = receive_frame(control);
  if (!received || received->kind != frame_kind::order) _exit(1);
  auto order = decode_order(received->content);
  if (!order) give_up(order.error().message.c_str());
  return std::move(*order);
}

[[noreturn]] void compile_only(const run_order& order, int control) {
  const auto made = compile_contract(*order.code, order.debug);
  run_report report;
  report.kind = result_kind::returned;
  report.data = chain::encode_calldata(chain::calldata_value{made}).value_or(chain::bytes{});
  send_frame(control, frame_kind::report, encode_report(report));
  _exit(0);
}

chain::bytes code_objects(const chain::bytes& code, int control) {
  const auto hash = chain::sha256(code);
  chain::bytes request{hash.begin(), hash.end()};
  request.insert(request.end(), code.begin(), code.end());
  if (!send_frame(control, frame_kind::compile, request)) _exit(1);
  auto received = receive_frame(control);
  if (!received || received->kind != frame_kind::compiled) _exit(1);
  return std::move(received->content);
}

void set_world(const run_message& message) {
  const auto now = chain::parse_datetime(message.datetime());
  if (!now) give_up("message.datetime is no date and time");
  freeze_clock({now->seconds, now->nanoseconds});
  seed_entropy(chain::sha3_256(message.encoded()));
}

}  // namespace

void run_process(run_streams streams, const confinement& walls, uid_t user) {
  run_order order = take_order(streams.control);
  process_surroundings outside{streams, order.message.contract(), order.mode};
  if (!walls.enter(user)) give_up("the process cannot be confined");
  set_world(order.message);
  if (order.compile_only && order.code) compile_only(order, streams.control);

  const auto code = order.code ? order.code : read_code(outside);
  if (!code) outside.end(run_report::vm_error("invalid_contract"));
  auto opening = read_opening(outside, order.message);
  if (!opening) outside.end(run_report::vm_error("invalid_contract"));
  if (!send_frame(streams.control, frame_kind::opening, encode_opening(*opening))) _exit(1);
  const auto compiled = code_objects(*code, streams.control);

  const auto message = order.message.encoded();
  machine run{{order.message, order.may, order.is_sync, std::move(order.leader_results), opening->balance,
               opening->locked, order.debug},
              outside};
  if (order.code && !run.place_code(*order.code)) outside.end(run_report::vm_error("host_forbidden"));
  set_current_machine(&run);
  outside.end(run_contract(*code, message, order.debug, compiled));
}

}  // namespace quorate::engine::python
