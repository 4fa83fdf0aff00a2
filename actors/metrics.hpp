// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

/// Counters, gauges and histograms in Prometheus' text form. Every name and help text stands in docs/metrics.md, held
/// true by a test. Updating a metric is one relaxed atomic operation; look the reference up once and keep it.
namespace quorate::actors::metrics {

class counter {
 public:
  void add(std::uint64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class gauge {
 public:
  void set(std::int64_t v) noexcept { value_.store(v, std::memory_order_relaxed); }
  void add(std::int64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
  std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// Seconds, in fixed buckets from 100 µs to 60 s.
class histogram {
 public:
  static const std::vector<double>& bounds();
  void observe(double seconds) noexcept;
  std::uint64_t count() const noexcept;
  double sum() const noexcept;
  /// Cumulative count per bound, then the total.
  std::vector<std::uint64_t> buckets() const;
  /// Upper bound of the bucket that holds the q-quantile; 0 when empty.
  double quantile(double q) const;

 private:
  static constexpr std::size_t bucket_count = 19;
  std::atomic<std::uint64_t> counts_[bucket_count]{};
  std::atomic<std::uint64_t> sum_us_{0};
};

using labels = std::map<std::string, std::string>;

/// Owns every metric of the process; handed to whoever counts. Thread-safe. The same name and labels give the same
/// object, valid as long as the registry. One name has one type: asking for another is a programming error
/// (std::logic_error).
class registry {
 public:
  metrics::counter& counter(const std::string& name, const std::string& help, const labels& l = {});
  metrics::gauge& gauge(const std::string& name, const std::string& help, const labels& l = {});
  metrics::histogram& histogram(const std::string& name, const std::string& help, const labels& l = {});
  /// Asked at render time, from the rendering thread, outside the registry's lock. A second call replaces the first.
  void gauge_callback(const std::string& name, const std::string& help, const labels& l, std::function<double()> read);
  /// The same for a figure that only grows (seconds spent, messages processed).
  void counter_callback(const std::string& name, const std::string& help, const labels& l,
                        std::function<double()> read);

  /// Prometheus text exposition format 0.0.4.
  std::string render() const;
  /// Every metric name with its type and help, sorted; what the golden test compares.
  struct description {
    std::string name, type, help;
    std::vector<std::string> label_names;  // sorted, of every series of the family
  };
  std::vector<description> describe() const;

 private:
  struct series {
    labels with;
    std::unique_ptr<metrics::counter> c;
    std::unique_ptr<metrics::gauge> g;
    std::unique_ptr<metrics::histogram> h;
    std::function<double()> read;
  };
  struct family {
    std::string type, help;
    std::deque<series> members;
  };
  /// Under the mutex.
  series& find(const std::string& name, const std::string& type, const std::string& help, const labels& l);
  void callback(const std::string& name, const std::string& type, const std::string& help, const labels& l,
                std::function<double()> read);

  mutable std::mutex mutex_;
  std::map<std::string, family> families_;
};

}  // namespace quorate::actors::metrics
