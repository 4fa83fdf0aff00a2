// SPDX-License-Identifier: MIT
#include <cstring>
#include <random>
#include <set>

#include "chain/address.hpp"
#include "chain/signature.hpp"
#include "rpc/bind.hpp"
#include "rpc/methods/draw.hpp"
#include "tests/unit/rpc/methods/on_postgres.hpp"

/// Validators, from parameters to rows and back.
namespace quorate::rpc::methods::tests {
namespace {

class validator_methods : public methods_on_postgres<validator_methods> {
 public:
  static constexpr auto name = "validator_methods";

 protected:
  validator_methods() {
    draw = [this](std::span<std::uint8_t> out) {
      for (auto& byte : out) byte = static_cast<std::uint8_t>(random_());
    };
  }
  std::string refusal(const std::string& method, std::vector<json> params, errc code = errc::invalid_params) {
    const auto got = call(method, std::move(params));
    if (got) return *got;
    EXPECT_EQ(got.error().code, code);
    return got.error().message;
  }
  static void store(const std::string& model, const std::string& key, const std::string& provider = "p") {
    sql("INSERT INTO llm_provider (provider, model, plugin, config, plugin_config) VALUES ('" + provider + "', '" +
        model + R"(', 'custom', '{"x": 1}', '{"api_key_env_var": ")" + key + R"(", "api_url": null}'))");
  }
  static std::string value(const std::string& text) {
    return quorate::tests::postgres_server::shared().value(text, name);
  }
  const json plugin_config{{"api_key_env_var", "K"}, {"api_url", nullptr}};

