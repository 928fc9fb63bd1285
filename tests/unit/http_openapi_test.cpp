// The description of the API: every structure stands once under its name and is referred to; requests and answers
// differ in what must be there; two structures of one name stop the program.
#include "http/openapi.hpp"
#include "http/router.hpp"

#include <gtest/gtest.h>

namespace manent::http
{

namespace sample
{

BOOST_DEFINE_ENUM_CLASS(colour, red, green)

struct part
{
    std::string label;
    std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(part, (), (label, note))

struct whole
{
    part first;
    std::optional<part> second;
    std::vector<part> others;
    colour shade = colour::red;
};
BOOST_DESCRIBE_STRUCT(whole, (), (first, second, others, shade))

struct wish
{
    colour shade = colour::red;
    std::optional<text<0, 10>> note;
};
BOOST_DESCRIBE_STRUCT(wish, (), (shade, note))

// Takes the name of `part` for something else, as a hand-written schema could.
struct impostor
{
};

}  // namespace sample

namespace
{

constexpr std::string_view prefix = "#/components/schemas/http_sample_";

std::string reference_at(const json::object& document, std::string_view pointer)
{
    return std::string{json::value(document).at_pointer(pointer).as_string()};
}

router described()
{
    router routes;
    routes.add(verb::get, "/wholes/{whole}", "show_whole", "Shows").asks({"colour"}).answers<sample::whole>();
    routes.add(verb::post, "/wholes", "make_whole", "Makes").takes<sample::wish>().keyed().answers<sample::whole>(201);
    return routes;
}

const json::object& schemas_of(const json::object& document)
{
    return document.at("components").at("schemas").as_object();
}

std::vector<std::string> keys_of(const json::object& of)
{
    std::vector<std::string> keys;
    for (const auto& member : of) keys.emplace_back(member.key());
    return keys;
}

}  // namespace
}  // namespace manent::http

namespace manent
{

template <>
struct field<http::sample::impostor>
{
    static json::object schema()
    {
        return {{"title", "http_sample_part"}, {"type", "object"}, {"properties", json::object{}}};
    }
};

}  // namespace manent

namespace manent::http
{

TEST(http_openapi, every_structure_stands_once_under_its_name)
{
    const auto document = described().openapi();
    EXPECT_EQ(keys_of(schemas_of(document)),
              (std::vector<std::string>{"http_sample_colour", "http_sample_part", "http_sample_whole",
                                        "http_sample_wish", "problem"}));
    const auto& members = schemas_of(document).at("http_sample_whole").at("properties").as_object();
    const json::object part{{"$ref", std::string{prefix} + "part"}};
    EXPECT_EQ(members.at("first"), part);
    EXPECT_EQ(members.at("second").at("oneOf").at(0), part);
    EXPECT_EQ(members.at("others").at("items"), part);
    EXPECT_EQ(members.at("shade"), (json::object{{"$ref", std::string{prefix} + "colour"}}));
    EXPECT_EQ(json::serialize(document).find(R"("title":"http_)"), std::string::npos);
}

TEST(http_openapi, operations_refer_to_what_they_take_and_answer)
{
    const auto document = described().openapi();
    EXPECT_EQ(reference_at(document, "/paths/~1api~1v1~1wholes/post/requestBody/content/application~1json/schema/$ref"),
              std::string{prefix} + "wish");
    EXPECT_EQ(reference_at(document,
                           "/paths/~1api~1v1~1wholes~1{whole}/get/responses/200/content/application~1json/schema/$ref"),
              std::string{prefix} + "whole");
    EXPECT_EQ(reference_at(document, "/paths/~1api~1v1~1wholes~1{whole}/get/parameters/0/schema/format"), "uuid");
    EXPECT_EQ(reference_at(document, "/paths/~1api~1v1~1wholes~1{whole}/get/parameters/1/schema/type"), "string");
    EXPECT_EQ(reference_at(document, "/paths/~1api~1v1~1wholes/post/parameters/0/name"), "Idempotency-Key");
}

TEST(http_openapi, an_answer_has_all_its_members_and_a_request_may_leave_optional_ones_out)
{
    const auto document = described().openapi();
    EXPECT_EQ(schemas_of(document).at("http_sample_part").at("required"), (json::array{"label", "note"}));
    EXPECT_EQ(schemas_of(document).at("http_sample_wish").at("required"), (json::array{"shade"}));
    const auto written = to_json(sample::part{"a", std::nullopt}).as_object();
    EXPECT_EQ(keys_of(written), (std::vector<std::string>{"label", "note"}));
}

TEST(http_openapi, two_structures_of_one_name_are_refused)
{
    auto routes = described();
    routes.add(verb::get, "/parts", "show_part", "Shows").answers<sample::part>();
    EXPECT_NO_THROW((void)routes.openapi());
    // Not through `answers`, which would give it its own name.
    routes.add(verb::get, "/others", "show_other", "Shows").answer = field<sample::impostor>::schema();
    EXPECT_THROW((void)routes.openapi(), std::logic_error);
}

TEST(http_openapi, a_structure_that_is_both_asked_and_answered_must_not_differ)
{
    auto routes = described();
    // As an answer its optional member is always there: one name cannot say both.
    routes.add(verb::get, "/wishes", "show_wish", "Shows").answers<sample::wish>();
    EXPECT_THROW((void)routes.openapi(), std::logic_error);
}

TEST(http_openapi, names_keep_to_what_a_reference_may_hold)
{
    EXPECT_EQ(json_detail::schema_name("manent::booking::hold_wish"), "booking_hold_wish");
    EXPECT_EQ(json_detail::schema_name("manent::notify::(anonymous namespace)::mailbox"), "notify_mailbox");
    EXPECT_EQ(json_detail::schema_name("manent::identity::list_of<manent::identity::desk_person>"),
              "identity_list_of_identity_desk_person");
}

}  // namespace manent::http
