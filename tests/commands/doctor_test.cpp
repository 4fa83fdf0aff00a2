// SPDX-License-Identifier: MIT
// `quorate doctor`: what a person could get wrong, each with the way to mend it.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "tests/common/command.hpp"
#include "tests/common/paths.hpp"
#include "tests/common/postgres_server.hpp"
#include "tests/common/quorate_process.hpp"

namespace quorate::tests {
namespace {

namespace fs = std::filesystem;

/// Something else on a port: answers every request with `reply`, until the object goes.
class stranger {
 public:
  explicit stranger(std::string reply) : reply_{std::move(reply)}, port_{free_port()} {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port_);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listening_, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 || ::listen(listening_, 8) != 0)
      throw std::runtime_error{"cannot listen"};
    thread_ = std::thread{[this] { serve(); }};
  }
  ~stranger() {
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
  }
  std::uint16_t port() const { return port_; }

 private:
  void serve() {
    for (int client; (client = ::accept(listening_, nullptr, nullptr)) >= 0; ::close(client)) {
      char request[4096];
      if (::recv(client, request, sizeof request, 0) > 0) ::send(client, reply_.data(), reply_.size(), MSG_NOSIGNAL);
      ::shutdown(client, SHUT_WR);
    }
  }
  std::string reply_;
  std::uint16_t port_;
  int listening_ = -1;
  std::thread thread_;
};

