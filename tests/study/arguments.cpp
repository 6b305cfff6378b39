// SPDX-License-Identifier: BSD-3-Clause
#include <cstdint>
#include <string>

#include "catch.hpp"
#include <gradus/study/arguments.hpp>

using namespace gradus;
using namespace gradus::study;

TEST_CASE("edit distance is the least number of changes", "[arguments]") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("flaw", "lawn") == 2);
}

TEST_CASE("a suggestion is made only if a name is near", "[arguments]") {
  const std::vector<std::string> names{"learning-rate", "momentum", "steps"};
  CHECK(suggestion("step", names) == "; did you mean steps?");
  CHECK(suggestion("momemtum", names) == "; did you mean momentum?");
  CHECK(suggestion("learning", names) == "; did you mean learning-rate?");
  CHECK(suggestion("xyzzyxyzzy", names).empty());
  CHECK(suggestion("", names).empty());
  CHECK(suggestion("step", {}).empty());
}

TEST_CASE("words become values of the parameter's type", "[arguments]") {
  const auto set = [](Value value, Range range, const std::string& word) {
    Parameter parameter{"p", std::move(value), "", std::move(range), ""};
    set_parameter(parameter, word);
    return parameter.value;
  };
  CHECK(set(std::int64_t{1}, any_number(), "-12") == Value(std::int64_t{-12}));
  CHECK(set(std::int64_t{1}, any_number(), "1e5") == Value(std::int64_t{100000}));
  CHECK(set(std::int64_t{1}, any_number(), "+3") == Value(std::int64_t{3}));
  CHECK(set(1.0, any_number(), "1e-3") == Value(1e-3));
  CHECK(set(1.0, any_number(), "7") == Value(7.0));
  CHECK(set(false, yes_or_no(), "true") == Value(true));
  CHECK(set(true, yes_or_no(), "0") == Value(false));
  CHECK(set(std::string("a"), one_of({"a", "b"}), "b") == Value(std::string("b")));
  for (const char* word :
       {"", "x", "1.5", "1 ", " 1", "0x10", "1e400", "99999999999999999999", "nan", "+-1", "1,5"}) {
    CHECK_THROWS_AS(set(std::int64_t{1}, any_number(), word), ArgumentError);
  }
  for (const char* word : {"", "x", "1.5.2", "1.5 ", "nan", "inf", "-inf", "1e400", "+"}) {
    CHECK_THROWS_AS(set(1.0, any_number(), word), ArgumentError);
  }
  CHECK_THROWS_AS(set(false, yes_or_no(), "yes please"), ArgumentError);
  CHECK_THROWS_AS(set(std::string("a"), one_of({"a", "b"}), "c"), ArgumentError);
}

TEST_CASE("assignments split at the first equals sign", "[arguments]") {
  CHECK(parse_assignment("a=b=c") == std::pair<std::string, std::string>("a", "b=c"));
  CHECK(parse_assignment("a=").second.empty());
  CHECK_THROWS_AS(parse_assignment("a"), ArgumentError);
  CHECK_THROWS_AS(parse_assignment("=a"), ArgumentError);
}

TEST_CASE("seeds and shards are read to the letter", "[arguments]") {
  CHECK(parse_seed("18446744073709551615").first == 18446744073709551615ULL);
  CHECK_THROWS_AS(parse_seed("18446744073709551616"), ArgumentError);
  CHECK_THROWS_AS(parse_seed("1.0"), ArgumentError);
  const SeedRange range = parse_seeds("3..12");
  CHECK(range.first == 3);
  CHECK(range.last == 12);
  CHECK(parse_seeds("4..4").last == 4);
  for (const char* word : {"", "..", "3..", "..3", "3...5", "3..2", "a..b", "-1..2", "1..2..3"}) {
    CHECK_THROWS_AS(parse_seeds(word), ArgumentError);
  }
  CHECK(parse_shard("2/5").index == 2);
  CHECK(parse_shard("2/5").count == 5);
  for (const char* word : {"", "/", "1/", "/2", "2/2", "-1/2", "0/0", "0/-1", "a/b", "1/2/3"}) {
    CHECK_THROWS_AS(parse_shard(word), ArgumentError);
  }
  CHECK(parse_threads("3") == 3);
  for (const char* word : {"", "0", "-1", "1025", "1.5", "x"}) {
    CHECK_THROWS_AS(parse_threads(word), ArgumentError);
  }
}
