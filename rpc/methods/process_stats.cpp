// SPDX-License-Identifier: MIT
#include "rpc/methods/process_stats.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <thread>

namespace quorate::rpc::methods {

namespace {

/// "VmRSS:   1234 kB" and the like: the number behind the label, 0 when there is none.
double labelled(const char* file, const std::string& label) {
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(label)) return std::strtod(line.c_str() + label.size(), nullptr);
  return 0;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// Seconds since this process started: /proc/self/stat field 22 against the machine's uptime.
double process_uptime() {
  std::ifstream stat{"/proc/self/stat"};
  const std::string text{std::istreambuf_iterator<char>{stat}, {}};
  // The command's name in parentheses may contain spaces; fields are counted behind it, from the third.
  const auto close = text.rfind(')');
  if (close == std::string::npos) return 0;
  std::istringstream fields{text.substr(close + 1)};
  std::string field;
  for (int i = 3; i <= 22; ++i) fields >> field;
  double machine = 0;
  std::ifstream{"/proc/uptime"} >> machine;
  return machine - std::strtod(field.c_str(), nullptr) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double percent(double part, double whole) { return whole > 0 ? 100 * part / whole : 0; }

}  // namespace

double process_stats::memory_percent() const { return percent(resident_mb, total_memory_mb); }
double process_stats::system_memory_percent() const {
  return percent(total_memory_mb - available_memory_mb, total_memory_mb);
}
double process_stats::cpu_percent() const { return percent(user_seconds + system_seconds, uptime_seconds); }

process_stats read_process_stats() {
  constexpr auto status = "/proc/self/status", memory = "/proc/meminfo";
  constexpr double kb_per_mb = 1024;
  process_stats out;
  out.resident_mb = labelled(status, "VmRSS:") / kb_per_mb;
  out.virtual_mb = labelled(status, "VmSize:") / kb_per_mb;
  out.threads = static_cast<std::int64_t>(labelled(status, "Threads:"));
  out.total_memory_mb = labelled(memory, "MemTotal:") / kb_per_mb;
  out.available_memory_mb = labelled(memory, "MemAvailable:") / kb_per_mb;
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    out.user_seconds = seconds(usage.ru_utime);
    out.system_seconds = seconds(usage.ru_stime);
  }
  if (getloadavg(out.load_average.data(), 3) != 3) out.load_average = {};
  out.processors = std::thread::hardware_concurrency();
  out.uptime_seconds = process_uptime();
  return out;
}

}  // namespace quorate::rpc::methods
