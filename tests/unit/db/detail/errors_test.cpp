// SPDX-License-Identifier: MIT
#include "db/detail/errors.hpp"

#include <gtest/gtest.h>

namespace quorate::db::detail {
namespace {

TEST(error_mapping, follows_the_sqlstate) {
  const failure_context sound{};
  const failure_context dead{access::read_write, false, false};
  const auto check = [](std::string_view state, const failure_context& context, errc code, bool broken, bool gone) {
    const auto got = classify(state, "text", context);
    EXPECT_EQ(got.what.code, code) << state;
    EXPECT_EQ(got.broken, broken) << state;
    EXPECT_EQ(got.server_gone, gone) << state;
    EXPECT_EQ(got.what.message.find("text"), std::string::npos);
    EXPECT_NE(got.what.detail.find("text"), std::string::npos);
  };
  for (const auto* const gone : {"57P01", "57P02", "57P03"}) check(gone, sound, errc::database_unavailable, true, true);
  check("08006", dead, errc::database_unavailable, true, true);
  check("", dead, errc::database_unavailable, true, true);
  check("08P01", sound, errc::internal, true, false);  // a wrong number of parameters
  check("25006", sound, errc::database_unavailable, true, true);
  check("25006", {access::read_only, true, false}, errc::internal, false, false);
  check("25P03", dead, errc::database_unavailable, true, false);
  check("57P05", dead, errc::database_unavailable, true, false);
  check("40001", sound, errc::conflict, false, false);
  check("40P01", sound, errc::conflict, false, false);
  check("57014", sound, errc::query_timeout, false, false);
  check("57014", {access::read_write, true, true}, errc::cancelled, false, false);
  check("55P03", sound, errc::query_timeout, false, false);
  check("23505", sound, errc::duplicate, false, false);
  check("23503", sound, errc::internal, false, false);
  check("22003", sound, errc::internal, false, false);
  check("53300", sound, errc::database_unavailable, false, false);
  check("53100", sound, errc::database_unavailable, false, false);
  check("0A000", sound, errc::internal, true, false);
  check("42501", sound, errc::internal, false, false);
}

}  // namespace
}  // namespace quorate::db::detail
