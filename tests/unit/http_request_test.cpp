// What a request's target becomes before a route sees it.
#include "http/request.hpp"

#include <gtest/gtest.h>

namespace manent::http
{

namespace
{

result<call> read_target(std::string_view target)
{
    raw_request asked{boost::beast::http::verb::get, target, 11};
    asked.set(boost::beast::http::field::host, "localhost");
    return read_call(asked, "127.0.0.1", false);
}

}  // namespace

TEST(request, a_plus_sign_is_a_space_and_an_escaped_one_a_plus_sign)
{
    const auto read = read_target("/patients?q=Marie+Curie&phone=%2B33%201");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->query("q"), "Marie Curie");
    EXPECT_EQ(read->query("phone"), "+33 1");
}

TEST(request, a_target_that_leaves_its_place_is_refused)
{
    EXPECT_FALSE(read_target("/api/%2e%2e/metrics"));
    EXPECT_FALSE(read_target("/api?q=%ff"));
}

TEST(request, a_target_with_control_characters_is_refused)
{
    for (const auto* path : {"/api/v1/agendas/%00", "/a%0ab", "/a%1f", "/a%7f"})
        EXPECT_FALSE(read_target(path)) << path;
    // C strings end at it: a text would reach the database without its end.
    EXPECT_FALSE(read_target("/patients?q=Cur%00ie"));
    EXPECT_FALSE(read_target("/patients?q%00=Curie"));
    EXPECT_TRUE(read_target("/caf%C3%A9?q=two%0Alines"));
}

}  // namespace manent::http
