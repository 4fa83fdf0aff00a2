// SPDX-License-Identifier: MIT
#include "db/detail/zlib_stream.hpp"

#include <gtest/gtest.h>

namespace quorate::db::detail {
namespace {

TEST(zlib_stream, gives_back_what_it_was_given) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i * 7919);
  deflater in;
  for (std::size_t from = 0; from < text.size(); from += 1000) in.add(std::string_view{text}.substr(from, 1000));
  const auto packed = in.finish();
  EXPECT_LT(packed.size(), text.size());
  std::string back;
  inflater out;
  for (std::size_t from = 0; from < packed.size(); from += 777) {
    EXPECT_FALSE(out.finished());
    ASSERT_TRUE(out.add(std::string_view{packed}.substr(from, 777), [&](std::string_view piece) -> status {
      back += piece;
      return {};
    }));
  }
  EXPECT_TRUE(out.finished());
  EXPECT_EQ(back, text);
}

TEST(zlib_stream, damaged_data_is_an_error) {
  inflater out;
  const auto done = out.add("this is not zlib", [](std::string_view) -> status { return {}; });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, errc::parse_error);
}

}  // namespace
}  // namespace quorate::db::detail
