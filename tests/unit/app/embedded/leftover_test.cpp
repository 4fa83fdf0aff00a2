// SPDX-License-Identifier: MIT
#include "app/embedded/leftover.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "tests/common/child.hpp"

namespace quorate::app {
namespace {

namespace fs = std::filesystem;
using kind = postmaster::kind;

class postmaster_file : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/quorate-leftover-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    cluster_ = name;
  }
  void TearDown() override {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      tests::wait_child(child_);
    }
    fs::remove_all(cluster_);
  }

  void name(pid_t pid) { std::ofstream{cluster_ / "postmaster.pid"} << pid << "\n" << cluster_.string() << "\n"; }
  /// Runs sleep as `program`, in `directory`, and names it in the file.
  void run(const std::string& program, const fs::path& directory) {
    const auto link = cluster_ / program;
    fs::create_symlink("/bin/sleep", link);
    child_ = tests::spawn_child({"/bin/sh", "-c", "cd " + directory.string() + " && exec " + link.string() + " 1000"},
                                "/dev/null");
    // The shell is there before the program is.
    for (std::string words; words.find(program) != 0 && words.find("/" + program) == std::string::npos;) {
      std::getline(std::ifstream{"/proc/" + std::to_string(child_) + "/cmdline"}, words, '\0');
      std::this_thread::yield();
    }
    name(child_);
  }
  bool child_lives() { return ::kill(child_, 0) == 0 && ::waitpid(child_, nullptr, WNOHANG) == 0; }
  bool file_exists() { return fs::exists(cluster_ / "postmaster.pid"); }

  fs::path cluster_;
  pid_t child_ = -1;
};

TEST_F(postmaster_file, names_nobody) {
  EXPECT_EQ(find_postmaster(cluster_).is, kind::none);
  name(0x7ffffff0);
  EXPECT_EQ(find_postmaster(cluster_).is, kind::none);
  EXPECT_TRUE(clear_leftover(cluster_));
}

TEST_F(postmaster_file, names_this_very_process) {
  name(::getpid());
  EXPECT_EQ(find_postmaster(cluster_).is, kind::foreign);
  ASSERT_TRUE(clear_leftover(cluster_));
  EXPECT_FALSE(file_exists());
}

TEST_F(postmaster_file, names_another_program_that_is_left_alone) {
  run("editor", cluster_);
  ASSERT_TRUE(clear_leftover(cluster_));
  EXPECT_FALSE(file_exists());
  EXPECT_TRUE(child_lives());
}

TEST_F(postmaster_file, names_the_server_of_another_cluster) {
  run("postgres", "/");
  EXPECT_EQ(find_postmaster(cluster_).is, kind::foreign);
  EXPECT_TRUE(child_lives());
}

TEST_F(postmaster_file, names_a_server_of_this_cluster) {
  run("postgres", cluster_);
  const auto found = find_postmaster(cluster_);
  EXPECT_EQ(found.is, kind::own);
  EXPECT_EQ(found.pid, child_);
}

}  // namespace
}  // namespace quorate::app
