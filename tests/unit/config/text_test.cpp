// SPDX-License-Identifier: MIT
#include "config/text.hpp"

#include <gtest/gtest.h>

namespace quorate::config {
namespace {

using std::chrono::milliseconds;

option of(kind k, double least = 0, double most = std::numeric_limits<double>::infinity()) {
  return {.key = "a.b", .kind = k, .fallback = "", .least = least, .most = most};
}

milliseconds duration(std::string_view text, notation n = notation::own) {
  const auto value = parse(of(kind::duration), text, n);
  return value ? std::get<milliseconds>(*value) : milliseconds(-1);
}

TEST(config_text, reads_durations_with_their_unit) {
  EXPECT_EQ(duration("250ms"), milliseconds(250));
  EXPECT_EQ(duration("30s"), milliseconds(30'000));
  EXPECT_EQ(duration("1.5 s"), milliseconds(1500));
  EXPECT_EQ(duration("30min"), milliseconds(1'800'000));
  EXPECT_EQ(duration(" 2h "), milliseconds(7'200'000));
  for (const auto* text : {"", "30", "s", "30 days", "-1s", "1e3s", "..s", "99999999999999999h"}) {
    EXPECT_EQ(duration(text), milliseconds(-1)) << text;
  }
}

TEST(config_text, reads_plain_numbers_where_studio_writes_them) {
  EXPECT_EQ(duration("30", notation::seconds), milliseconds(30'000));
  EXPECT_EQ(duration("0.5", notation::seconds), milliseconds(500));
  EXPECT_EQ(duration("30", notation::minutes), milliseconds(1'800'000));
  EXPECT_EQ(duration("30s", notation::seconds), milliseconds(-1));
}

TEST(config_text, durations_survive_being_written_and_read) {
  for (const std::int64_t ms : {0, 1, 250, 1000, 1500, 60'000, 90'000, 3'600'000, 86'400'000}) {
    EXPECT_EQ(duration(to_text(milliseconds(ms))), milliseconds(ms)) << ms;
  }
  EXPECT_EQ(to_text(milliseconds(90'000)), "90s");
  EXPECT_EQ(to_text(milliseconds(3'600'000)), "1h");
}

TEST(config_text, reads_sizes) {
  EXPECT_EQ(parse(of(kind::bytes), "2MiB").value(), setting{std::int64_t{2} << 20});
  EXPECT_EQ(parse(of(kind::bytes), "1000").value(), setting{std::int64_t{1000}});
  EXPECT_EQ(to_text(of(kind::bytes), setting{std::int64_t{16} << 10}), "16KiB");
  EXPECT_FALSE(parse(of(kind::bytes), "2MB"));
  EXPECT_FALSE(parse(of(kind::bytes), ""));
}

TEST(config_text, refuses_what_is_out_of_bounds_and_says_the_range) {
  const auto o = of(kind::whole, 1, 1000);
  EXPECT_TRUE(parse(o, "1"));
  EXPECT_TRUE(parse(o, "1000"));
  EXPECT_EQ(parse(o, "0").error().message, "is outside the allowed 1 to 1000");
  EXPECT_FALSE(parse(o, "1001"));
  EXPECT_FALSE(parse(o,
                     "5 "
                     "x"));
  EXPECT_FALSE(parse(o, "1.0"));
  EXPECT_FALSE(parse(of(kind::real), "nan"));
  EXPECT_FALSE(parse(of(kind::whole), "9223372036854775808"));
}

TEST(config_text, words_match_in_any_letter_case) {
  auto o = of(kind::text);
  o.choices = {"text", "json"};
  EXPECT_EQ(parse(o, "JSON").value(), setting{std::string("json")});
  EXPECT_EQ(parse(o, "xml").error().message, "is not one of text, json");
}

TEST(config_text, booleans_take_the_usual_words) {
  for (const auto* yes : {"true", "TRUE", "1", "yes", "on"})
    EXPECT_EQ(parse(of(kind::boolean), yes).value(), setting{true});
  for (const auto* no : {"false", "0", "no", "off"}) EXPECT_EQ(parse(of(kind::boolean), no).value(), setting{false});
  EXPECT_FALSE(parse(of(kind::boolean), "maybe"));
  // Studio: VITE_IS_HOSTED is true only when it is exactly that.
  EXPECT_EQ(parse(of(kind::boolean), "True", notation::exactly_true).value(), setting{false});
  EXPECT_EQ(parse(of(kind::boolean), "true", notation::exactly_true).value(), setting{true});
}

TEST(config_text, urls_lose_the_driver_of_sqlalchemy) {
  EXPECT_EQ(parse(of(kind::url), "postgresql+psycopg2://u@h/d").value(), setting{std::string("postgresql://u@h/d")});
  EXPECT_EQ(parse(of(kind::url), "postgres://u@h/d").value(), setting{std::string("postgresql://u@h/d")});
  EXPECT_EQ(parse(of(kind::url), "").value(), setting{std::string()});
  EXPECT_EQ(parse(of(kind::url), "host=/run/pg dbname=d").value(), setting{std::string("host=/run/pg dbname=d")});
  EXPECT_FALSE(parse(of(kind::url), "mysql://u@h/d"));
  EXPECT_FALSE(parse(of(kind::url), "mysql://u@h/d?a=b"));
  EXPECT_FALSE(parse(of(kind::url), "localhost"));
}

TEST(config_text, lists_are_split_at_commas) {
  EXPECT_EQ(parse(of(kind::list), " 10.0.0.0/8,, ::1/128 ").value(),
            setting(std::vector<std::string>{"10.0.0.0/8", "::1/128"}));
  EXPECT_EQ(to_toml(of(kind::list), setting(std::vector<std::string>{"a", "b\""})), R"(["a", "b\""])");
}

}  // namespace
}  // namespace quorate::config
