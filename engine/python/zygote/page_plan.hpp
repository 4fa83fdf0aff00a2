// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace quorate::engine::python {

/// The pages that a run touches. A forked process pays for each at its first touch, by a fault and mostly a copy, and
/// that is the larger part of a small run; they are nearly the same in every run, for all start from the same memory.
class page_plan {
 public:
  /// Goes through a run of a sample in a process of its own, which tells what it touched. From the zygote, before the
  /// first run. A plan that could not be made is empty.
  void rehearse();
  /// In a forked process: makes the pages that it will write to its own, and finds those that it will read, all at
  /// once. What is in them does not change.
  void fetch() const noexcept;
  bool empty() const noexcept { return count_ == 0; }

 private:
  struct range {
    std::uintptr_t start = 0;
    std::uint32_t pages = 0;
    bool is_written = false;
  };

  [[noreturn]] static void go_through_a_run(int out);
  static void tell_touched_pages(int out);

  // Not on the heap, which every run can see.
  std::array<range, 2048> ranges_{};
  std::size_t count_ = 0;
};

}  // namespace quorate::engine::python