 private:
  std::mt19937_64 random_{11};
};

TEST_F(validator_methods, one_is_created_as_asked_with_an_account_of_its_own) {
  const auto made = answer("sim_createValidator", {"8", "p", "m", {{"a", 1}}, "custom", plugin_config});
  EXPECT_EQ(made["stake"], 8);
  EXPECT_EQ(made["provider"], "p");
  EXPECT_EQ(made["config"], (json{{"a", 1}}));
  EXPECT_EQ(made["plugin_config"], plugin_config);
  EXPECT_EQ(made.size(), 9u) << "and no key";
  const auto address = made["address"].get<std::string>();
  EXPECT_TRUE(chain::is_checksum_address(address));
  EXPECT_EQ(answer("sim_getValidator", {address}), made);
  EXPECT_EQ(value("SELECT balance FROM current_state WHERE id = '" + address + "'"), "0");
  const auto key = chain::parse_private_key(value("SELECT private_key FROM validators"));
  ASSERT_TRUE(key);
  EXPECT_EQ(chain::address_text(*chain::address_of(*key)), address);
  EXPECT_NE(answer("sim_createValidator", {"8", "p", "m", {{"a", 1}}, "custom", plugin_config})["address"], address);
}

TEST_F(validator_methods, what_is_not_given_whole_comes_from_the_defaults) {
  const auto made = answer("sim_createValidator", {"8", "openai", "gpt-99", {{"a", 1}}, nullptr, plugin_config});
  EXPECT_EQ(made["model"], "gpt-99");
  EXPECT_EQ(made["plugin"], "openai-compatible");
  EXPECT_EQ(made["plugin_config"]["api_key_env_var"], "OPENAIKEY");
  EXPECT_FALSE(made["config"].contains("a"));
  EXPECT_EQ(refusal("sim_createValidator", {"8", "nobody", "m"}),
            "Invalid parameter provider: No default provider found for nobody and m");
  EXPECT_EQ(refusal("sim_createValidator", {"8", "openai", std::string(256, 'x')}),
            "Invalid parameter model: expected a string of 1 to 255 bytes without U+0000");
}

TEST_F(validator_methods, what_breaks_a_rule_is_refused_before_any_work) {
  pool.labels.clear();
  EXPECT_EQ(refusal("sim_createValidator", {"8", "openai", "m", json::object(), "custom", plugin_config}),
            "Invalid parameter plugin: expected openai-compatible for the provider openai");
  EXPECT_EQ(refusal("sim_updateValidator", {sender, "8", "p", "m", {{"temperature", 2}}, "custom", plugin_config}),
            "Invalid parameter config.temperature: expected a number from 0 to 1 in steps of 0.05");
  for (const auto* odd : {"0", "2147483648"}) {
    const std::string expected = ": expected an integer from 1 to 2147483647";
    EXPECT_EQ(refusal("sim_createValidator", {odd, "p", "m"}), "Invalid parameter stake" + expected);
    EXPECT_EQ(refusal("sim_updateValidator", {sender, odd, "p", "m"}), "Invalid parameter stake" + expected);
    EXPECT_EQ(refusal("sim_createRandomValidator", {odd}), "Invalid parameter stake" + expected);
    EXPECT_EQ(refusal("sim_createRandomValidators", {1, odd, "9"}), "Invalid parameter min_stake" + expected);
    EXPECT_EQ(refusal("sim_createRandomValidators", {1, "9", odd}), "Invalid parameter max_stake" + expected);
  }
  EXPECT_EQ(refusal("sim_createRandomValidators", {1, "9", "8"}),
            "Invalid parameter max_stake: expected an integer of at least min_stake");
  for (const int odd : {-1, 1001})
    EXPECT_EQ(refusal("sim_createRandomValidators", {odd, "1", "8"}),
              "Invalid parameter count: expected an integer from 0 to 1000");
  EXPECT_TRUE(pool.labels.empty());
}

TEST_F(validator_methods, one_is_changed_and_its_key_stays) {
  const auto made = answer("sim_createValidator", {"8", "p", "m", {{"a", 1}}, "custom", plugin_config});
  const auto key = value("SELECT private_key FROM validators");
  const auto change = [&](std::vector<json> rest) {
    rest.insert(rest.begin(), made["address"]);
    return answer("sim_updateValidator", std::move(rest));
  };
  auto changed = change({"5", "q", "n", nullptr, "custom", plugin_config});
  EXPECT_EQ(changed["id"], made["id"]);
  EXPECT_EQ(changed["stake"], 5);
  EXPECT_EQ(changed["model"], "n");
  EXPECT_EQ(changed["config"], json::object());
  changed = change({"6", "openai", "gpt-4o", {{"temperature", 1}}});
  EXPECT_EQ(changed["config"], (json{{"temperature", 1}}));
  EXPECT_EQ(changed["plugin"], "openai-compatible");
  changed = change({"6", "openai", "gpt-4o", json::object(), "custom", json::object()});
  EXPECT_EQ(changed["config"], (json{{"temperature", chain::parse_json("0.75").value()}, {"max_tokens", 500}}))
      << "the default is what it was";
  EXPECT_EQ(value("SELECT private_key FROM validators"), key);
  EXPECT_EQ(refusal("sim_updateValidator", {recipient, "6", "openai", "gpt-4o"}, errc::not_found),
            "Validator doesn't exist.");
}

TEST_F(validator_methods, they_are_deleted_by_address_or_all) {
  const auto address = answer("sim_createValidator", {"8", "openai", "gpt-4o"})["address"];
  answer("sim_createValidator", {"8", "openai", "gpt-4o"});
  EXPECT_EQ(answer("sim_deleteValidator", {address}), address);
  EXPECT_EQ(refusal("sim_deleteValidator", {address}, errc::not_found), "Validator doesn't exist.");
  EXPECT_EQ(answer("sim_countValidators"), 1);
  EXPECT_EQ(answer("sim_deleteAllValidators"), json::array());
  EXPECT_EQ(answer("sim_countValidators"), 0);
}

TEST_F(validator_methods, random_ones_take_what_answers) {
  store("a", "SET");
  store("b", "UNSET");
  store("c", "SET");
  keys = {"SET"};
  const auto made = answer("sim_createRandomValidators", {40, "3", "5"});
  ASSERT_EQ(made.size(), 40u);
  std::set<std::string> models, addresses;
  std::set<std::int64_t> stakes;
  for (const auto& one : made) {
    models.insert(one["model"].get<std::string>());
    addresses.insert(one["address"].get<std::string>());
    stakes.insert(one["stake"].get<std::int64_t>());
    EXPECT_EQ(one["config"], (json{{"x", 1}}));
  }
  EXPECT_EQ(models, (std::set<std::string>{"a", "c"}));
  EXPECT_EQ(stakes, (std::set<std::int64_t>{3, 4, 5}));
  EXPECT_EQ(addresses.size(), 40u);
  EXPECT_EQ(answer("sim_getAllValidators"), made);
  EXPECT_EQ(answer("sim_createRandomValidator", {"7"})["stake"], 7);
  EXPECT_EQ(answer("sim_createRandomValidators", {0, "1", "1"}), json::array());
}

TEST_F(validator_methods, random_ones_can_be_limited) {
  store("a", "SET");
  store("b", "SET");
  store("a", "SET", "q");
  store("c", "UNSET", "r");
  keys = {"SET"};
  for (const auto& one : answer("sim_createRandomValidators", {10, "1", "1", {"q", "r"}, json::array()}))
    EXPECT_EQ(one["provider"], "q");
  for (const auto& one : answer("sim_createRandomValidators", {10, "1", "1", nullptr, {"b"}}))
    EXPECT_EQ(one["model"], "b");
  EXPECT_EQ(refusal("sim_createRandomValidators", {1, "1", "1", {"x", "y"}}),
            "Invalid parameter limit_providers: Requested providers '{x, y}' do not match any stored providers. Please "
            "review your stored providers.");
  EXPECT_EQ(refusal("sim_createRandomValidators", {1, "1", "1", {"q"}, {"b"}}),
            "Invalid parameter limit_models: Requested models '{b}' do not match any stored models. Please review your "
            "stored providers.");
  EXPECT_EQ(refusal("sim_createRandomValidators", {1, "1", "1", {"r"}}, errc::application), "No providers available.");
  EXPECT_EQ(answer("sim_countValidators"), 20);
}

TEST_F(validator_methods, clients_send_stakes_as_text_too) {
  auto args = arrange(*table.find("sim_updateValidator"), json::array({sender, "5", "openai", "gpt-4o", nullptr}));
  ASSERT_TRUE(args);
  EXPECT_TRUE(check_types(*table.find("sim_updateValidator"), *args));
  EXPECT_EQ(args->values[1], "5");
  args = arrange(*table.find("sim_createValidator"), json::array({8, "openai", "gpt-4o", nullptr, nullptr, nullptr}));
  ASSERT_TRUE(args);
  EXPECT_TRUE(check_types(*table.find("sim_createValidator"), *args));
  EXPECT_EQ(args->values[0], "8");
}

TEST_F(validator_methods, those_that_change_something_are_gated) {
  for (const auto* method : {"sim_createValidator", "sim_createRandomValidator", "sim_createRandomValidators",
                             "sim_updateValidator", "sim_deleteValidator", "sim_deleteAllValidators"})
    EXPECT_EQ(table.find(method)->gate, gate::admin) << method;
}

TEST(draws, are_even_and_skip_what_would_favour_small_numbers) {
  std::vector<std::uint64_t> stream{~std::uint64_t{0}, ~std::uint64_t{0} - 1, 5};
  std::size_t at = 0;
  const auto random_bytes = [&](std::span<std::uint8_t> out) { std::memcpy(out.data(), &stream[at++], out.size()); };
  EXPECT_EQ(draw_below(random_bytes, 3), (~std::uint64_t{0} - 1) % 3);
  EXPECT_EQ(at, 2u) << "2^64 - 1 is a multiple of 3: one number too many";
  EXPECT_EQ(draw_below(random_bytes, 1), 0u);
  at = 0;
  EXPECT_EQ(draw_below(random_bytes, std::uint64_t{1} << 63), (std::uint64_t{1} << 63) - 1) << "every number counts";
}

}  // namespace
}  // namespace quorate::rpc::methods::tests
