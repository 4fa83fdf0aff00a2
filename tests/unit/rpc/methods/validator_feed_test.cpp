// SPDX-License-Identifier: MIT
#include "rpc/methods/validator_feed.hpp"

#include "tests/common/fake_runtime.hpp"
#include "tests/unit/rpc/methods/on_postgres.hpp"

namespace quorate::rpc::methods::tests {
namespace {

using kind = db::change::kind;

class ear final : public actors::event_sink {
 public:
  bool push(std::shared_ptr<const std::string> text) override {
    heard.push_back(*text);
    return true;
  }
  std::vector<std::string> heard;
};

class validator_feed_test : public methods_on_postgres<validator_feed_test> {
 public:
  static constexpr auto name = "validator_feed";

 protected:
  void SetUp() override {
    methods_on_postgres::SetUp();
    sql("ALTER SEQUENCE validators_id_seq RESTART; INSERT INTO validators (stake, config, address, provider, model, "
        "plugin, "
        "plugin_config, private_key, created_at) SELECT n, '{}', '0x' || n, 'p', 'm', 'custom', '{}', 'secret', "
        "'2026-06-01 10:00:00+00' FROM generate_series(1, 3) n");
    events.join(listener, std::string{actors::broadcast_room});
    feed->publish_to(events);
  }
  void change(kind what, std::int64_t id = 0, std::string address = {}) {
    db::change c;
    c.what = what;
    c.id = id;
    c.address = std::move(address);
    feed->changed(c);
  }
  static std::string object(int n) {
    const auto text = std::to_string(n);
    return R"({"id":)" + text + R"(,"address":"0x)" + text + R"(","stake":)" + text +
           R"(,"provider":"p","model":"m","config":{},"plugin":"custom","plugin_config":{},)"
           R"("created_at":"2026-06-01T10:00:00+00:00"})";
  }

  quorate::tests::fake_events events;
  std::shared_ptr<ear> listener = std::make_shared<ear>();
  std::shared_ptr<validator_feed> feed = std::make_shared<validator_feed>(pool);
};

TEST_F(validator_feed_test, tells_the_row_or_what_is_gone) {
  change(kind::validator_created, 1);
  change(kind::validator_updated, 2);
  change(kind::validator_created, 99);
  change(kind::validator_deleted, 0, "0xab");
  change(kind::validators_deleted);
  EXPECT_EQ(listener->heard, (std::vector<std::string>{R"({"event":"validator_created","data":)" + object(1) + '}',
                                                       R"({"event":"validator_updated","data":)" + object(2) + '}',
                                                       R"({"event":"validator_deleted","data":{"address":"0xab"}})",
                                                       R"({"event":"all_validators_deleted","data":{}})"}))
      << "of a row that is gone again only the deletion is told";
}

TEST_F(validator_feed_test, keeps_the_order_and_reads_what_waits_at_once) {
  // Whatever comes while the database is asked waits for the answer.
  bool once = true;
  const auto run = pool.run;
  pool.run = [&](const actors::job& job) {
    if (std::exchange(once, false)) {
      change(kind::validator_created, 2);
      change(kind::validators_deleted);
      change(kind::validator_created, 3);
      EXPECT_TRUE(listener->heard.empty());
    }
    return run(job);
  };
  change(kind::validator_created, 1);
  ASSERT_EQ(listener->heard.size(), 4u);
  EXPECT_NE(listener->heard[0].find(object(1)), std::string::npos);
  EXPECT_NE(listener->heard[1].find(object(2)), std::string::npos);
  EXPECT_NE(listener->heard[2].find("all_validators_deleted"), std::string::npos);
  EXPECT_NE(listener->heard[3].find(object(3)), std::string::npos);
  EXPECT_EQ(pool.labels.size(), 2u);
}

TEST_F(validator_feed_test, a_database_that_is_away_costs_what_must_be_read_and_no_more) {
  pool.refusal = error{errc::database_unavailable, "Database unavailable", {}, {}};
  change(kind::validator_created, 1);
  change(kind::validators_deleted);
  pool.refusal.reset();
  change(kind::validator_created, 1);
  ASSERT_EQ(listener->heard.size(), 2u);
  EXPECT_NE(listener->heard[1].find(object(1)), std::string::npos);
}

TEST_F(validator_feed_test, is_silent_once_closed) {
  feed->close();
  change(kind::validator_created, 1);
  change(kind::validators_deleted);
  EXPECT_TRUE(listener->heard.empty());
}

}  // namespace
}  // namespace quorate::rpc::methods::tests
