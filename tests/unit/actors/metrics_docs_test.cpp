// SPDX-License-Identifier: MIT
#include "actors/metrics_docs.hpp"

#include <gtest/gtest.h>

#include "actors/metrics.hpp"

namespace quorate::actors::metrics {
namespace {

TEST(metrics_docs, a_page_rendered_from_the_live_set_agrees_with_it) {
  registry r;
  r.counter("quorate_a_total", "Things, all of them", {{"b", "1"}, {"a", "x\"y},le=\\"}});
  r.histogram("genlayer_h_seconds", "Time", {{"class", "request"}});
  r.gauge("quorate_plain", "Nothing special");
  const auto document = "# Metrics\n\n" + docs_table(r.render()) + "\nThe end.\n";
  EXPECT_NE(document.find("| `quorate_a_total` | counter | `a`, `b` | Things, all of them |\n"), std::string::npos);
  EXPECT_NE(document.find("| `genlayer_h_seconds` | histogram | `class` | Time |\n"), std::string::npos);
  EXPECT_NE(document.find("| `quorate_plain` | gauge | – | Nothing special |\n"), std::string::npos);
  EXPECT_TRUE(docs_differences(r.render(), document).empty());
}

TEST(metrics_docs, names_what_is_missing_changed_and_left_over) {
  registry documented;
  documented.counter("quorate_gone_total", "Gone");
  documented.counter("quorate_kept_total", "Old meaning");
  registry live;
  live.counter("quorate_kept_total", "New meaning");
  live.gauge("quorate_new", "New");
  const auto found = docs_differences(live.render(), docs_table(documented.render()));
  ASSERT_EQ(found.size(), 3u);
  EXPECT_NE(found[0].find("quorate_kept_total is documented as"), std::string::npos);
  EXPECT_NE(found[1].find("quorate_new is live but not documented"), std::string::npos);
  EXPECT_EQ(found[2], "quorate_gone_total is documented but not live");
}

}  // namespace
}  // namespace quorate::actors::metrics
