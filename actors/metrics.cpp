// SPDX-License-Identifier: MIT
#include "actors/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

namespace quorate::actors::metrics {

namespace {

/// Prometheus escapes: backslash, newline and, in label values, the quote.
std::string escaped(const std::string& text, bool quote) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && quote)
      out += "\\\"";
    else
      out += c;
  }
  return out;
}

/// `{a="1",b="2"}` with an optional last label (the bucket bound); empty without any.
std::string label_text(const labels& with, const std::string& extra = {}) {
  if (with.empty() && extra.empty()) return {};
  std::string out = "{";
  for (const auto& [key, value] : with) {
    if (out.size() > 1) out += ',';
    out += fmt::format("{}=\"{}\"", key, escaped(value, true));
  }
  if (!extra.empty()) {
    if (out.size() > 1) out += ',';
    out += extra;
  }
  return out + "}";
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

void render_histogram(std::string& out, const std::string& name, const labels& with, const histogram& h) {
  const auto& bounds = histogram::bounds();
  const auto cumulative = h.buckets();
  for (std::size_t i = 0; i < bounds.size(); ++i)
    out += fmt::format("{}_bucket{} {}\n", name, label_text(with, fmt::format("le=\"{}\"", number(bounds[i]))),
                       cumulative[i]);
  out += fmt::format("{}_bucket{} {}\n", name, label_text(with, "le=\"+Inf\""), cumulative.back());
  out += fmt::format("{}_sum{} {}\n", name, label_text(with), number(h.sum()));
  // The same sum of buckets as above, so that +Inf and count agree while others observe.
  out += fmt::format("{}_count{} {}\n", name, label_text(with), cumulative.back());
}

}  // namespace

const std::vector<double>& histogram::bounds() {
  static const std::vector<double> seconds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                           0.1,    0.25,    0.5,    1,     2.5,    5,     10,   30,    60};
  return seconds;
}

void histogram::observe(double seconds) noexcept {
  if (!(seconds > 0)) seconds = 0;  // a NaN is counted as nothing spent
  const auto& limits = bounds();
  const auto slot = static_cast<std::size_t>(std::lower_bound(limits.begin(), limits.end(), seconds) - limits.begin());
  counts_[slot].fetch_add(1, std::memory_order_relaxed);
  sum_us_.fetch_add(static_cast<std::uint64_t>(std::llround(std::min(seconds, 1e9) * 1e6)), std::memory_order_relaxed);
}

std::uint64_t histogram::count() const noexcept {
  std::uint64_t total = 0;
  for (const auto& slot : counts_) total += slot.load(std::memory_order_relaxed);
  return total;
}

double histogram::sum() const noexcept { return static_cast<double>(sum_us_.load(std::memory_order_relaxed)) / 1e6; }

std::vector<std::uint64_t> histogram::buckets() const {
  std::vector<std::uint64_t> out;
  out.reserve(bucket_count);
  std::uint64_t running = 0;
  for (const auto& slot : counts_) out.push_back(running += slot.load(std::memory_order_relaxed));
  return out;
}

double histogram::quantile(double q) const {
  const auto cumulative = buckets();
  if (cumulative.back() == 0) return 0;
  const auto rank = std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(cumulative.back()))));
  const auto slot = std::lower_bound(cumulative.begin(), cumulative.end(), rank) - cumulative.begin();
  // Beyond the last bound nothing better is known than that bound.
  return bounds()[std::min(static_cast<std::size_t>(slot), bounds().size() - 1)];
}

registry::series& registry::find(const std::string& name, const std::string& type, const std::string& help,
                                 const labels& l) {
  auto& f = families_[name];
  if (f.type.empty()) {
    f.type = type;
    f.help = help;
  } else if (f.type != type) {
    throw std::logic_error("metric " + name + " is a " + f.type + ", not a " + type);
  }
  for (auto& one : f.members)
    if (one.with == l) return one;
  f.members.emplace_back();
  f.members.back().with = l;
  return f.members.back();
}

counter& registry::counter(const std::string& name, const std::string& help, const labels& l) {
  const std::lock_guard lock{mutex_};
  auto& s = find(name, "counter", help, l);
  if (!s.c) s.c = std::make_unique<metrics::counter>();
  return *s.c;
}

gauge& registry::gauge(const std::string& name, const std::string& help, const labels& l) {
  const std::lock_guard lock{mutex_};
  auto& s = find(name, "gauge", help, l);
  if (!s.g) s.g = std::make_unique<metrics::gauge>();
  return *s.g;
}

histogram& registry::histogram(const std::string& name, const std::string& help, const labels& l) {
  const std::lock_guard lock{mutex_};
  auto& s = find(name, "histogram", help, l);
  if (!s.h) s.h = std::make_unique<metrics::histogram>();
  return *s.h;
}

void registry::callback(const std::string& name, const std::string& type, const std::string& help, const labels& l,
                        std::function<double()> read) {
  const std::lock_guard lock{mutex_};
  find(name, type, help, l).read = std::move(read);
}

void registry::gauge_callback(const std::string& name, const std::string& help, const labels& l,
                              std::function<double()> read) {
  callback(name, "gauge", help, l, std::move(read));
}

void registry::counter_callback(const std::string& name, const std::string& help, const labels& l,
                                std::function<double()> read) {
  callback(name, "counter", help, l, std::move(read));
}

std::string registry::render() const {
  // Callbacks ask actors and pools, which may count something themselves: collect them first, call them unlocked.
  struct line {
    const std::string* name;
    const labels* with;
    const series* from;
    std::function<double()> read;
  };
  struct block {
    const std::string* name;
    const family* of;
    std::vector<line> lines;
  };
  std::vector<block> blocks;
  {
    const std::lock_guard lock{mutex_};
    blocks.reserve(families_.size());
    for (const auto& [name, f] : families_) {
      auto& b = blocks.emplace_back(block{&name, &f, {}});
      // Families and series are never removed and live in node-based containers: the pointers stay valid.
      for (const auto& s : f.members) b.lines.push_back({&name, &s.with, &s, s.read});
    }
  }
  std::string out;
  for (const auto& b : blocks) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", *b.name, escaped(b.of->help, false), *b.name, b.of->type);
    for (const auto& l : b.lines) {
      if (l.read)
        out += fmt::format("{}{} {}\n", *l.name, label_text(*l.with), number(l.read()));
      else if (l.from->c)
        out += fmt::format("{}{} {}\n", *l.name, label_text(*l.with), l.from->c->value());
      else if (l.from->g)
        out += fmt::format("{}{} {}\n", *l.name, label_text(*l.with), l.from->g->value());
      else if (l.from->h)
        render_histogram(out, *l.name, *l.with, *l.from->h);
    }
  }
  return out;
}

std::vector<registry::description> registry::describe() const {
  const std::lock_guard lock{mutex_};
  std::vector<description> out;
  out.reserve(families_.size());
  for (const auto& [name, f] : families_) {
    std::set<std::string> keys;
    for (const auto& s : f.members)
      for (const auto& [key, value] : s.with) keys.insert(key);
    out.push_back({name, f.type, f.help, {keys.begin(), keys.end()}});
  }
  return out;
}

}  // namespace quorate::actors::metrics
