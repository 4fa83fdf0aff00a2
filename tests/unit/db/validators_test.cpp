// SPDX-License-Identifier: MIT
#include "db/validators.hpp"

#include "db/admin.hpp"
#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

class validator_rows : public database_test<validator_rows> {
 protected:
  static validators::new_validator one(const std::string& address, std::int64_t stake, const std::string& model = "m") {
    return {.address = address,
            .private_key = "0x" + std::string(64, '5'),
            .stake = stake,
            .model = {"p", model, "custom", R"({"big": 123456789012345678901234567890})", R"({"api_url": null})"}};
  }
  std::vector<validator_row> create(const std::vector<validators::new_validator>& wanted) {
    return *in_transaction(*on, [&](transaction& tx) { return validators::create(tx, wanted); });
  }
  std::optional<validator_row> find(const std::string& address) {
    return *in_transaction(*on, [&](transaction& tx) { return validators::by_address(tx, address); });
  }
  std::unique_ptr<db::session> on = open_session(url_);
};

TEST_F(validator_rows, are_read_by_id_and_without_their_keys) {
  sql(R"(INSERT INTO validators (stake, config, address, provider, model, plugin, plugin_config, private_key, created_at) VALUES
    (5, '{"a": 1}', '0xA', 'openai', 'gpt', 'chat', '{"api_url": null}', '0xsecret', '2026-01-02 03:04:05+00'),
    (7, '{}', NULL, 'p', 'm', 'g', '{}', NULL, NULL))");
  const auto all = in_transaction(*on, [](transaction& tx) { return validators::all(tx); });
  ASSERT_TRUE(all) << all.error().detail;
  ASSERT_EQ(all->size(), 2U);
  const auto& first = all->front();
  EXPECT_LT(first.id, all->back().id);
  EXPECT_EQ(first.address, "0xA");
  EXPECT_EQ(first.stake, 5);
  EXPECT_EQ(first.provider + first.model + first.plugin, "openaigptchat");
  EXPECT_EQ(first.config, R"({"a": 1})");
  EXPECT_EQ(first.plugin_config, R"({"api_url": null})");
  EXPECT_EQ(first.created_at, "2026-01-02T03:04:05+00:00");
  EXPECT_EQ(all->back().address, std::nullopt);
  EXPECT_EQ(all->back().created_at, std::nullopt);
}

TEST_F(validator_rows, are_found_by_address_and_by_id) {
  const auto made = create({one("0xA", 5), one("0xC", 6)});
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(find("0xA")->stake, 5);
  EXPECT_EQ(find("0xB"), std::nullopt);
  EXPECT_EQ(*in_transaction(*on, [](transaction& tx) { return validators::count(tx); }), 2);
  const auto some = in_transaction(*on, [&](transaction& tx) {
    return validators::by_ids(tx, {made[1].id, made[1].id + 1000, made[0].id});
  });
  ASSERT_TRUE(some) << some.error().detail;
  ASSERT_EQ(some->size(), 2u);
  EXPECT_EQ(some->front().address, "0xA");
}

TEST_F(validator_rows, come_with_an_account_and_a_key_that_stays) {
  sql("INSERT INTO current_state (id, data, balance) VALUES ('0xA', '{}', 9)");
  const auto made = create({one("0xA", 5, "m,\"\\{}"), one("0xB", 2'147'483'647)});
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[0].address, "0xA");
  EXPECT_EQ(made[0].model, "m,\"\\{}");
  EXPECT_EQ(made[1].stake, 2'147'483'647);
  EXPECT_EQ(made[0].config, R"({"big": 123456789012345678901234567890})");
  EXPECT_TRUE(made[0].created_at);
  EXPECT_EQ(value("SELECT string_agg(id || balance || data, ' ' ORDER BY id) FROM current_state"), "0xA9{} 0xB0{}");
  EXPECT_EQ(value("SELECT count(*) FROM validators WHERE private_key = '0x' || repeat('5', 64)"), "2");
  EXPECT_TRUE(create({}).empty());
}

TEST_F(validator_rows, change_where_the_address_is_known) {
  create({one("0xA", 5), one("0xA", 6)});
  const llm_provider model{"q", "n", "google", "{}", R"({"api_url": "u"})"};
  const auto change = [&](const std::string& address) {
    return *in_transaction(*on, [&](transaction& tx) { return validators::update(tx, address, 8, model); });
  };
  const auto changed = change("0xA");
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->stake, 8);
  EXPECT_EQ(changed->provider + changed->model + changed->plugin + changed->config, "qngoogle{}");
  EXPECT_EQ(find("0xA")->stake, 8) << "the row that speaks for the address is the one that changes";
  EXPECT_EQ(value("SELECT string_agg(stake::text, ' ' ORDER BY id) FROM validators"), "8 6");
  EXPECT_EQ(change("0xB"), std::nullopt);
}

TEST_F(validator_rows, go_by_address_or_all_at_once) {
  create({one("0xA", 5), one("0xA", 6), one("0xB", 7), one("0xC", 7)});
  const auto remove = [&](const std::string& address) {
    return *in_transaction(*on, [&](transaction& tx) { return validators::remove(tx, address); });
  };
  EXPECT_TRUE(remove("0xA"));
  EXPECT_FALSE(remove("0xA"));
  EXPECT_EQ(value("SELECT count(*) FROM validators"), "2");
  ASSERT_TRUE(in_transaction(*on, [](transaction& tx) { return validators::remove_all(tx); }));
  EXPECT_EQ(value("SELECT count(*) FROM validators"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM current_state"), "3") << "an account outlives its validator";
}

TEST_F(validator_rows, tell_of_every_change_in_order_and_of_none_that_was_rolled_back) {
  const auto ears = connector_to(url_)->listen(std::chrono::seconds{5});
  ASSERT_TRUE(ears);
  const auto made = create({one("0xA", 5), one("0xB", 6)});
  const auto commit = [&](auto work) { ASSERT_TRUE(in_transaction(*on, work)); };
  commit([](transaction& tx) { return validators::update(tx, "0xA", 8, {"q", "n", "google", "{}", "{}"}); });
  commit([](transaction& tx) { return validators::remove(tx, "0xA"); });
  commit([](transaction& tx) { return validators::remove(tx, "0xA"); });
  commit([](transaction& tx) { return validators::remove_all(tx); });
  commit([](transaction& tx) { return clear_tables(tx, {"validators"}); });
  (void)in_transaction(*on, [](transaction& tx) -> status {
    (void)validators::create(tx, {one("0xD", 5)});
    return fail(errc::application, "no");
  });
  const auto id = [&](std::size_t n) { return std::to_string(made[n].id); };
  EXPECT_EQ(heard_by(**ears)[std::string{channels::events}],
            (std::vector<std::string>{"validator created " + id(0), "validator created " + id(1),
                                      "validator updated " + id(0), "validator deleted 0xA", "validators deleted",
                                      "validators deleted"}));
}

}  // namespace
}  // namespace quorate::db::tests
