// SPDX-License-Identifier: MIT
#include "app/embedded/programs.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace quorate::app {
namespace {

namespace fs = std::filesystem;

class postgres_programs : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/quorate-programs-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    root_ = name;
    places_ = {root_ / "lib", root_ / "pg_config"};
  }
  void TearDown() override { fs::remove_all(root_); }

  fs::path bin_of(const std::string& version) { return root_ / "lib" / version / "bin"; }
  void install(const fs::path& bin) {
    fs::create_directories(bin);
    for (const char* program : {"initdb", "postgres"}) std::ofstream{bin / program};
  }
  std::string refusal(const std::string& version) {
    const auto found = find_postgres_programs(version, places_);
    return found ? "found " + found->string() : found.error().message;
  }

  fs::path root_;
  program_places places_;
};

TEST_F(postgres_programs, a_new_cluster_gets_the_newest) {
  for (const char* version : {"9.6", "15", "17"}) install(bin_of(version));
  fs::create_directories(bin_of("18"));  // a client package only
  EXPECT_EQ(find_postgres_programs({}, places_), bin_of("17"));
}

TEST_F(postgres_programs, a_cluster_gets_those_that_made_it) {
  for (const char* version : {"15", "16", "17"}) install(bin_of(version));
  EXPECT_EQ(find_postgres_programs("15", places_), bin_of("15"));
  EXPECT_EQ(find_postgres_programs("16", places_), bin_of("16"));
}

TEST_F(postgres_programs, the_package_that_is_missing_is_named) {
  install(bin_of("16"));
  install(bin_of("17"));
  const auto text = refusal("15");
  EXPECT_NE(text.find("apt-get install postgresql-15"), std::string::npos) << text;
  EXPECT_NE(text.find("16, 17"), std::string::npos) << text;
  fs::remove_all(root_ / "lib");
  EXPECT_NE(refusal({}).find("apt-get install postgresql"), std::string::npos) << refusal({});
}

TEST_F(postgres_programs, another_installation_is_found_by_pg_config_with_its_version) {
  install(root_ / "other");
  std::ofstream{places_.pg_config}
      << "#!/bin/sh\ncase $1 in --version) echo 'PostgreSQL 16.4 (Other 1)';;\n--bindir) echo "
      << (root_ / "other").string() << ";; esac\n";
  fs::permissions(places_.pg_config, fs::perms::owner_all);
  EXPECT_EQ(find_postgres_programs({}, places_), root_ / "other");
  EXPECT_EQ(find_postgres_programs("16", places_), root_ / "other");
  EXPECT_NE(refusal("15").find("postgresql-15"), std::string::npos) << refusal("15");
}

TEST_F(postgres_programs, a_cluster_says_which_version_made_it) {
  EXPECT_EQ(cluster_version(root_), "");
  std::ofstream{root_ / "PG_VERSION"} << "15\n";
  EXPECT_EQ(cluster_version(root_), "15");
}

}  // namespace
}  // namespace quorate::app