class doctor_command : public testing::Test {
 protected:
  static postgres_server& server() { return postgres_server::shared(); }
  static std::string contents(const fs::path& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  /// With a free port and an empty data directory, unless told otherwise.
  ended doctor(std::vector<std::string> more, const std::map<std::string, std::string>& environment = {}) {
    const auto given = [&](const char* flag) { return std::find(more.begin(), more.end(), flag) != more.end(); };
    std::vector<std::string> arguments{"doctor"};
    if (!given("--port")) arguments.insert(arguments.end(), {"--port", std::to_string(free_port())});
    if (!given("--data-dir")) arguments.insert(arguments.end(), {"--data-dir", (place_.path() / "data").string()});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_quorate(arguments, environment);
  }
  /// A failure, with what is wrong and how to mend it.
  void expect_bad(const ended& got, const std::string& what, const std::string& remedy) {
    EXPECT_EQ(got.code, 1) << got.text;
    expect(got, "FAIL  ", what, remedy);
  }
  void expect_warning(const ended& got, const std::string& what, const std::string& remedy) {
    expect(got, "warn  ", what, remedy);
  }

  temporary_directory place_;

 private:
  static void expect(const ended& got, const std::string& mark, const std::string& what, const std::string& remedy) {
    const auto at = got.text.find(mark + what);
    ASSERT_NE(at, std::string::npos) << what << "\n" << got.text;
    const auto next = got.text.find('\n', at) + 1;
    const auto second = got.text.substr(next, got.text.find('\n', next) - next);
    EXPECT_TRUE(second.starts_with("      -> ")) << got.text;
    EXPECT_NE(second.find(remedy), std::string::npos) << got.text;
  }
};

TEST_F(doctor_command, a_machine_where_all_is_well) {
  const auto got = doctor({});
  EXPECT_EQ(got.code, 0) << got.text;
  EXPECT_TRUE(got.says("Quorate can run here.")) << got.text;
  EXPECT_FALSE(fs::exists(place_.path() / "data")) << "it only looks";
}

TEST_F(doctor_command, a_taken_port) {
  const stranger silent{""};
  expect_bad(doctor({"--port", std::to_string(silent.port())}),
             "server: cannot listen on 127.0.0.1:" + std::to_string(silent.port()) + ": Address already in use",
             "--port");
}

TEST_F(doctor_command, studios_backend_is_no_quorate) {
  const std::string body = R"({"status":"ok"})";
  const stranger studio{"HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
  expect_bad(doctor({"--port", std::to_string(studio.port())}), "server: cannot listen on", "--port");
  const auto status = run_quorate({"status", "--port", std::to_string(studio.port())});
  EXPECT_EQ(status.code, 1);
  EXPECT_TRUE(status.says("is not Quorate")) << status.text;
}

TEST_F(doctor_command, host_names_are_addresses) {
  EXPECT_EQ(doctor({"--host", "localhost"}).code, 0);
  expect_bad(doctor({"--host", "no-such-host.invalid"}), "server: cannot listen on no-such-host.invalid", "--host");
}

TEST_F(doctor_command, proxies_that_are_no_networks) {
  expect_bad(doctor({"--set", "server.trusted_proxies=10.0.0.0/8, proxy"}), "server: trusted proxy 'proxy'",
             "server.trusted_proxies");
}

TEST_F(doctor_command, a_log_that_cannot_be_written) {
  const auto log = (place_.write("file", "") / "q.log").string();
  expect_bad(doctor({"--set", "log.file=" + log}), "log.file: cannot write to " + log, "name a file in a directory");
}

TEST_F(doctor_command, an_open_administration) {
  expect_warning(doctor({"--host", "0.0.0.0"}), "admin methods: open to everybody", "rpc.admin_api_key");
}

TEST_F(doctor_command, reserves_that_leave_nothing) {
  expect_warning(doctor({"--set", "database.pool.reserved_consensus=40"}), "pool: 41 of 50 connections",
                 "database.pool.reserved_consensus");
}

TEST_F(doctor_command, a_data_directory_that_is_a_file) {
  const auto file = place_.write("file", "");
  expect_bad(doctor({"--data-dir", (file / "below").string()}), "data_dir: " + file.string(), "--data-dir");
}

TEST_F(doctor_command, a_data_directory_that_postgresqls_user_cannot_enter) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  const auto closed = place_.path() / "closed";
  fs::create_directory(closed);
  fs::permissions(closed, fs::perms::owner_all);
  expect_bad(doctor({"--data-dir", (closed / "data").string()}), "data_dir: user 'postgres'", "chmod o+x");
}

TEST_F(doctor_command, a_cluster_of_a_version_that_is_not_installed) {
  fs::create_directories(place_.path() / "data" / "postgres");
  place_.write("data/postgres/PG_VERSION", "99\n");
  const auto got = doctor({});
  expect_bad(got, "PostgreSQL: PostgreSQL 99, which made the database", "apt-get install postgresql-99");
  const auto serve = run_quorate({"serve", "--port", "0", "--data-dir", (place_.path() / "data").string()});
  EXPECT_EQ(serve.code, 1);
  EXPECT_TRUE(serve.says("apt-get install postgresql-99")) << serve.text;
}

TEST_F(doctor_command, a_database_that_is_not_there) {
  expect_bad(doctor({"--database-url", "postgresql://me@127.0.0.1:1/none"}), "database: Database unavailable",
             "database.url");
}

TEST_F(doctor_command, a_password_that_everybody_can_read) {
  const std::string url = "postgresql://me:hidden@127.0.0.1:1/none";
  const auto got = doctor({"--database-url", url});
  expect_warning(got, "database.url: the password on the command line", "DATABASE_URL_FILE");
  EXPECT_FALSE(got.says("hidden")) << got.text;
  EXPECT_FALSE(doctor({}, {{"DATABASE_URL", url}}).says("command line"));
}

TEST_F(doctor_command, a_database_of_last_year) {
  const auto url = server().create_empty_database("doctor_seed");
  server().exec(contents(data_file("db/seed_schema.sql")), "doctor_seed");
  expect_bad(doctor({"--database-url", url}), "schema: Studio's of August 2025", "quorate migrate --upgrade");
}

TEST_F(doctor_command, a_database_of_somebody_else) {
  const auto url = server().create_empty_database("doctor_foreign");
  server().exec("CREATE TABLE invoices (id int)", "doctor_foreign");
  expect_bad(doctor({"--database-url", url}), "schema: this database belongs to something else", "database.url");
}

TEST_F(doctor_command, a_read_only_server) {
  const auto url = server().create_database("doctor_read_only");
  EXPECT_EQ(doctor({"--database-url", url}).code, 0);
  server().exec("ALTER DATABASE doctor_read_only SET default_transaction_read_only = on");
  expect_bad(doctor({"--database-url", url}), "rights: the server is read-only", "target_session_attrs=read-write");
}

TEST_F(doctor_command, a_role_without_rights) {
  server().exec("DROP ROLE IF EXISTS doctor_guest; CREATE ROLE doctor_guest LOGIN");
  const auto as_guest = [&](const std::string& database) {
    return "host=" + server().socket_dir().string() + " port=" + std::to_string(server().port()) +
           " user=doctor_guest dbname=" + database;
  };
  server().create_empty_database("doctor_rights");
  expect_bad(doctor({"--database-url", as_guest("doctor_rights")}), "rights: user doctor_guest may not create",
             "quorate migrate");
  server().create_database("doctor_rights");
  server().exec(
      "GRANT USAGE ON SCHEMA quorate TO doctor_guest; GRANT SELECT ON quorate.settings, alembic_version TO "
      "doctor_guest",
      "doctor_rights");
  expect_bad(doctor({"--database-url", as_guest("doctor_rights")}), "rights: user doctor_guest may not read and change",
             "config/roles.sql");
}

TEST_F(doctor_command, too_few_connections) {
  const auto url = server().create_database("doctor_connections");
  expect_warning(doctor({"--database-url", url, "--set", "database.pool.size=900"}), "connections: 932 needed",
                 "max_connections");
}

TEST_F(doctor_command, a_running_nodes_connections_are_its_own) {
  const auto url = server().create_database("doctor_own");
  quorate_process node{{url, {}, {{"database.pool.size", "60"}, {"database.pool.warm_up", "60"}}}};
  node.start();
  node.wait_until("it is warm", [&] { return node.pool_status().at("total") == 60; });
  const auto got = doctor({"--database-url", url, "--port", std::to_string(node.port()), "--data-dir",
                           node.data_dir().string(), "--set", "database.pool.size=60"});
  EXPECT_EQ(got.code, 0) << got.text;
  EXPECT_FALSE(got.says("warn")) << got.text;
  EXPECT_TRUE(got.says("92 needed, 117 allowed by the server, 0 used by others")) << got.text;
}

}  // namespace
}  // namespace quorate::tests
