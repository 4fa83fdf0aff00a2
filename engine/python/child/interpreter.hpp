// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>

#include "engine/python/vm/machine.hpp"

/// CPython in this process. All functions are for the one thread that there is.
namespace quorate::engine::python {

/// Starts the interpreter (isolated, no site, hash seed 0, UTF-8), imports the SDK and goes through a run without
/// running anything. errc::internal with the traceback in `detail`.
status start_interpreter();

/// Calls genlayer._engine.run.run: comes back only when the run did not end in gl_call.
run_report run_contract(const chain::bytes& code, const chain::bytes& message, bool debug,
                        const chain::bytes& compiled);
/// Calls genlayer._engine.run.rehearse, likewise.
run_report run_sample();
/// Calls genlayer._engine.run.nested, likewise.
run_report run_nested_function(entry_kind kind, const chain::bytes& data, const chain::bytes* stage);
/// Calls genlayer._engine.run.compile_contract; empty when the code does not compile, whose reasons a run will tell.
chain::bytes compile_contract(const chain::bytes& code, bool debug);

/// Forks, and CPython hears of it: the child's number, 0 in the child, negative when there is none. Not libc's fork:
/// that asks for more than a run's filter of system calls allows, for threads that do not exist here.
pid_t fork_interpreter();
/// The child calls it before anything else of Python.
void after_fork_in_child();

}  // namespace quorate::engine::python
