// SPDX-License-Identifier: MIT
// `status`, `top` and `doctor` beside a node that runs on its own PostgreSQL.
#include <gtest/gtest.h>

#include "chain/json.hpp"
#include "tests/common/command.hpp"
#include "tests/common/quorate_process.hpp"

namespace quorate::tests {
namespace {

class running_node : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    node_ = new quorate_process{{}};
    node_->start();
    node_->result("sim_fundAccount", chain::json::array({"0x0000000000000000000000000000000000000042", 7}));
  }
  static void TearDownTestSuite() {
    delete node_;
    node_ = nullptr;
  }
  static ended ask(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--data-dir", node_->data_dir().string()});
    return run_quorate(arguments);
  }
  static quorate_process* node_;
};
quorate_process* running_node::node_ = nullptr;

TEST_F(running_node, status_shows_process_database_pool_and_actors) {
  const auto got = ask({"status"});
  EXPECT_EQ(got.code, 0) << got.text;
  for (const auto& part : {"is ready", "pool_supervisor", "http_front", "max_allowed=50", "queues", "psql -h "})
    EXPECT_TRUE(got.says(part)) << part << "\n" << got.text;
  EXPECT_TRUE(got.says("pid " + std::to_string(node_->pid()))) << got.text;
}

TEST_F(running_node, status_as_json_says_how_psql_reaches_the_database) {
  const auto got = ask({"status", "--json"});
  ASSERT_EQ(got.code, 0) << got.text;
  const auto json = chain::parse_json(got.text);
  ASSERT_TRUE(json) << got.text;
  EXPECT_EQ(json->at("ready"), true);
  EXPECT_EQ(json->at("pid"), node_->pid());
  EXPECT_EQ(json->at("port"), node_->port());
  EXPECT_EQ(json->at("pool").at("pool").at("max_allowed"), 50);
  EXPECT_TRUE(json->at("queues").at("reads").is_number_integer());
  const auto& actors = json->at("actors");
  const auto supervisor =
      std::find_if(actors.begin(), actors.end(), [](const auto& a) { return a.at("name") == "pool_supervisor"; });
  ASSERT_NE(supervisor, actors.end()) << got.text;
  EXPECT_EQ(supervisor->at("running"), 1);
  EXPECT_FALSE(got.says("bytes")) << "numbers are numbers";

  const auto& database = json->at("database");
  EXPECT_EQ(database.at("embedded"), true);
  const auto rows = run({"psql", "-X", "-A", "-t", "-h", database.at("socket_dir"), "-p",
                         std::to_string(database.at("port").get<int>()), "-U", database.at("user"), "-d",
                         database.at("name"), "-c", "SELECT balance FROM current_state"});
  EXPECT_EQ(rows.code, 0) << rows.text;
  EXPECT_EQ(rows.text, "7\n");
}

TEST_F(running_node, top_shows_pool_queues_rates_and_actors) {
  const auto got = ask({"top", "--turns", "1"});
  EXPECT_EQ(got.code, 0) << got.text;
  for (const auto& part : {"quorate top - http://127.0.0.1:", "POOL ", "of 50 leased", "breaker closed", "QUEUES ",
                           "contracts in work", "RATES ", "calls in flight", "ACTOR ", "pool_supervisor"})
    EXPECT_TRUE(got.says(part)) << part << "\n" << got.text;
  // The connection actors have been working, so the longest of their handlers took some time.
  const auto at = got.text.find("\nconnection ");
  ASSERT_NE(at, std::string::npos) << got.text;
  double running = 0, processed = 0, mailbox = 0, longest = 0;
  ASSERT_EQ(
      std::sscanf(got.text.c_str() + at, "\nconnection %lf %lf %lf %lf", &running, &processed, &mailbox, &longest), 4);
  EXPECT_GT(processed, 0);
  EXPECT_GT(longest, 0) << got.text;
}

TEST_F(running_node, top_shows_rates_from_the_second_turn_on) {
  const auto got = ask({"top", "--turns", "2", "--interval", "0.3"});
  EXPECT_EQ(got.code, 0) << got.text;
  const auto last = got.text.rfind("RATES   calls ");
  ASSERT_NE(last, std::string::npos) << got.text;
  // It has asked for the pool and the actors itself meanwhile.
  EXPECT_GT(std::atof(got.text.c_str() + last + 14), 0) << got.text;
}

TEST_F(running_node, doctor_finds_nothing_wrong_with_it) {
  const auto got = ask({"doctor"});
  EXPECT_EQ(got.code, 0) << got.text;
  for (const auto& part : {"a Quorate answers at http://127.0.0.1:", "in use by that Quorate", "database: PostgreSQL ",
                           "schema: Studio's", "rights: user quorate", "0 used by others", "Quorate can run here."})
    EXPECT_TRUE(got.says(part)) << part << "\n" << got.text;
  EXPECT_FALSE(got.says("warn")) << got.text;
}

TEST_F(running_node, doctor_names_the_owner_of_a_data_directory) {
  const auto got = ask({"doctor", "--port", std::to_string(free_port())});
  EXPECT_EQ(got.code, 1) << got.text;
  EXPECT_TRUE(got.says("belongs to a running Quorate (pid " + std::to_string(node_->pid()) + ")")) << got.text;
  EXPECT_TRUE(got.says("-> stop it, or choose another with --data-dir")) << got.text;
}

TEST_F(running_node, a_hidden_pool_is_said_and_not_drawn_as_empty) {
  quorate_process closed{{{}, {}, {{"rpc.hosted", "true"}, {"rpc.admin_api_key", "k"}}}};
  closed.start();
  const std::vector<std::string> at{"--data-dir", closed.data_dir().string()};
  for (const auto& command : {std::vector<std::string>{"status"}, {"top", "--turns", "1"}}) {
    auto arguments = command;
    arguments.insert(arguments.end(), at.begin(), at.end());
    const auto without = run_quorate(arguments);
    EXPECT_EQ(without.code, 0) << without.text;
    EXPECT_TRUE(without.says("rpc.admin_api_key")) << without.text;
    EXPECT_FALSE(without.says("pool_supervisor")) << without.text;
    const auto with = run_quorate(arguments, {{"ADMIN_API_KEY", "k"}});
    EXPECT_TRUE(with.says("pool_supervisor")) << with.text;
  }
}

TEST(no_node, is_said_with_how_to_start_one) {
  const temporary_directory place;
  for (const auto& command : {"status", "top"}) {
    const auto got = run_quorate({command, "--port", std::to_string(free_port()), "--data-dir", place.path().string()});
    EXPECT_EQ(got.code, 1);
    EXPECT_TRUE(got.says("start one with `quorate serve`")) << got.text;
  }
}

}  // namespace
}  // namespace quorate::tests
