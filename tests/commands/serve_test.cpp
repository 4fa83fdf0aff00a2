// SPDX-License-Identifier: MIT
// The flags of `serve`, and SIGHUP.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/common/command.hpp"
#include "tests/common/postgres_server.hpp"
#include "tests/common/quorate_process.hpp"

namespace quorate::tests {
namespace {

class serve_command : public testing::Test {
 protected:
  static postgres_server& server() { return postgres_server::shared(); }
  std::string url_ = server().create_database("serve_command");
  temporary_directory place_;
};

TEST_F(serve_command, sighup_takes_over_what_can_change_and_names_what_cannot) {
  const auto file = place_.write("q.toml", "[database.pool]\nsize = 3\nmax_overflow = 1\n");
  quorate_process node{{url_, {}, {}, {"--config", file.string()}}};
  node.start();
  EXPECT_EQ(node.pool_status().at("max_allowed"), 4);

  node.reload("settings reloaded");  // nothing has changed, and --config is not forgotten
  EXPECT_EQ(node.pool_status().at("max_allowed"), 4);
  EXPECT_EQ(node.log().find("need a restart"), std::string::npos) << node.log();

  place_.write("q.toml", "[database.pool]\nsize = 6\nmax_overflow = 2\n[rpc]\nchain_id = 5\nbatch_limit = 9\n");
  node.reload("need a restart");
  node.wait_until("the pool is resized", [&] { return node.pool_status().at("max_allowed") == 8; });
  const auto log = node.log();
  EXPECT_NE(log.find("changed=\"database.pool.size, database.pool.max_overflow\""), std::string::npos) << log;
  EXPECT_NE(log.find("options=\"rpc.chain_id, rpc.batch_limit\""), std::string::npos) << log;
  EXPECT_EQ(node.result("net_version"), "61127") << "until a restart";
  EXPECT_EQ(node.stop(), 0);
}

TEST_F(serve_command, sighup_with_a_broken_file_changes_nothing) {
  const auto file = place_.write("q.toml", "[database.pool]\nsize = 3\nmax_overflow = 1\n");
  quorate_process node{{url_, {}, {}, {"--config", file.string()}}};
  node.start();
  for (const auto* content : {"[database.pool]\nsize = 6\nsise = 7\n", "[database.pool]\nsize = 0\n", "size = [",
                              "[database.pool]\nsize = 6\n[log]\nfile = \"/proc/self/status/log\"\n"}) {
    place_.write("q.toml", content);
    node.reload("reload refused");
    EXPECT_EQ(node.pool_status().at("max_allowed"), 4) << content;
  }
  EXPECT_NE(node.log().find("q.toml:3: unknown key database.pool.sise"), std::string::npos) << node.log();
  std::filesystem::remove(file);
  node.reload("reload refused");
  EXPECT_EQ(node.pool_status().at("max_allowed"), 4);
}

TEST_F(serve_command, what_the_command_line_said_stays) {
  const auto file = place_.write("q.toml", "[database.pool]\nsize = 3\nmax_overflow = 0\n");
  quorate_process node{{url_, {}, {{"database.pool.size", "5"}}, {"--config", file.string()}}};
  node.start();
  place_.write("q.toml", "[database.pool]\nsize = 9\nmax_overflow = 2\n");
  node.reload("settings reloaded");
  node.wait_until("the pool is resized", [&] { return node.pool_status().at("max_allowed") == 7; });
}

TEST_F(serve_command, sighup_opens_the_log_file_anew) {
  const auto log = place_.path() / "q.log";
  quorate_process node{{url_, {}, {{"log.file", log.string()}}}};
  node.start();
  std::filesystem::rename(log, place_.path() / "q.log.1");
  ::kill(node.pid(), SIGHUP);
  node.wait_until("there is a new log", [&] { return std::filesystem::exists(log); });
}

TEST_F(serve_command, needs_no_data_directory_with_a_database_of_ones_own) {
  quorate_process node{{url_, {}, {{"data_dir", "/proc/none"}}}};
  node.start();
  EXPECT_EQ(node.result("ping"), "OK");
  const auto status = run_quorate({"status", "--data-dir", "/proc/none", "--port", std::to_string(node.port())});
  EXPECT_EQ(status.code, 0) << status.text;
  EXPECT_TRUE(status.says("is ready")) << status.text;
  EXPECT_EQ(node.stop(), 0);
}

TEST_F(serve_command, an_address_it_cannot_have_is_named) {
  quorate_process first{{url_}};
  first.start();
  const auto port = std::to_string(first.port());
  const auto data = place_.path().string();
  const auto taken = run_quorate({"serve", "--database-url", url_, "--data-dir", data, "--port", port});
  EXPECT_EQ(taken.code, 1);
  EXPECT_TRUE(taken.says("cannot listen on 127.0.0.1:" + port + ": Address already in use")) << taken.text;
  const auto foreign =
      run_quorate({"serve", "--database-url", url_, "--data-dir", data, "--port", "0", "--host", "192.0.2.1"});
  EXPECT_EQ(foreign.code, 1);
  EXPECT_TRUE(foreign.says("192.0.2.1")) << foreign.text;
}

}  // namespace
}  // namespace quorate::tests
