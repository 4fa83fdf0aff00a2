// SPDX-License-Identifier: MIT
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <new>

#include "engine/python/child/native_module.hpp"

namespace quorate::engine::python {

namespace {

machine* current_machine = nullptr;

/// A bytes-like argument for as long as a call takes.
class buffer_argument {
 public:
  buffer_argument() = default;
  buffer_argument(const buffer_argument&) = delete;
  buffer_argument& operator=(const buffer_argument&) = delete;
  ~buffer_argument() {
    if (view.obj) PyBuffer_Release(&view);
  }

  chain::bytes_view bytes() const {
    return {static_cast<const std::uint8_t*>(view.buf), static_cast<std::size_t>(view.len)};
  }
  std::span<std::uint8_t> writable() const {
    return {static_cast<std::uint8_t*>(view.buf), static_cast<std::size_t>(view.len)};
  }

  Py_buffer view{};
};

PyObject* raise(vm_errno number) {
  PyErr_SetString(PyExc_SystemError, text_of(number));
  return nullptr;
}

/// An offset of any size; the engine's errors are for those that no slot has.
bool offset_argument(PyObject* argument, std::uint64_t& out) {
  if (!PyLong_Check(argument)) {
    PyErr_SetString(PyExc_TypeError, "an offset is an int");
    return false;
  }
  int beyond = 0;
  const long long value = PyLong_AsLongLongAndOverflow(argument, &beyond);
  if (beyond > 0 || (beyond == 0 && value >= 0)) {
    out = beyond > 0 ? slot_size + 1 : static_cast<std::uint64_t>(value);
    return true;
  }
  raise(vm_errno::inval);
  return false;
}

/// No C++ exception passes through Python.
template <class F>
PyObject* guarded(F body) noexcept {
  if (!current_machine) {
    PyErr_SetString(PyExc_SystemError, "no contract is running");
    return nullptr;
  }
  try {
    return body(*current_machine);
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  } catch (const std::exception& thrown) {
    PyErr_Format(PyExc_SystemError, "%s (%s)", text_of(vm_errno::fault), thrown.what());
    return nullptr;
  }
}

PyObject* none_or(const vm_status& status) {
  if (!status) return raise(status.error());
  Py_RETURN_NONE;
}

PyObject* number_or_error(const vm_result<chain::integer>& value) {
  if (!value) return raise(value.error());
  return PyLong_FromString(value->str(0, std::ios_base::hex).c_str(), nullptr, 16);
}

PyObject* storage_read(PyObject*, PyObject* arguments) {
  buffer_argument slot, into;
  PyObject* position = nullptr;
  std::uint64_t offset = 0;
  if (!PyArg_ParseTuple(arguments, "y*Ow*:storage_read", &slot.view, &position, &into.view)) return nullptr;
  if (!offset_argument(position, offset)) return nullptr;
  return guarded([&](machine& run) { return none_or(run.storage_read(slot.bytes(), offset, into.writable())); });
}

PyObject* storage_write(PyObject*, PyObject* arguments) {
  buffer_argument slot, data;
  PyObject* position = nullptr;
  std::uint64_t offset = 0;
  if (!PyArg_ParseTuple(arguments, "y*Oy*:storage_write", &slot.view, &position, &data.view)) return nullptr;
  if (!offset_argument(position, offset)) return nullptr;
  return guarded([&](machine& run) { return none_or(run.storage_write(slot.bytes(), offset, data.bytes())); });
}

PyObject* get_balance(PyObject*, PyObject* arguments) {
  buffer_argument address;
  if (!PyArg_ParseTuple(arguments, "y*:get_balance", &address.view)) return nullptr;
  return guarded([&](machine& run) { return number_or_error(run.balance(address.bytes())); });
}

PyObject* get_self_balance(PyObject*, PyObject*) {
  return guarded([](machine& run) { return number_or_error(run.self_balance()); });
}

PyObject* keccak256(PyObject*, PyObject* arguments) {
  buffer_argument data;
  if (!PyArg_ParseTuple(arguments, "y*:keccak256", &data.view)) return nullptr;
  const auto hash = chain::keccak256(data.bytes());
  return PyBytes_FromStringAndSize(reinterpret_cast<const char*>(hash.data()), hash.size());
}

PyObject* gl_call(PyObject*, PyObject* arguments) {
  buffer_argument request;
  if (!PyArg_ParseTuple(arguments, "y*:gl_call", &request.view)) return nullptr;
  return guarded([&](machine& run) -> PyObject* {
    const auto answer = run.gl_call(request.bytes());
    if (!answer) return raise(answer.error());
    if (!*answer) Py_RETURN_NONE;
    return PyBytes_FromStringAndSize(reinterpret_cast<const char*>((*answer)->data()),
                                     static_cast<Py_ssize_t>((*answer)->size()));
  });
}

PyMethodDef native_methods[] = {{"storage_read", storage_read, METH_VARARGS, nullptr},
                                {"storage_write", storage_write, METH_VARARGS, nullptr},
                                {"get_balance", get_balance, METH_VARARGS, nullptr},
                                {"get_self_balance", get_self_balance, METH_NOARGS, nullptr},
                                {"keccak256", keccak256, METH_VARARGS, nullptr},
                                {"gl_call", gl_call, METH_VARARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};

PyModuleDef native_definition = {PyModuleDef_HEAD_INIT,
                                 "_genlayer_wasi",
                                 "What the engine offers to the SDK.",
                                 -1,
                                 native_methods,
                                 nullptr,
                                 nullptr,
                                 nullptr,
                                 nullptr};

PyObject* make_native_module() { return PyModule_Create(&native_definition); }

}  // namespace

bool register_native_module() { return PyImport_AppendInittab("_genlayer_wasi", make_native_module) == 0; }

void set_current_machine(machine* run) noexcept { current_machine = run; }

}  // namespace quorate::engine::python
