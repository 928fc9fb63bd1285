// What a bundle adds to a directory: the published examples into an empty one, and again into what they made.
#include "directory/import_plan.hpp"
#include "directory_data.hpp"
#include "directory_sas_builder.hpp"

#include "directory/import_sas.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace manent::directory
{

namespace
{

using names = std::vector<std::string>;

sas::bundle example(const char* name)
{
    return sas::read_bundle(read_data_file(data_folder() / "sas" / name)).value();
}

import_plan planned(const sas::bundle& from)
{
    return plan_import(from, the_data(), {});
}

// The directory after a plan was carried out.
known_directory carried_out(const import_plan& plan, known_directory known = {})
{
    for (const auto& one : plan.practitioners) known.practitioners.emplace(*one.national_number, one.practitioner_id);
    for (const auto& setup : plan.practices)
    {
        if (setup.practice) known.practices.emplace(*setup.practice->national_identifier, setup.practice_id);
        for (const auto& one : setup.sites)
            known.sites.emplace(std::pair{setup.practice_id, *one.source_identifier}, one.site_id);
        for (const auto& one : setup.agendas)
            known.agendas.emplace(std::pair{setup.practice_id, *one.source_identifier}, one.agenda_id);
        for (const auto& one : setup.motives)
            known.motives.emplace(std::pair{setup.practice_id, *one.source_identifier}, one.motive_id);
        for (const auto& one : setup.links) known.links.emplace(one.agenda_id, one.motive_id);
        for (const auto& one : setup.openings)
            known.openings.emplace(one.agenda_id, *one.on_date, one.starts.minute, one.ends.minute);
    }
    return known;
}

names codes(const import_plan& plan)
{
    names list;
    for (const auto& one : plan.findings) list.push_back(std::to_string(one.entry) + " " + one.code);
    return list;
}

}  // namespace

TEST(directory_import_plan, individual_practitioners)
{
    const auto plan = planned(example("Bundle-ExampleBundlePSIndiv.json"));
    ASSERT_EQ(plan.practitioners.size(), 2U);
    EXPECT_EQ(plan.practitioners[0].title, "Dr");
    EXPECT_EQ(plan.practitioners[0].given_name, "Sébastien");
    EXPECT_EQ(plan.practitioners[0].family_name, "Thomas");
    EXPECT_EQ(plan.practitioners[0].specialties, (names{"general-practice", "general-surgery"}));
    EXPECT_EQ(plan.practitioners[1].specialties, (names{"pneumology", "general-practice"}));
    ASSERT_EQ(plan.practices.size(), 2U);
    const auto& first = plan.practices[0];
    ASSERT_TRUE(first.practice);
    EXPECT_EQ(first.practice->name, "Cabinet médical, 1 rue Mme Delmas");
    EXPECT_EQ(first.practice->national_identifier, "1810004421");
    ASSERT_EQ(first.sites.size(), 1U);
    EXPECT_EQ(first.sites[0].city, "Agen");
    EXPECT_EQ(first.sites[0].insee, "47001");
    EXPECT_NEAR(first.sites[0].position->latitude, 44.2, 0.1);
    EXPECT_EQ(first.sites[0].lines, names{"1 rue Mme Delmas"});
    ASSERT_EQ(first.agendas.size(), 2U);
    EXPECT_EQ(first.agendas[0].name, "Sébastien Thomas");
    EXPECT_EQ(first.agendas[1].practitioner_id, plan.practitioners[1].practitioner_id);
    // In practice and by video: one wording, two motives. Then two wordings by video, and at home.
    ASSERT_EQ(first.motives.size(), 6U);
    EXPECT_EQ(first.motives[0].label, "Visite de contrôle");
    EXPECT_EQ(first.motives[0].duration_min, 30);
    EXPECT_EQ(first.motives[1].modality, modality::video);
    ASSERT_EQ(first.openings.size(), 3U);
    EXPECT_EQ(format_date(*first.openings[0].on_date), "2021-11-05");
    // 9:00 in Greenwich is 10:00 in Agen.
    EXPECT_EQ(format_local_time(first.openings[0].starts), "10:00");
    EXPECT_EQ(format_local_time(first.openings[0].ends), "10:30");
    EXPECT_EQ(first.openings[0].motive_ids.size(), 2U);
    EXPECT_EQ(first.openings[0].audience, audience::everyone);
    // The walk-in slot makes a place and an agenda, and nothing to book.
    EXPECT_EQ(plan.practices[1].agendas.size(), 1U);
    EXPECT_TRUE(plan.practices[1].openings.empty());
    EXPECT_EQ(codes(plan), (names{"2 wrong_key", "4 walk_in_not_bookable", "9 wrong_key"}));
}

TEST(directory_import_plan, the_same_bundle_again_adds_nothing)
{
    for (const auto* name : {"Bundle-ExampleBundlePSIndiv.json", "Bundle-ExampleBundleAgregateurSOS.json",
                             "Bundle-ExampleBundleCPTS.json"})
    {
        const auto from = example(name);
        const auto first = planned(from);
        EXPECT_FALSE(first.practices.empty());
        const auto again = plan_import(from, the_data(), carried_out(first));
        EXPECT_TRUE(again.practitioners.empty()) << name;
        EXPECT_TRUE(again.practices.empty()) << name;
    }
}

TEST(directory_import_plan, the_next_week_adds_openings_only)
{
    auto from = example("Bundle-ExampleBundlePSIndiv.json");
    sas::shift_to_coming_week(from, *parse_instant("2026-11-22T12:00:00+01:00"));
    const auto first = planned(from);
    sas::shift_to_coming_week(from, *parse_instant("2026-11-29T12:00:00+01:00"));
    const auto next = plan_import(from, the_data(), carried_out(first));
    EXPECT_TRUE(next.practitioners.empty());
    ASSERT_EQ(next.practices.size(), 1U);
    EXPECT_TRUE(next.practices[0].agendas.empty());
    EXPECT_TRUE(next.practices[0].motives.empty());
    EXPECT_EQ(next.practices[0].openings.size(), 3U);
}

TEST(directory_import_plan, sos_medecins_have_agendas_of_their_sites)
{
    const auto plan = planned(example("Bundle-ExampleBundleAgregateurSOS.json"));
    EXPECT_TRUE(plan.practitioners.empty());
    ASSERT_EQ(plan.practices.size(), 2U);
    EXPECT_EQ(plan.practices[0].practice->name, "SOS Médecins de Rennes");
    ASSERT_EQ(plan.practices[0].agendas.size(), 2U);
    EXPECT_FALSE(plan.practices[0].agendas[0].practitioner_id);
    EXPECT_EQ(plan.practices[0].agendas[0].name, "Centre de consultation Rennes Nord");
    EXPECT_EQ(plan.practices[0].agendas[0].specialties, std::vector<std::string>{"general-practice"});
    EXPECT_EQ(plan.practices[0].sites[0].city, "Rennes");
    EXPECT_EQ(plan.practices[0].motives[0].label, "Consultation");
    EXPECT_EQ(plan.practices[1].openings.size(), 2U);
    EXPECT_EQ(format_local_time(plan.practices[1].openings[0].starts), "14:20");
}

TEST(directory_import_plan, the_organisation_of_a_cpts_is_no_practice)
{
    const auto plan = planned(example("Bundle-ExampleBundleCPTS.json"));
    ASSERT_EQ(plan.practices.size(), 1U);
    EXPECT_EQ(plan.practices[0].practice->name, "Cabinet médical, 25 chemin de Mounestie");
    EXPECT_EQ(plan.practices[0].sites[0].phone, "+33561855977");
    EXPECT_EQ(plan.practices[0].openings.size(), 1U);
}

TEST(directory_import_plan, who_is_known_already_is_kept_as_known)
{
    known_directory known;
    const auto before = new_uuid();
    known.practitioners.emplace("810002909371", before);
    const auto plan = plan_import(sas::bundle_builder{}.read(), the_data(), known);
    EXPECT_TRUE(plan.practitioners.empty());
    ASSERT_EQ(plan.practices.size(), 1U);
    EXPECT_EQ(plan.practices[0].agendas[0].practitioner_id, before);
}

TEST(directory_import_plan, slots_that_cannot_be_openings_are_listed)
{
    sas::bundle_builder builder;
    builder.slot = sas::bundle_builder::slot_at("S", "2026-11-24T23:50:00+01:00", "2026-11-25T00:10:00+01:00");
    auto only_cpts = sas::bundle_builder::slot_at("T", "2026-11-24T09:00:00+01:00", "2026-11-24T09:20:00+01:00");
    only_cpts["meta"].as_object()["security"].as_array()[0].as_object()["code"] = "CPTS";
    // Until midnight is fine.
    const auto late = sas::bundle_builder::slot_at("U", "2026-11-24T23:40:00+01:00", "2026-11-25T00:00:00+01:00");
    builder.more = {sas::bundle_builder::entry_of(only_cpts), sas::bundle_builder::entry_of(late)};
    const auto plan = planned(builder.read());
    EXPECT_EQ(codes(plan), (names{"0 no_specialty", "3 crosses_midnight", "4 only_for_cpts"}));
    ASSERT_EQ(plan.practices.size(), 1U);
    ASSERT_EQ(plan.practices[0].openings.size(), 1U);
    EXPECT_EQ(format_local_time(plan.practices[0].openings[0].ends), "24:00");
}

TEST(directory_import_plan, motives_seen_by_professionals_only_are_not_public)
{
    sas::bundle_builder builder;
    builder.slot["meta"].as_object()["security"].as_array()[0].as_object()["code"] = "SNP";
    auto plan = planned(builder.read());
    EXPECT_FALSE(plan.practices[0].motives[0].is_public);
    EXPECT_EQ(plan.practices[0].openings[0].audience, audience::regulators);
    builder.more = {sas::bundle_builder::entry_of(
        sas::bundle_builder::slot_at("T", "2026-11-24T10:00:00+01:00", "2026-11-24T10:20:00+01:00"))};
    plan = planned(builder.read());
    ASSERT_EQ(plan.practices[0].motives.size(), 1U);
    EXPECT_TRUE(plan.practices[0].motives[0].is_public);
}

TEST(directory_import_plan, overseas_openings_stand_in_their_own_time)
{
    sas::bundle_builder builder;
    auto& address = builder.role["contained"].as_array()[0].as_object()["address"].as_object();
    address["city"] = "SAINT DENIS";
    address["postalCode"] = "97400";
    const auto plan = planned(builder.read());
    EXPECT_EQ(plan.practices[0].sites[0].time_zone, "Indian/Reunion");
    EXPECT_EQ(plan.practices[0].sites[0].city, "Saint-Denis");
    EXPECT_EQ(format_local_time(plan.practices[0].openings[0].starts), "12:00");
}

TEST(directory_import_plan, every_zone_of_a_departement_exists)
{
    for (const auto& one : the_data().places.all())
        ASSERT_NE(find_zone(time_zone_of(one.departement_code)), nullptr) << one.departement_code;
    EXPECT_EQ(time_zone_of("47"), "Europe/Paris");
    EXPECT_EQ(time_zone_of(""), "Europe/Paris");
}

TEST(directory_import_plan, findings_are_told_in_words)
{
    import_report report;
    report.practitioners = 2;
    report.findings = {{3, "https://example.org/Slot/S", "/entry/3/resource/end", "ends_before_start", true},
                       {4, "", "/entry/4/resource", "wrong_key", false}};
    EXPECT_EQ(describe(report),
              "Read 2 practitioners (0 new), 0 places (0 new), 0 agendas (0 new), 0 free slots (0 new).\n"
              "refused  https://example.org/Slot/S /entry/3/resource/end: it ends before it starts\n"
              "warning  /entry/4/resource: the key of this RPPS number is wrong; it is kept as it is\n");
}

}  // namespace manent::directory
