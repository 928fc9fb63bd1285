// Broken bundles: each bad entry is listed with its path and reason, and the rest is read.
#include "directory_sas_builder.hpp"

#include <gtest/gtest.h>

namespace manent::directory::sas
{

namespace
{

using names = std::vector<std::string>;

std::string code_of(std::string_view text)
{
    const auto read = read_bundle(text);
    return read ? "read" : read.error().code;
}

}  // namespace

TEST(directory_sas_broken, the_unbroken_one_is_read)
{
    const auto read = bundle_builder{}.read();
    EXPECT_EQ(listed(read), names{});
    EXPECT_EQ(read.slots.size(), 1U);
    EXPECT_EQ(read.practitioners.size(), 1U);
}

TEST(directory_sas_broken, what_is_no_bundle_is_refused_whole)
{
    EXPECT_EQ(code_of(""), "invalid_json");
    EXPECT_EQ(code_of(R"({"resourceType":"Bundle","entry":[)"), "invalid_json");
    EXPECT_EQ(code_of("{\"resourceType\":\"Bundle\"} x"), "invalid_json");
    EXPECT_EQ(code_of("\xFF"), "invalid_json");
    EXPECT_EQ(code_of("{\"resourceType\":\"Bundle\",\"id\":\"\xC3\x28\"}"), "invalid_json");
    EXPECT_EQ(code_of(std::string(1000, '[')), "invalid_json");
    EXPECT_EQ(code_of("[]"), "not_a_bundle");
    EXPECT_EQ(code_of(R"({"resourceType":"Patient"})"), "not_a_bundle");
    EXPECT_EQ(code_of(R"({"resourceType":"Bundle","entry":{}})"), "not_a_bundle");
    EXPECT_EQ(code_of(R"({"resourceType":"Bundle"})"), "read");
}

TEST(directory_sas_broken, broken_json_is_refused_with_its_line)
{
    const auto read = read_bundle("{\n\"resourceType\": \"Bundle\",\n\"entry\": [}\n");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().details.at("line").as_int64(), 3);
}

TEST(directory_sas_broken, entries_that_are_none)
{
    bundle_builder builder;
    builder.more = {1, boost::json::object{}, boost::json::object{{"resource", "x"}},
                    boost::json::object{{"resource", boost::json::object{}}},
                    boost::json::object{{"fullUrl", 7}, {"resource", boost::json::object{{"resourceType", "Slot"}}}}};
    const auto read = builder.read();
    EXPECT_EQ(read.slots.size(), 1U);
    EXPECT_EQ(listed(read),
              (names{"!/entry/4 not_an_object", "!/entry/5/resource required", "!/entry/6/resource not_an_object",
                     "!/entry/7/resource/resourceType required", "!/entry/8/fullUrl not_a_string"}));
}

TEST(directory_sas_broken, a_finding_names_the_entry)
{
    bundle_builder builder;
    builder.slot["end"] = "soon";
    const auto read = builder.read();
    ASSERT_EQ(read.findings.size(), 1U);
    EXPECT_EQ(read.findings[0].full_url, "https://example.org/Slot/S");
    EXPECT_EQ(read.findings[0].entry, 3U);
}

TEST(directory_sas_broken, times)
{
    const auto with = [](std::string_view start, std::string_view end)
    {
        bundle_builder builder;
        builder.slot["start"] = start;
        builder.slot["end"] = end;
        return listed(builder.read());
    };
    EXPECT_EQ(with("2026-11-24T09:00:00Z", "2026-11-24T08:00:00Z"), names{"!/entry/3/resource/end ends_before_start"});
    EXPECT_EQ(with("2026-11-24T09:00:00Z", "2026-11-24T09:00:00Z"), names{"!/entry/3/resource/end ends_before_start"});
    EXPECT_EQ(with("2026-11-24T09:00:00Z", "2026-11-24T09:04:00Z"), names{"!/entry/3/resource/end too_short"});
    EXPECT_EQ(with("2026-11-24T09:00:00Z", "2026-11-25T09:00:00Z"), names{"!/entry/3/resource/end too_long"});
    EXPECT_EQ(with("2026-02-30T09:00:00Z", "x"),
              (names{"!/entry/3/resource/start not_an_instant", "!/entry/3/resource/end not_an_instant"}));
}

TEST(directory_sas_broken, missing_and_mistyped_members_of_a_slot_are_all_listed)
{
    bundle_builder builder;
    builder.slot = {{"resourceType", "Slot"}, {"id", "S"}, {"start", 5}, {"serviceType", "AMB"}};
    EXPECT_EQ(listed(builder.read()),
              (names{"!/entry/3/resource/status required", "!/entry/3/resource/schedule required",
                     "!/entry/3/resource/start not_a_string", "!/entry/3/resource/end required",
                     "!/entry/3/resource/meta required", "!/entry/3/resource/serviceType not_a_list"}));
}

