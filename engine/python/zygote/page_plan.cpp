// SPDX-License-Identifier: MIT
#include "engine/python/zygote/page_plan.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>
#include <vector>

#include "engine/python/child/interpreter.hpp"
#include "engine/python/child/native_module.hpp"
#include "engine/python/determinism/world.hpp"
#include "engine/python/link/descriptor.hpp"

#ifndef MADV_POPULATE_READ  // Linux 5.14, later than the headers
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

namespace quorate::engine::python {

namespace {

constexpr std::size_t bytes_of_page = 4096;

/// Bits of /proc/self/pagemap (Documentation/admin-guide/mm/pagemap.rst): the page is there; nobody shares it.
constexpr std::uint64_t is_present = std::uint64_t{1} << 63, is_own = std::uint64_t{1} << 56;

struct mapping {
  std::uintptr_t start = 0, end = 0;
  bool is_writable = false;
};

/// Private mappings whose place is the same in every run. The stack is written to before anything could be fetched.
std::vector<mapping> mappings() {
  std::vector<mapping> out;
  std::ifstream in{"/proc/self/maps"};
  for (std::string line; std::getline(in, line);) {
    std::istringstream words{line};
    mapping one;
    char dash = 0;
    std::string rights, skipped, name;
    words >> std::hex >> one.start >> dash >> one.end >> rights >> skipped >> skipped >> skipped >> name;
    if (rights.size() < 4) continue;
    if (rights[0] != 'r' || rights[3] != 'p' || (name.starts_with('[') && name != "[heap]")) continue;
    one.is_writable = rights[1] == 'w';
    out.push_back(one);
  }
  return out;
}

/// A number for each page of a mapping; none when they cannot be read.
std::vector<std::uint64_t> entries_of(int pagemap, const mapping& of) {
  std::vector<std::uint64_t> out((of.end - of.start) / bytes_of_page);
  const std::size_t size = out.size() * sizeof out[0];
  const auto place = static_cast<off_t>(of.start / bytes_of_page * sizeof out[0]);
  if (pread(pagemap, out.data(), size, place) != static_cast<ssize_t>(size)) out.clear();
  return out;
}

/// A chain without contracts, for a run whose end matters to nobody.
class empty_chain final : public surroundings {
 public:
  explicit empty_chain(std::function<void()> at_end) : at_end_{std::move(at_end)} {}
  vm_status read(const slot_id&, std::uint32_t, std::span<std::uint8_t> out) override {
    std::ranges::fill(out, std::uint8_t{0});
    return {};
  }
  vm_result<chain::integer> balance(const chain::address20&) override { return chain::integer{0}; }
  vm_result<run_report> call_contract(const run_message&, const permissions&, storage_mode) override {
    return refuse(vm_errno::io);
  }
  vm_result<chain::bytes> ask_module(chain::bytes_view) override { return refuse(vm_errno::io); }
  void trace(std::string_view) override {}
  run_report fork(const std::function<void()>&) override { return run_report::vm_error("exit_code 1"); }
  run_report run_nested(entry_kind, const chain::bytes&, const chain::bytes*) override {
    return run_report::vm_error("exit_code 1");
  }

 protected:
  void finish(const run_report&) override {
    at_end_();
    _exit(0);
  }

 private:
  std::function<void()> at_end_;
};

run_message sample_message() {
  chain::calldata_map map;
  for (const char* name : {"contract_address", "sender_address", "origin_address"})
    map.emplace(name, chain::address20{});
  map.emplace("chain_id", chain::integer{0});
  return run_message::from_request(map, {}, "2024-11-26T06:42:42Z").value();
}

}  // namespace

void page_plan::rehearse() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return;
  const descriptor reading{ends[0]};
  descriptor writing{ends[1]};
  const pid_t child = fork_interpreter();
  if (child == 0) go_through_a_run(writing.get());
  writing.reset();
  if (child < 0) return;
  // Whole ranges come, and then the end.
  auto* const space = reinterpret_cast<std::uint8_t*>(ranges_.data());
  std::size_t filled = 0;
  while (filled < sizeof ranges_) {
    const auto count = ::read(reading.get(), space + filled, sizeof ranges_ - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    filled += static_cast<std::size_t>(count);
  }
  count_ = filled / sizeof(range);
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void page_plan::go_through_a_run(int out) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  after_fork_in_child();
  freeze_clock({});
  seed_entropy({});
  empty_chain outside{[out] { tell_touched_pages(out); }};
  machine run{{sample_message()}, outside};
  set_current_machine(&run);
  run_sample();
  _exit(1);
}

void page_plan::tell_touched_pages(int out) {
  const descriptor pagemap{open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)};
  if (!pagemap) return;
  std::vector<range> found;
  const auto add = [&](std::uintptr_t at, bool is_written) {
    const bool goes_on = !found.empty() && found.back().is_written == is_written &&
                         found.back().start + found.back().pages * bytes_of_page == at;
    if (goes_on) {
      ++found.back().pages;
    } else {
      found.push_back({at, 1, is_written});
    }
  };
  for (const auto& one : mappings()) {
    const auto wanted = one.is_writable ? is_present | is_own : is_present;
    const auto entries = entries_of(pagemap.get(), one);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if ((entries[i] & wanted) == wanted) add(one.start + i * bytes_of_page, one.is_writable);
    }
  }
  write_all(out, {reinterpret_cast<const std::uint8_t*>(found.data()), found.size() * sizeof(range)});
}

void page_plan::fetch() const noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    const auto& one = ranges_[i];
    // What is not there any more, or a kernel that cannot, costs a fault later.
    madvise(reinterpret_cast<void*>(one.start), one.pages * bytes_of_page,
            one.is_written ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
  }
}

}  // namespace quorate::engine::python
