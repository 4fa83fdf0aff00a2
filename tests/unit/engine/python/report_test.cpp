// SPDX-License-Identifier: MIT
#include "engine/python/vm/report.hpp"

#include <gtest/gtest.h>

#include "engine/python/manager/blob.hpp"

namespace quorate::engine::python {
namespace {

run_report sample() {
  run_report out;
  out.kind = result_kind::returned;
  out.data = *chain::encode_calldata(chain::calldata_value{"value"});
  out.nondet_results.emplace_back(chain::bytes{0, 1});
  out.disagreement = 3;
  return out;
}

TEST(report, comes_back_as_it_went) {
  const auto back = decode_report(encode_report(sample()));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->kind, result_kind::returned);
  EXPECT_EQ(back->data, sample().data);
  EXPECT_EQ(back->nondet_results, sample().nondet_results);
  EXPECT_EQ(back->disagreement, 3u);
}

TEST(report, data_that_does_not_fit_its_kind_is_refused) {
  auto report = sample();
  report.data = {0xff};
  EXPECT_FALSE(decode_report(encode_report(report)));
  report.kind = result_kind::user_error;
  EXPECT_FALSE(decode_report(encode_report(report)));
  report.kind = result_kind::internal_error;
  report.data = {'x'};
  EXPECT_FALSE(decode_report(encode_report(report)));
  EXPECT_FALSE(decode_report(chain::bytes{}));
}

TEST(report, an_exit_without_one_is_an_error) {
  const auto text = [](int status) {
    const auto data = report_of_exit(status).data;
    return std::string{data.begin(), data.end()};
  };
  EXPECT_EQ(text(0), "exit_code 1");
  EXPECT_EQ(text(7 << 8), "exit_code 7");
  EXPECT_EQ(text(9), "exit_code 1");   // killed
  EXPECT_EQ(text(-1), "exit_code 1");  // lost
}

TEST(result_blob, has_its_kind_first_and_the_value_decoded) {
  const auto blob = encode_result(sample(), {});
  ASSERT_EQ(blob.at(0), 0);
  const auto map = chain::decode_calldata({blob.data() + 1, blob.size() - 1});
  ASSERT_TRUE(map);
  const auto& fields = std::get<chain::calldata_map>(map->held);
  EXPECT_EQ(fields.at("data"), chain::calldata_value{"value"});
  EXPECT_EQ(std::get<chain::bytes>(fields.at("execution_hash").held).size(), 32u);
  EXPECT_EQ(encode_result(run_report::vm_error("timeout"), {}).at(0), 2);
}

}  // namespace
}  // namespace quorate::engine::python
