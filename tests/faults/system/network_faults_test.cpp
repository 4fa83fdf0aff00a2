// SPDX-License-Identifier: MIT
#include "tests/common/tcp_gate.hpp"
#include "tests/faults/system/stand.hpp"

/// The network between Quorate and PostgreSQL drops, delays, resets and goes half-open.
namespace quorate::tests {
namespace {

constexpr const char* database = "network";
constexpr auto bound = 5s;  // pool timeout and call timeout are 2 s

class network_faults : public testing::Test {
 protected:
  void SetUp() override {
    postgres_.create_database(database);
    const auto url = "postgresql://postgres@127.0.0.1:" + std::to_string(gate_.port()) + "/" + database;
    quorate_.emplace(serve_options{
        url,
        {},
        {{"database.pool.timeout", "2s"}, {"rpc.call_timeout", "2s"}, {"database.pool.connect_timeout", "1s"}}});
    quorate_->start();
    quorate_->result("sim_fundAccount", chain::json::array({some_account, 5}));
    readers_.emplace(*quorate_, 4, "eth_getBalance", balance_params());
    listers_.emplace(*quorate_, 4, "sim_getTransactionsForAddress", chain::json::array({some_account}));
    ASSERT_TRUE(eventually([&] { return readers_->count(0) > 20 && listers_->count(0) > 5; }));
  }

  std::size_t refusals() const {
    std::size_t sum = 0;
    for (const int code : {-32007, -32008, -32009}) sum += readers_->count(code) + listers_->count(code);
    return sum;
  }

  /// Opens the gate and checks what every fault must leave behind. `for_reads`: what reads of a balance may have been
  /// told besides, which travel together and wait for each other.
  void expect_recovery(const std::vector<int>& allowed, const std::vector<int>& for_reads = {}) {
    gate_.forward();
    const auto r0 = readers_->count(0), l0 = listers_->count(0);
    EXPECT_TRUE(eventually([&] { return readers_->count(0) > r0 + 20 && listers_->count(0) > l0 + 5; }));
    const auto r = readers_->stop(), l = listers_->stop();
    auto for_readers = allowed;
    for_readers.insert(for_readers.end(), for_reads.begin(), for_reads.end());
    EXPECT_TRUE(only_codes(r, for_readers));
    EXPECT_TRUE(only_codes(l, allowed));
    EXPECT_LT(std::max(r.longest, l.longest), bound);
    EXPECT_EQ(quorate_->result("eth_getBalance", balance_params()), "0x5");
    EXPECT_TRUE(nothing_leaked(*quorate_, postgres_, database));
    EXPECT_EQ(quorate_->stop(), 0);
  }

  postgres_server postgres_;
  tcp_gate gate_{static_cast<std::uint16_t>(postgres_.port())};
  std::optional<quorate_process> quorate_;
  std::optional<callers> readers_, listers_;
};

TEST_F(network_faults, dropped_packets_cost_a_call_its_deadline) {
  gate_.pause();
  EXPECT_TRUE(eventually([&] { return refusals() > 8; }));
  // Late: what ran. Unavailable: what found no connection. Exhausted: a read whose group waited for the one in flight.
  expect_recovery({-32008, -32009}, {-32007});
}

TEST_F(network_faults, delay_is_only_slow) {
  gate_.delay(100ms);
  const auto before = readers_->count(0) + listers_->count(0);
  EXPECT_TRUE(eventually([&] { return readers_->count(0) + listers_->count(0) > before + 40; }));
  expect_recovery({});
}

TEST_F(network_faults, resets_are_answered_and_the_connections_replaced) {
  for (int i = 0; i < 5; ++i) {
    gate_.reset_all();
    const auto before = readers_->count(0);
    EXPECT_TRUE(eventually([&] { return readers_->count(0) > before + 10; })) << "round " << i;
  }
  expect_recovery({-32008});
}

TEST_F(network_faults, a_closed_port_is_unavailable_at_once) {
  gate_.refuse();
  gate_.reset_all();
  EXPECT_TRUE(eventually([&] { return readers_->count(-32008) > 20 && listers_->count(-32008) > 20; }));
  expect_recovery({-32008});
}

TEST_F(network_faults, half_open_connections_cost_a_call_its_deadline_and_are_destroyed) {
  gate_.swallow();
  EXPECT_TRUE(eventually([&] { return refusals() > 8; }));
  // Late: what ran. Unavailable: what found no connection. Exhausted: a read whose group waited for the one in flight.
  expect_recovery({-32008, -32009}, {-32007});
}

TEST_F(network_faults, a_reply_cut_in_the_middle_is_never_half_believed) {
  for (std::size_t bytes = 1; bytes <= 200; bytes += 37) {
    gate_.limit_bytes(bytes);
    const auto accepted = gate_.accepted();
    EXPECT_TRUE(eventually([&] { return gate_.accepted() > accepted || refusals() > 0; }));
    gate_.forward();
    const auto before = readers_->count(0);
    EXPECT_TRUE(eventually([&] { return readers_->count(0) > before + 5; })) << bytes << " bytes";
  }
  expect_recovery({-32008});
}

}  // namespace
}  // namespace quorate::tests
