// SPDX-License-Identifier: MIT
#include "tests/unit/rpc/methods/harness.hpp"

/// What the handlers refuse themselves, beyond the types that the binding checks.
namespace quorate::rpc::methods::tests {
namespace {

class validation : public methods_test {
 protected:
  void refuses(const std::string& name, const std::vector<json>& params, const std::string& message) {
    const auto got = call(name, params);
    ASSERT_FALSE(got) << name;
    EXPECT_EQ(got.error().code, errc::invalid_params) << name;
    EXPECT_EQ(got.error().message, message);
    EXPECT_TRUE(pool.labels.empty()) << "checked before any work";
    last_ = got.error();
  }
  error last_;
};

TEST_F(validation, the_finality_window) {
  refuses("sim_setFinalityWindowTime", {-1}, "seconds must be from 0 to 2147483647");
  refuses("sim_setFinalityWindowTime", {2147483648}, "seconds must be from 0 to 2147483647");
}

// The messages of docs/spec/json-rpc.md §7.4.
TEST_F(validation, status_changes) {
  const auto refuses_hash = [&](const json& hash, const std::string& message) {
    refuses("sim_updateTransactionStatus", {hash, "PENDING"}, message);
    EXPECT_EQ(last_.data, "{}");
  };
  refuses_hash("", "Invalid transaction hash: must be a non-empty string");
  refuses_hash(5, "Invalid transaction hash: must be a non-empty string");
  refuses_hash(nullptr, "Invalid transaction hash: must be a non-empty string");
  refuses_hash("0x12", "Invalid transaction hash format: must be a 66-character hex string starting with '0x'");
  refuses_hash(std::string(66, 'a'),
               "Invalid transaction hash format: must be a 66-character hex string starting with '0x'");
  refuses_hash("0x" + std::string(64, 'g'), "Invalid transaction hash format: contains non-hexadecimal characters");
  refuses("sim_updateTransactionStatus", {some_hash, ""}, "Invalid status: must be a non-empty string");
  refuses("sim_updateTransactionStatus", {some_hash, 1}, "Invalid status: must be a non-empty string");
  refuses("sim_updateTransactionStatus", {some_hash, "DONE"},
          "Invalid status 'DONE': must be one of ['PENDING', 'ACTIVATED', 'CANCELED', 'PROPOSING', 'COMMITTING', "
          "'REVEALING', 'ACCEPTED', 'FINALIZED', 'UNDETERMINED', 'LEADER_TIMEOUT', 'VALIDATORS_TIMEOUT']");
}

TEST_F(validation, pool_limits) {
  const auto refuses_limit = [&](const std::string& name, std::int64_t value, const std::string& message) {
    std::vector<json> params;
    for (const auto& one : table.find("dev_setPoolLimits")->params)
      params.push_back(one.name == name ? json(value) : one.fallback);
    refuses("dev_setPoolLimits", params, message);
  };
  refuses_limit("size", 0, "size must be from 1 to 10000");
  refuses_limit("max_overflow", -1, "max_overflow must be from 0 to 10000");
  refuses_limit("timeout", 0, "timeout must be from 1 to 3600");
  refuses_limit("reserved_consensus", 50,
                "reserved_consensus and reserved_background must leave requests a connection");
  refuses("dev_drainPool", {-1}, "seconds must be from 0 to 3600");
}

}  // namespace
}  // namespace quorate::rpc::methods::tests
