// SPDX-License-Identifier: MIT
#include "db/providers.hpp"

#include <atomic>
#include <thread>

#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

using rows = std::vector<llm_provider>;

class provider_rows : public database_test<provider_rows> {
 protected:
  static llm_provider one(const std::string& model, const std::string& config = "{}") {
    return {"openai", model, "openai-compatible", config, R"({"api_url": "a", "api_key_env_var": "K"})"};
  }
  template <class Work>
  auto run(Work work) {
    return in_transaction(*on, work);
  }
  result<std::int64_t> add(const llm_provider& what) {
    return run([&](transaction& tx) { return providers::add(tx, what); });
  }
  void sync(const rows& defaults) {
    const auto done = run([&](transaction& tx) { return providers::sync(tx, defaults); });
    ASSERT_TRUE(done) << done.error().detail;
  }
  std::vector<llm_provider_row> all() {
    return *run([](transaction& tx) { return providers::all(tx); });
  }
  /// Models by id, defaults with a star.
  std::string models() {
    std::string out;
    for (const auto& row : all()) out += row.what.model + (row.is_default ? "* " : " ");
    return out;
  }
  static std::string stamps() {
    return value("SELECT string_agg(updated_at::text, ' ' ORDER BY id) FROM llm_provider");
  }

  std::unique_ptr<db::session> on = open_session(url_);
};

TEST_F(provider_rows, are_added_changed_and_removed) {
  const auto id = add(one("a", R"({"big": 123456789012345678901234567890})"));
  ASSERT_TRUE(id) << id.error().detail;
  EXPECT_EQ(all().front().id, *id);
  EXPECT_EQ(all().front().what.config, R"({"big": 123456789012345678901234567890})");
  EXPECT_FALSE(all().front().is_default);
  EXPECT_TRUE(*run([&](transaction& tx) { return providers::update(tx, *id, one("b")); }));
  EXPECT_EQ(models(), "b ");
  EXPECT_FALSE(*run([&](transaction& tx) { return providers::update(tx, *id + 1, one("c")); }));
  EXPECT_FALSE(*run([](transaction& tx) { return providers::remove(tx, 1'000'000'000'000); }));
  EXPECT_TRUE(*run([&](transaction& tx) { return providers::remove(tx, *id); }));
  EXPECT_EQ(models(), "");
}

TEST_F(provider_rows, have_keys_that_differ) {
  ASSERT_TRUE(add(one("a")));
  const auto second = add(one("a"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::duplicate);
  const auto other = add(one("b"));
  const auto renamed = run([&](transaction& tx) { return providers::update(tx, *other, one("a")); });
  ASSERT_FALSE(renamed);
  EXPECT_EQ(renamed.error().code, errc::duplicate);
  EXPECT_EQ(models(), "a b ");
}

TEST_F(provider_rows, reset_leaves_nothing_but_the_defaults) {
  ASSERT_TRUE(add(one("mine")));
  ASSERT_TRUE(add(one("b")));
  const rows defaults{one("b", R"({"x": "\"quoted\""})"), one("a")};
  ASSERT_TRUE(run([&](transaction& tx) { return providers::reset(tx, defaults); }));
  EXPECT_EQ(models(), "b* a* ");
  EXPECT_EQ(all().front().what.config, R"({"x": "\"quoted\""})");
  ASSERT_TRUE(run([](transaction& tx) { return providers::reset(tx, {}); }));
  EXPECT_EQ(models(), "");
}

TEST_F(provider_rows, a_start_brings_defaults_up_to_date_and_leaves_others_alone) {
  ASSERT_TRUE(add(one("b", R"({"mine": true})")));
  sync({one("a"), one("b"), one("c")});
  EXPECT_EQ(models(), "b a* c* ") << "somebody's own row keeps its key";
  EXPECT_EQ(all().front().what.config, R"({"mine": true})");
  const auto before = stamps();
  sync({one("a"), one("b"), one("c")});
  EXPECT_EQ(stamps(), before) << "nothing differs, nothing is written";
  sync({one("a", R"({"temperature": 1})"), one("d")});
  EXPECT_EQ(models(), "b a* d* ") << "c is shipped no more";
  EXPECT_EQ(all()[1].what.config, R"({"temperature": 1})");
}

TEST_F(provider_rows, what_was_changed_by_hand_survives_a_start) {
  sync({one("a"), one("b")});
  const auto id = all().front().id;
  ASSERT_TRUE(*run([&](transaction& tx) { return providers::update(tx, id, one("a")); }));
  EXPECT_EQ(models(), "a* b* ") << "nothing changed";
  ASSERT_TRUE(*run([&](transaction& tx) { return providers::update(tx, id, one("a", R"({"mine": 1})")); }));
  sync({one("a"), one("b")});
  EXPECT_EQ(models(), "a b* ");
  EXPECT_EQ(all().front().what.config, R"({"mine": 1})");
}

TEST_F(provider_rows, processes_that_start_or_reset_at_once_end_with_one_set) {
  const rows defaults{one("a"), one("b"), one("c")};
  std::atomic<int> failed{0};
  std::vector<std::thread> crowd;
  for (int t = 0; t < 6; ++t) {
    crowd.emplace_back([&, t] {
      const auto mine = open_session(url_);
      for (int n = 0; n < 10; ++n) {
        const auto done = in_transaction(*mine, [&](transaction& tx) {
          return (n + t) % 2 == 0 ? providers::sync(tx, defaults) : providers::reset(tx, defaults);
        });
        failed += done ? 0 : 1;
      }
    });
  }
  for (auto& one : crowd) one.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(models(), "a* b* c* ");
}

}  // namespace
}  // namespace quorate::db::tests