TEST(directory_sas_broken, slots_that_are_not_free_or_that_nobody_may_see)
{
    bundle_builder builder;
    builder.slot["status"] = "busy";
    EXPECT_EQ(listed(builder.read()), names{"!/entry/3/resource/status not_free"});
    builder = {};
    builder.slot["meta"] = {{"security", boost::json::array{}}};
    EXPECT_EQ(listed(builder.read()), names{"!/entry/3/resource/meta/security required"});
    builder = {};
    builder.slot["meta"].as_object()["security"].as_array()[0].as_object()["code"] = "SECRET";
    EXPECT_EQ(listed(builder.read()), names{"!/entry/3/resource/meta no_audience"});
}

TEST(directory_sas_broken, audiences_widen_and_a_cpts_alone_is_nobody_else)
{
    const auto seen_by = [](std::initializer_list<std::string_view> codes)
    {
        bundle_builder builder;
        auto& security = builder.slot["meta"].as_object()["security"].as_array();
        const auto model = security[0];
        security.clear();
        for (const auto code : codes)
        {
            security.push_back(model);
            security.back().as_object()["code"] = code;
        }
        return builder.read().slots.at(0).seen_by;
    };
    EXPECT_EQ(seen_by({"SNP"}), audience::regulators);
    EXPECT_EQ(seen_by({"SNP", "PRO"}), audience::professionals);
    EXPECT_EQ(seen_by({"PUBLIC", "CPTS"}), audience::everyone);
    EXPECT_EQ(seen_by({"CPTS"}), std::nullopt);
}

TEST(directory_sas_broken, references_that_do_not_resolve)
{
    bundle_builder builder;
    builder.slot["schedule"].as_object()["reference"] = "Schedule/other";
    EXPECT_EQ(listed(builder.read()), names{"!/entry/3/resource/schedule unresolved"});
    builder = {};
    builder.slot["schedule"].as_object()["reference"] = "Practitioner/P";
    EXPECT_EQ(listed(builder.read()), names{"!/entry/3/resource/schedule refers_to_wrong_type"});
    builder = {};
    builder.role["location"].as_array()[0].as_object()["reference"] = "#none";
    EXPECT_EQ(listed(builder.read()),
              (names{"!/entry/1/resource/location/0 unresolved", "!/entry/2/resource/actor/1 refers_to_refused",
                     "!/entry/3/resource/schedule refers_to_refused"}));
}

TEST(directory_sas_broken, references_by_whole_address_and_version)
{
    bundle_builder builder;
    builder.slot["schedule"].as_object()["reference"] = "https://example.org/Schedule/A";
    builder.schedule["actor"].as_array()[1].as_object()["reference"] = "PractitionerRole/R/_history/2";
    EXPECT_EQ(listed(builder.read()), names{});
}

TEST(directory_sas_broken, a_refused_practitioner_takes_what_depends_on_it_and_nothing_else)
{
    bundle_builder builder;
    builder.practitioner["identifier"].as_array()[0].as_object()["value"] = "8123";
    // A place of its own, which does not depend on the practitioner.
    builder.more = {bundle_builder::entry_of(boost::json::parse(R"({"resourceType":"Organization","id":"O",
        "identifier":[{"value":"334173748400020"}],"name":"SOS"})")
                                                 .as_object())};
    const auto read = builder.read();
    EXPECT_EQ(read.practitioners.size(), 0U);
    EXPECT_EQ(read.slots.size(), 0U);
    ASSERT_FALSE(read.organisations.empty());
    EXPECT_EQ(read.organisations[0].name, "SOS");
    EXPECT_EQ(
        listed(read),
        (names{"!/entry/0/resource/identifier/0 not_a_national_number",
               "!/entry/1/resource/practitioner refers_to_refused", "!/entry/2/resource/actor/0 refers_to_refused",
               "!/entry/2/resource/actor/1 refers_to_refused", "!/entry/3/resource/schedule refers_to_refused"}));
}

TEST(directory_sas_broken, practitioners_without_number_or_name)
{
    bundle_builder builder;
    builder.practitioner["identifier"].as_array()[0].as_object()["system"] = "urn:other";
    builder.practitioner["name"].as_array()[0].as_object().erase("family");
    const auto read = listed(builder.read());
    ASSERT_GE(read.size(), 2U);
    EXPECT_EQ(read[0], "!/entry/0/resource no_national_number");
    EXPECT_EQ(read[1], "!/entry/0/resource/name/0/family required");
}

TEST(directory_sas_broken, addresses_and_texts_that_no_column_takes)
{
    bundle_builder builder;
    auto& location = builder.role["contained"].as_array()[0].as_object();
    location["address"].as_object().erase("postalCode");
    location["address"].as_object()["city"] = std::string(101, 'x');
    location["address"].as_object()["line"] = {1, ""};
    const auto read = listed(builder.read());
    ASSERT_GE(read.size(), 4U);
    EXPECT_EQ(read[0], "!/entry/1/resource/location/0/address/city too_long");
    EXPECT_EQ(read[1], "!/entry/1/resource/location/0/address/postalCode required");
    EXPECT_EQ(read[2], "!/entry/1/resource/location/0/address/line/0 not_a_string");
    EXPECT_EQ(read[3], "!/entry/1/resource/location/0/address/line/1 required");
}

