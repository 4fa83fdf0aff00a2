// SPDX-License-Identifier: MIT
#include "actors/metrics.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

namespace quorate::actors::metrics {
namespace {

TEST(metrics, the_same_name_and_labels_give_the_same_object) {
  registry r;
  auto& a = r.counter("quorate_x_total", "x", {{"k", "1"}});
  a.add(2);
  r.counter("quorate_x_total", "x", {{"k", "1"}}).add();
  r.counter("quorate_x_total", "x", {{"k", "2"}}).add(7);
  EXPECT_EQ(a.value(), 3u);
  EXPECT_EQ(r.counter("quorate_x_total", "x", {{"k", "2"}}).value(), 7u);
}

TEST(metrics, one_name_has_one_type) {
  registry r;
  r.counter("quorate_x_total", "x");
  EXPECT_THROW(r.gauge("quorate_x_total", "x"), std::logic_error);
}

TEST(metrics, renders_help_type_labels_and_escapes_them) {
  registry r;
  r.counter("quorate_b_total", "Second\nline \\ back", {{"why", "a \"quoted\"\nword"}}).add(5);
  r.gauge("quorate_a", "First").set(-3);
  EXPECT_EQ(r.render(),
            "# HELP quorate_a First\n# TYPE quorate_a gauge\nquorate_a -3\n"
            "# HELP quorate_b_total Second\\nline \\\\ back\n# TYPE quorate_b_total counter\n"
            "quorate_b_total{why=\"a \\\"quoted\\\"\\nword\"} 5\n");
}

TEST(metrics, a_callback_is_asked_when_rendering_and_may_use_the_registry) {
  registry r;
  double now = 1.5;
  r.gauge_callback("quorate_now", "Now", {}, [&] {
    r.counter("quorate_asked_total", "Asked").add();
    return now;
  });
  r.counter_callback("quorate_busy_seconds_total", "Busy", {{"actor", "x"}}, [] { return 0.25; });
  EXPECT_NE(r.render().find("\nquorate_now 1.5\n"), std::string::npos);
  now = std::numeric_limits<double>::infinity();
  const auto second = r.render();
  EXPECT_NE(second.find("\nquorate_now +Inf\n"), std::string::npos);
  EXPECT_NE(second.find("# TYPE quorate_busy_seconds_total counter\nquorate_busy_seconds_total{actor=\"x\"} 0.25\n"),
            std::string::npos);
  EXPECT_EQ(r.counter("quorate_asked_total", "Asked").value(), 2u);
}

TEST(metrics, a_histogram_counts_each_value_into_the_bucket_that_holds_it) {
  histogram h;
  h.observe(0.0001);  // the bound itself belongs to its bucket
  h.observe(0.00011);
  h.observe(61);
  h.observe(-1);
  h.observe(std::nan(""));
  const auto b = h.buckets();
  ASSERT_EQ(b.size(), histogram::bounds().size() + 1);
  EXPECT_EQ(b[0], 3u);  // 0.0001 and the two that count as 0
  EXPECT_EQ(b[1], 4u);
  EXPECT_EQ(b[b.size() - 2], 4u);
  EXPECT_EQ(b.back(), 5u);
  EXPECT_EQ(h.count(), 5u);
  EXPECT_NEAR(h.sum(), 61.00021, 1e-9);
}

TEST(metrics, a_quantile_is_the_upper_bound_of_its_bucket) {
  histogram h;
  EXPECT_EQ(h.quantile(0.5), 0);
  for (int i = 0; i < 98; ++i) h.observe(0.002);
  h.observe(0.3);
  h.observe(1000);
  EXPECT_EQ(h.quantile(0.5), 0.0025);
  EXPECT_EQ(h.quantile(0.98), 0.0025);
  EXPECT_EQ(h.quantile(0.99), 0.5);
  EXPECT_EQ(h.quantile(1), 60);
  EXPECT_EQ(h.quantile(0), 0.0025);
}

TEST(metrics, renders_a_histogram_cumulatively_with_sum_and_count) {
  registry r;
  r.histogram("quorate_h_seconds", "H", {{"class", "request"}}).observe(0.2);
  const auto text = r.render();
  EXPECT_NE(text.find("quorate_h_seconds_bucket{class=\"request\",le=\"0.1\"} 0\n"), std::string::npos);
  EXPECT_NE(text.find("quorate_h_seconds_bucket{class=\"request\",le=\"0.25\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("quorate_h_seconds_bucket{class=\"request\",le=\"+Inf\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("quorate_h_seconds_sum{class=\"request\"} 0.2\n"), std::string::npos);
  EXPECT_NE(text.find("quorate_h_seconds_count{class=\"request\"} 1\n"), std::string::npos);
}

TEST(metrics, describes_every_family_with_its_label_names) {
  registry r;
  r.counter("quorate_b_total", "B", {{"z", "1"}, {"a", "1"}});
  r.gauge("quorate_a", "A");
  const auto d = r.describe();
  ASSERT_EQ(d.size(), 2u);
  EXPECT_EQ(d[0].name, "quorate_a");
  EXPECT_TRUE(d[0].label_names.empty());
  EXPECT_EQ(d[1].type, "counter");
  EXPECT_EQ(d[1].label_names, (std::vector<std::string>{"a", "z"}));
}

TEST(metrics, threads_may_register_count_and_render_at_once) {
  registry r;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&r, t] {
      for (int i = 0; i < 200; ++i) {
        r.counter("quorate_n_total", "N", {{"t", std::to_string((t + i) % 5)}}).add();
        r.histogram("quorate_h_seconds", "H").observe(0.001 * i);
        if (i % 50 == 0) r.render();
      }
    });
  for (auto& t : threads) t.join();
  std::uint64_t total = 0;
  for (int k = 0; k < 5; ++k) total += r.counter("quorate_n_total", "N", {{"t", std::to_string(k)}}).value();
  EXPECT_EQ(total, 800u);
  EXPECT_EQ(r.histogram("quorate_h_seconds", "H").count(), 800u);
}

}  // namespace
}  // namespace quorate::actors::metrics
