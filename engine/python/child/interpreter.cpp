// SPDX-License-Identifier: MIT
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <memory>

#include "engine/python/child/interpreter.hpp"
#include "engine/python/child/native_module.hpp"
#include "engine/python/child/sdk_archive.hpp"
#include "engine/python/embedded_bootstrap.hpp"

namespace quorate::engine::python {

namespace {

struct dereference {
  void operator()(PyObject* object) const { Py_XDECREF(object); }
};
using reference = std::unique_ptr<PyObject, dereference>;

/// Looked up once, for every run uses them.
struct entry_points {
  PyObject* run = nullptr;
  PyObject* nested = nullptr;
  PyObject* compile = nullptr;
  PyObject* rehearse = nullptr;
};
entry_points entries;

reference to_python(const chain::bytes& data) {
  return reference{
      PyBytes_FromStringAndSize(reinterpret_cast<const char*>(data.data()), static_cast<Py_ssize_t>(data.size()))};
}

reference none_reference() {
  Py_INCREF(Py_None);
  return reference{Py_None};
}

/// An exit code, or the code of a VM error; anything else, exceptions too, is a failed run.
run_report report_of(PyObject* given) {
  const reference value{given};
  if (value && PyUnicode_Check(value.get())) {
    Py_ssize_t size = 0;
    if (const char* text = PyUnicode_AsUTF8AndSize(value.get(), &size)) {
      return run_report::vm_error({text, static_cast<std::size_t>(size)});
    }
  }
  if (value && PyLong_Check(value.get())) {
    const long code = PyLong_AsLong(value.get());
    if (code > 0 && code < 256) return run_report::vm_error("exit_code " + std::to_string(code));
  }
  if (PyErr_Occurred()) PyErr_Print();
  return run_report::vm_error("exit_code 1");
}

std::string pending_error() {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  const reference own_type{type}, own_value{value}, own_trace{trace};
  const reference text{value ? PyObject_Str(value) : nullptr};
  const char* shown = text ? PyUnicode_AsUTF8(text.get()) : nullptr;
  std::string out = type ? reinterpret_cast<PyTypeObject*>(type)->tp_name : "error";
  return out + ": " + (shown ? shown : "unknown");
}

status initialize() {
  PyPreConfig before;
  PyPreConfig_InitIsolatedConfig(&before);
  before.utf8_mode = 1;
  if (PyStatus_Exception(Py_PreInitialize(&before))) return fail(errc::internal, "Python cannot be set up");
  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  config.site_import = 0;
  config.use_hash_seed = 1;
  config.hash_seed = 0;
  config.write_bytecode = 0;
  config.install_signal_handlers = 0;
  config.parse_argv = 0;
  PyConfig_SetString(&config, &config.program_name, L"/usr/bin/python3");
  const PyStatus started = Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  if (PyStatus_Exception(started)) return fail(errc::internal, "Python cannot be started", {}, started.err_msg);
  return {};
}

/// Runs the bootstrap, which makes the SDK importable from memory and gives the entry points.
status load_sdk() {
  const reference globals{PyDict_New()};
  const auto archive = sdk_archive();
  const reference data{PyBytes_FromStringAndSize(reinterpret_cast<const char*>(archive.data()),
                                                 static_cast<Py_ssize_t>(archive.size()))};
  PyDict_SetItemString(globals.get(), "__builtins__", PyEval_GetBuiltins());
  PyDict_SetItemString(globals.get(), "SDK", data.get());
  const std::string source{embedded::bootstrap};
  const reference ran{PyRun_String(source.c_str(), Py_file_input, globals.get(), globals.get())};
  if (!ran) return fail(errc::internal, "The SDK cannot be loaded", {}, pending_error());
  const auto take = [&](const char* name) {
    PyObject* found = PyDict_GetItemString(globals.get(), name);
    Py_XINCREF(found);
    return found;
  };
  entries = {take("run"), take("nested"), take("compile_contract"), take("rehearse")};
  if (!entries.run || !entries.nested || !entries.compile || !entries.rehearse)
    return fail(errc::internal, "The SDK has no entry points");
  return {};
}

}  // namespace

status start_interpreter() {
  if (!register_native_module()) return fail(errc::internal, "Python cannot take the native module");
  if (auto done = initialize(); !done) return done;
  return load_sdk();
}

run_report run_contract(const chain::bytes& code, const chain::bytes& message, bool debug,
                        const chain::bytes& compiled) {
  const reference arguments{PyTuple_Pack(2, to_python(code).get(), to_python(message).get())};
  const reference options{PyDict_New()};
  PyDict_SetItemString(options.get(), "debug", debug ? Py_True : Py_False);
  if (!compiled.empty()) PyDict_SetItemString(options.get(), "compiled", to_python(compiled).get());
  return report_of(PyObject_Call(entries.run, arguments.get(), options.get()));
}

run_report run_sample() { return report_of(PyObject_CallNoArgs(entries.rehearse)); }

run_report run_nested_function(entry_kind kind, const chain::bytes& data, const chain::bytes* stage) {
  const reference number{PyLong_FromLong(static_cast<long>(kind))};
  const reference given = stage ? to_python(*stage) : none_reference();
  const reference token = to_python(data);
  return report_of(PyObject_CallFunctionObjArgs(entries.nested, number.get(), token.get(), given.get(), nullptr));
}

chain::bytes compile_contract(const chain::bytes& code, bool debug) {
  const reference arguments{PyTuple_Pack(1, to_python(code).get())};
  const reference options{PyDict_New()};
  PyDict_SetItemString(options.get(), "debug", debug ? Py_True : Py_False);
  const reference made{PyObject_Call(entries.compile, arguments.get(), options.get())};
  if (!made || !PyBytes_Check(made.get())) {
    PyErr_Clear();
    return {};
  }
  const auto* start = reinterpret_cast<const std::uint8_t*>(PyBytes_AS_STRING(made.get()));
  return {start, start + PyBytes_GET_SIZE(made.get())};
}

pid_t fork_interpreter() {
  PyOS_BeforeFork();
  const auto child = static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
  if (child != 0) PyOS_AfterFork_Parent();
  return child;
}
void after_fork_in_child() { PyOS_AfterFork_Child(); }

}  // namespace quorate::engine::python