TEST(directory_sas_broken, duplicates)
{
    bundle_builder builder;
    // The same entry again; the same time of the same agenda under another name; another time.
    builder.more = {
        bundle_builder::entry_of(builder.slot),
        bundle_builder::entry_of(bundle_builder::slot_at("T", "2026-11-24T08:00:00Z", "2026-11-24T08:20:00Z")),
        bundle_builder::entry_of(bundle_builder::slot_at("U", "2026-11-24T08:20:00Z", "2026-11-24T08:40:00Z"))};
    const auto read = builder.read();
    EXPECT_EQ(read.slots.size(), 2U);
    EXPECT_EQ(listed(read), (names{"!/entry/4/resource duplicate", "!/entry/5/resource duplicate"}));
}

TEST(directory_sas_broken, one_person_under_two_entries_is_one_practitioner)
{
    bundle_builder builder;
    auto again = builder.practitioner;
    again["id"] = "Q";
    again["name"].as_array()[0].as_object()["family"] = "DUPONT";
    builder.more = {bundle_builder::entry_of(again)};
    const auto read = builder.read();
    EXPECT_EQ(read.practitioners.size(), 1U);
    EXPECT_EQ(listed(read), names{"/entry/4/resource differs_from_earlier"});
}

TEST(directory_sas_broken, schedules_without_a_place_or_with_two_people)
{
    bundle_builder builder;
    builder.schedule["actor"].as_array().pop_back();
    EXPECT_EQ(listed(builder.read())[0], "!/entry/2/resource no_place");
    builder = {};
    builder.schedule["actor"] = boost::json::array{};
    EXPECT_EQ(listed(builder.read())[0], "!/entry/2/resource/actor required");
    builder = {};
    auto other = builder.practitioner;
    other["id"] = "Q";
    other["identifier"].as_array()[0].as_object()["value"] = "810002673899";
    builder.schedule["actor"].as_array()[0].as_object()["reference"] = "Practitioner/Q";
    builder.more = {bundle_builder::entry_of(other)};
    EXPECT_EQ(listed(builder.read())[0], "!/entry/2/resource/actor/1 contradicts");
}

TEST(directory_sas_broken, what_is_only_odd_is_a_warning)
{
    bundle_builder builder;
    builder.slot.erase("comment");
    builder.slot.erase("serviceType");
    builder.role["organization"].as_object()["identifier"].as_object()["value"] = "X12";
    builder.more = {bundle_builder::entry_of(boost::json::parse(R"({"resourceType":"Patient","id":"1"})").as_object())};
    const auto read = builder.read();
    ASSERT_EQ(read.slots.size(), 1U);
    EXPECT_EQ(read.slots[0].modalities, std::vector{modality::in_practice});
    EXPECT_EQ(listed(read),
              (names{"/entry/1/resource/organization/identifier unknown_organisation_number",
                     "/entry/3/resource no_modality", "/entry/3/resource no_booking_address", "/entry/4 not_used"}));
}

TEST(directory_sas_broken, unknown_codes_of_type_are_refused)
{
    bundle_builder builder;
    builder.slot["appointmentType"] = boost::json::parse(
        R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0276","code":"EMERGENCY"}]})");
    builder.slot["serviceType"].as_array()[0].as_object()["coding"].as_array()[0].as_object()["code"] = "IMP";
    EXPECT_EQ(listed(builder.read()), (names{"!/entry/3/resource/serviceType/0 unknown_value",
                                             "!/entry/3/resource/appointmentType unknown_value"}));
}

TEST(directory_sas_broken, two_servers_may_use_the_same_ids)
{
    bundle_builder builder;
    auto text = builder.text();
    // The same four resources from another server, whose references stay among themselves.
    auto both = boost::json::parse(text).as_object();
    auto other = both["entry"].as_array();
    for (auto& entry : other)
    {
        auto& url = entry.as_object()["fullUrl"].as_string();
        const std::string path{url.data() + std::string_view{"https://example.org/"}.size()};
        url = "https://other.example/fhir/" + path;
        both["entry"].as_array().push_back(entry);
    }
    both["entry"].as_array()[4].as_object()["resource"].as_object()["identifier"].as_array()[0].as_object()["value"] =
        "0751234567";
    const auto read = read_bundle(serialize(both)).value();
    EXPECT_EQ(read.practitioners.size(), 2U);
    EXPECT_EQ(read.agendas.size(), 2U);
    EXPECT_EQ(read.slots.size(), 2U);
    EXPECT_EQ(listed(read), names{});
}

}  // namespace manent::directory::sas
