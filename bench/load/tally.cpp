// SPDX-License-Identifier: MIT
#include "bench/load/tally.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace quorate::bench {
namespace {

constexpr const char* failure_names[failures] = {"http_status", "rpc_error", "timeout", "socket"};
constexpr std::size_t kept_samples = 5;
constexpr std::size_t sample_size = 400;

double ms(double microseconds) { return microseconds / 1000.0; }

nlohmann::ordered_json latency_json(const histogram& h) {
  return {{"p50_ms", ms(static_cast<double>(h.quantile(0.5)))},
          {"p90_ms", ms(static_cast<double>(h.quantile(0.9)))},
          {"p99_ms", ms(static_cast<double>(h.quantile(0.99)))},
          {"max_ms", ms(static_cast<double>(h.max()))},
          {"mean_ms", ms(h.mean())}};
}

nlohmann::ordered_json errors_json(const std::uint64_t (&counts)[failures]) {
  auto out = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < failures; ++i)
    if (counts[i] > 0) out[failure_names[i]] = counts[i];
  return out;
}

}  // namespace

tally::tally(std::vector<std::string> labels) {
  for (auto& name : labels) {
    labels_.emplace_back();
    labels_.back().name = std::move(name);
  }
}

second_count& tally::at(std::size_t second) {
  if (series_.size() <= second) series_.resize(second + 1);
  return series_[second];
}

void tally::success(std::size_t label, std::uint64_t microseconds, std::size_t second, bool measured) {
  auto& now = at(second);
  ++now.calls;
  now.max_us = std::max(now.max_us, microseconds);
  if (measured) labels_[label].latency.add(microseconds);
}

void tally::fail(std::size_t label, failure why, std::uint64_t microseconds, std::size_t second,
                 std::string_view sample) {
  auto& now = at(second);
  ++now.errors;
  now.max_us = std::max(now.max_us, microseconds);
  ++labels_[label].errors[static_cast<std::size_t>(why)];
  if (samples_.size() < kept_samples) samples_.emplace_back(sample.substr(0, sample_size));
}

std::uint64_t tally::errors() const {
  std::uint64_t sum = 0;
  for (const auto& label : labels_)
    for (const auto n : label.errors) sum += n;
  return sum;
}

std::string tally::to_json(std::size_t clients, double seconds, bool series) const {
  histogram all;
  std::uint64_t all_errors[failures] = {};
  auto methods = nlohmann::ordered_json::object();
  for (const auto& label : labels_) {
    all.add(label.latency);
    for (std::size_t i = 0; i < failures; ++i) all_errors[i] += label.errors[i];
    auto one = latency_json(label.latency);
    one["calls"] = label.latency.count();
    one["errors"] = errors_json(label.errors);
    methods[label.name] = std::move(one);
  }
  auto out = latency_json(all);
  out["clients"] = clients;
  out["calls"] = all.count();
  out["per_second"] = static_cast<double>(all.count()) / seconds;
  out["error_count"] = errors();
  out["errors"] = errors_json(all_errors);
  out["error_samples"] = samples_;
  out["methods"] = std::move(methods);
  if (series) {
    auto& rows = out["series"] = nlohmann::ordered_json::array();
    for (const auto& s : series_)
      rows.push_back({{"calls", s.calls}, {"errors", s.errors}, {"max_ms", ms(static_cast<double>(s.max_us))}});
  }
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace quorate::bench
