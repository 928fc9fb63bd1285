// Reading requests: every refused member at once, each with its path; what is written reads back; what is described is
// what is read.
#include "core/json.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace manent
{

namespace
{

BOOST_DEFINE_ENUM_CLASS(colour, red, green)

struct inner
{
    integer<1, 10> count;
};
BOOST_DESCRIBE_STRUCT(inner, (), (count))

struct sample
{
    text<1, 5> name;
    std::optional<text<0, 3>> note;
    colour shade = colour::red;
    list<inner, 2> items;
    uuid id;
};
BOOST_DESCRIBE_STRUCT(sample, (), (name, note, shade, items, id))

constexpr std::string_view good =
    R"({"name":"été","shade":"green","items":[{"count":3}],"id":"0190b8a0-0000-7000-8000-000000000001"})";

std::vector<std::string> refused(std::string_view body)
{
    const auto read = read_json<sample>(body);
    if (read) return {};
    std::vector<std::string> errors{read.error().code};
    for (const auto& each : read.error().fields) errors.push_back(each.path + " " + each.code);
    return errors;
}

}  // namespace

TEST(json, reads_what_it_describes)
{
    const auto read = read_json<sample>(good);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->name.value, "été");
    EXPECT_FALSE(read->note);
    EXPECT_EQ(read->shade, colour::green);
    EXPECT_EQ(read->items.items.front().count.value, 3);
}

TEST(json, names_every_refused_member_at_once)
{
    const std::vector<std::string> expected{"invalid_request",      "/name too_long",           "/note not_a_string",
                                            "/shade unknown_value", "/items/0/count too_large", "/id not_a_uuid",
                                            "/extra unknown_field"};
    EXPECT_EQ(refused(R"({"name":"trop long","note":4,"shade":"blue","items":[{"count":11}],"id":"x","extra":1})"),
              expected);
}

TEST(json, a_missing_member_is_required_and_an_optional_one_is_not)
{
    EXPECT_EQ(refused("{}"), (std::vector<std::string>{"invalid_request", "/name required", "/shade required",
                                                       "/items required", "/id required"}));
}

TEST(json, counts_code_points_not_bytes)
{
    const auto body = [](std::string_view name)
    {
        return R"({"name":")" + std::string{name} +
               R"(","shade":"red","items":[],"id":"0190b8a0-0000-7000-8000-000000000001"})";
    };
    EXPECT_TRUE(read_json<sample>(body("🙂🙂🙂🙂🙂")));
    EXPECT_EQ(refused(body("🙂🙂🙂🙂🙂🙂")), (std::vector<std::string>{"invalid_request", "/name too_long"}));
    EXPECT_EQ(refused(body("a\\u0000")), (std::vector<std::string>{"invalid_request", "/name control_character"}));
}

TEST(json, refuses_malformed_bodies)
{
    for (const auto* body : {"", "{", "[1,", "nul", "{\"a\":1}}"})
        EXPECT_EQ(refused(body).front(), "invalid_json") << body;
    for (const auto* body : {"\xff\xfe", "{\"name\":\"\xc3\"}"})
        EXPECT_EQ(refused(body).front(), "invalid_utf8") << body;
    EXPECT_EQ(refused(std::string(100, '[')).front(), "invalid_json");
    EXPECT_EQ(refused("[]"), (std::vector<std::string>{"invalid_request", "/ not_an_object"}));
}

TEST(json, describes_limits_as_it_reads_them)
{
    const auto schema = field<sample>::schema();
    const auto& name = schema.at("properties").at("name").as_object();
    EXPECT_EQ(name.at("maxLength").to_number<int>(), 5);
    EXPECT_EQ(schema.at("required").as_array().size(), 4U);
}

TEST(json, verbatim_text_comes_back_byte_for_byte)
{
    rc::check("any code points survive the reader",
              []
              {
                  std::string written;
                  for (const auto code_point : *rc::gen::container<std::vector<std::uint32_t>>(
                           rc::gen::oneOf(rc::gen::inRange(0U, 0xd800U), rc::gen::inRange(0xe000U, 0x110000U))))
                  {
                      const auto c = code_point;
                      if (c < 0x80) written += static_cast<char>(c);
                      else if (c < 0x800)
                          written += {static_cast<char>(0xc0 | (c >> 6)), static_cast<char>(0x80 | (c & 63))};
                      else if (c < 0x10000)
                          written += {static_cast<char>(0xe0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 63)),
                                      static_cast<char>(0x80 | (c & 63))};
                      else
                          written += {static_cast<char>(0xf0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 63)),
                                      static_cast<char>(0x80 | ((c >> 6) & 63)), static_cast<char>(0x80 | (c & 63))};
                  }
                  const auto body = json::serialize(json::value(written));
                  const auto read = read_json<verbatim<100000>>(body);
                  RC_ASSERT(static_cast<bool>(read));
                  RC_ASSERT(read->value == written);
              });
}

TEST(json, email_addresses)
{
    const auto reads = [](std::string_view address)
    { return static_cast<bool>(read_json<email_address>(json::serialize(json::value(address)))); };
    EXPECT_TRUE(reads("louise.martin+rdv@example.fr"));
    for (const auto* address :
         {"", "louise", "@example.fr", "a@b", "a@b..fr", "a b@c.fr", "a@b@c.fr", "a@.fr", "a\n@b.fr"})
        EXPECT_FALSE(reads(address)) << address;
}

}  // namespace manent
