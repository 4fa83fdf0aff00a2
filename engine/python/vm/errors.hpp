// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <tl/expected.hpp>

/// The virtual machine of one run: what a contract may do, and what it did. Nothing here knows of Python.
namespace quorate::engine::python {

/// What is refused to a contract, by the numbers of docs/spec/genvm.md §2.10; contracts see `SystemError("6:
/// forbidden")`.
enum class vm_errno : std::uint8_t { overflow = 1, inval, fault, ilseq, io, forbidden, inbalance };

constexpr const char* text_of(vm_errno number) {
  constexpr const char* texts[] = {"0: success", "1: overflow", "2: inval",     "3: fault",
                                   "4: ilseq",   "5: io",       "6: forbidden", "7: inbalance"};
  return texts[static_cast<std::uint8_t>(number)];
}

template <class T>
using vm_result = tl::expected<T, vm_errno>;
using vm_status = vm_result<void>;

inline tl::unexpected<vm_errno> refuse(vm_errno number) { return tl::unexpected<vm_errno>{number}; }

}  // namespace quorate::engine::python
