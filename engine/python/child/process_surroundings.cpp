// SPDX-License-Identifier: MIT
#include "engine/python/child/process_surroundings.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <new>

#include "engine/python/child/interpreter.hpp"
#include "engine/python/determinism/world.hpp"
#include "engine/python/link/frames.hpp"
#include "engine/python/link/orders.hpp"

namespace quorate::engine::python {

namespace {

std::atomic<bool>& shared_flag() {
  void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) _exit(1);
  return *new (page) std::atomic<bool>{false};
}

int reap(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

process_surroundings::process_surroundings(run_streams streams, const chain::address20& contract, storage_mode mode)
    : streams_{streams},
      contract_{contract},
      mode_{mode},
      host_{streams.host, shared_flag()},
      report_stream_{streams.control} {}

vm_status process_surroundings::read(const slot_id& slot, std::uint32_t offset, std::span<std::uint8_t> out) {
  return host_.read(mode_, contract_, slot, offset, out);
}

vm_result<chain::integer> process_surroundings::balance(const chain::address20& account) {
  return host_.balance(account);
}

vm_result<run_report> process_surroundings::call_contract(const run_message& message, const permissions& may,
                                                          storage_mode mode) {
  if (!send_frame(streams_.control, frame_kind::call, encode_call({message, may, mode}))) return refuse(vm_errno::io);
  const auto received = receive_frame(streams_.control);
  if (!received || received->kind != frame_kind::called) return refuse(vm_errno::io);
  auto report = decode_report(received->content);
  if (!report) return refuse(vm_errno::io);
  return std::move(*report);
}

vm_result<chain::bytes> process_surroundings::ask_module(chain::bytes_view request) {
  if (!send_frame(streams_.control, frame_kind::ask, request)) return refuse(vm_errno::io);
  auto received = receive_frame(streams_.control);
  if (!received || received->kind != frame_kind::answered) return refuse(vm_errno::io);
  if (received->content.empty()) return refuse(vm_errno::inval);
  return std::move(received->content);
}

void process_surroundings::trace(std::string_view line) {
  send_frame(streams_.control, frame_kind::trace, chain::as_bytes(line));
}

run_report process_surroundings::fork(const std::function<void()>& body) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return run_report::vm_error("exit_code 1");
  descriptor reading{ends[0]}, writing{ends[1]};
  const pid_t child = fork_interpreter();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    after_fork_in_child();
    reading.reset();
    report_stream_ = writing.release();
    body();
    _exit(1);
  }
  writing.reset();
  if (child < 0) return run_report::vm_error("exit_code 1");
  const auto received = receive_frame(reading.get());
  const int status = reap(child);
  if (host_.is_torn()) finish(run_report::vm_error("exit_code 1"));
  auto report = received && received->kind == frame_kind::report ? decode_report(received->content)
                                                                 : result<run_report>{report_of_exit(status)};
  return report ? std::move(*report) : run_report::vm_error("exit_code 1");
}

run_report process_surroundings::run_nested(entry_kind kind, const chain::bytes& data, const chain::bytes* stage) {
  if (kind == entry_kind::consensus_stage) release_entropy();
  return run_nested_function(kind, data, stage);
}

void process_surroundings::finish(const run_report& report) {
  const bool sent = send_frame(report_stream_, frame_kind::report, encode_report(report));
  _exit(sent ? 0 : 1);
}

}  // namespace quorate::engine::python
