// The three published examples, read whole: individual practitioners, SOS Médecins, CPTS.
#include "directory/sas_bundle.hpp"
#include "directory_data.hpp"
#include "directory_sas_builder.hpp"

#include <gtest/gtest.h>

namespace manent::directory::sas
{

namespace
{

bundle example(const char* name)
{
    return read_bundle(read_data_file(data_folder() / "sas" / name)).value();
}

using names = std::vector<std::string>;

}  // namespace

TEST(directory_sas_examples, individual_practitioners)
{
    const auto read = example("Bundle-ExampleBundlePSIndiv.json");
    ASSERT_EQ(read.practitioners.size(), 2U);
    EXPECT_EQ(read.practitioners[0].number, "810100050075");
    EXPECT_EQ(read.practitioners[0].family_name, "THOMAS");
    EXPECT_EQ(read.practitioners[0].given_name, "Sébastien");
    EXPECT_EQ(read.practitioners[0].specialty_codes, (names{"SM54", "SM05"}));
    EXPECT_EQ(read.practitioners[1].specialty_codes, (names{"SM41", "SM54"}));
    // Two roles name the same place of the same organisation.
    ASSERT_EQ(read.organisations.size(), 2U);
    ASSERT_EQ(read.sites.size(), 2U);
    EXPECT_EQ(read.sites[0].lines, names{"1 rue Mme DELMAS"});
    EXPECT_EQ(read.sites[0].city, "AGEN");
    EXPECT_EQ(read.sites[0].phone, "+33658913859");
    EXPECT_EQ(read.agendas.size(), 3U);
    ASSERT_EQ(read.slots.size(), 4U);
    EXPECT_EQ(read.slots[0].modalities, (std::vector{modality::in_practice, modality::video}));
    EXPECT_EQ(read.slots[0].motives, names{"Visite de contrôle"});
    EXPECT_EQ(format_utc(read.slots[0].starts_at), "2021-11-05T09:00:00Z");
    EXPECT_EQ(read.slots[0].ends_at - read.slots[0].starts_at, minutes{30});
    EXPECT_EQ(read.slots[0].seen_by, audience::everyone);
    EXPECT_FALSE(read.slots[0].walk_in);
    EXPECT_EQ(read.slots[1].seen_by, audience::professionals);
    EXPECT_TRUE(read.slots[1].walk_in);
    EXPECT_EQ(read.slots[2].seen_by, audience::everyone);
    EXPECT_EQ(read.slots[2].motives.size(), 2U);
    EXPECT_EQ(read.slots[3].modalities, std::vector{modality::home});
    EXPECT_EQ(read.slots[3].agenda, read.slots[2].agenda);
    // Two of the published numbers have a wrong key: kept, and said.
    EXPECT_EQ(listed(read),
              (names{"/entry/2/resource/identifier/0 wrong_key", "/entry/9/resource/identifier/0 wrong_key"}));
}

TEST(directory_sas_examples, sos_medecins)
{
    const auto read = example("Bundle-ExampleBundleAgregateurSOS.json");
    EXPECT_TRUE(read.practitioners.empty());
    ASSERT_EQ(read.organisations.size(), 2U);
    EXPECT_EQ(read.organisations[0].identifier, "334173748400020");
    EXPECT_EQ(read.organisations[0].name, "SOS Médecins de Rennes");
    ASSERT_EQ(read.sites.size(), 3U);
    EXPECT_EQ(read.sites[0].name, "Centre de consultation Rennes Nord");
    EXPECT_EQ(read.sites[1].organisation, read.sites[0].organisation);
    EXPECT_EQ(read.sites[2].postal_code, "56100");
    ASSERT_EQ(read.agendas.size(), 3U);
    EXPECT_FALSE(read.agendas[0].practitioner);
    ASSERT_EQ(read.slots.size(), 4U);
    EXPECT_EQ(read.slots[0].seen_by, audience::everyone);
    EXPECT_EQ(read.slots[2].modalities, std::vector{modality::video});
    EXPECT_EQ(read.slots[3].agenda, read.slots[2].agenda);
    EXPECT_EQ(listed(read), names{});
}

TEST(directory_sas_examples, cpts)
{
    const auto read = example("Bundle-ExampleBundleCPTS.json");
    ASSERT_EQ(read.practitioners.size(), 1U);
    EXPECT_EQ(read.practitioners[0].family_name, "Foret");
    ASSERT_EQ(read.slots.size(), 1U);
    EXPECT_EQ(read.slots[0].seen_by, audience::everyone);
    ASSERT_TRUE(read.slots[0].cpts);
    EXPECT_EQ(read.organisations[*read.slots[0].cpts].name, "CPTS AXE MAJEUR");
    EXPECT_EQ(read.slots[0].motives, names{"Visite de contrôle"});
    const auto& where = read.sites[read.agendas[read.slots[0].agenda].site];
    EXPECT_EQ(where.city, "Aussonne");
    EXPECT_EQ(read.organisations[where.organisation].identifier, "412345678912345");
    EXPECT_EQ(listed(read), names{});
}

TEST(directory_sas_examples, shifted_by_whole_weeks_into_the_coming_one)
{
    auto read = example("Bundle-ExampleBundlePSIndiv.json");
    // A Sunday evening: the coming week begins the next morning.
    shift_to_coming_week(read, *parse_instant("2026-11-22T22:30:00+01:00"));
    const auto* const paris = find_zone("Europe/Paris");
    // Thursday 4 November 2021 15:20 in Paris was the earliest; both dates lie in winter time.
    EXPECT_EQ(format_in(paris, read.slots[2].starts_at), "2026-11-26T15:20:00+01:00");
    EXPECT_EQ(format_in(paris, read.slots[2].ends_at), "2026-11-26T15:40:00+01:00");
    EXPECT_EQ(format_in(paris, read.slots[0].starts_at), "2026-11-27T10:00:00+01:00");
    const auto first = read.slots[0].starts_at;
    // Again in the same week: nothing moves. A day later, in the next week: a week.
    shift_to_coming_week(read, *parse_instant("2026-11-16T00:00:00+01:00"));
    EXPECT_EQ(read.slots[0].starts_at, first);
    shift_to_coming_week(read, *parse_instant("2026-11-23T00:00:00+01:00"));
    EXPECT_EQ(read.slots[0].starts_at, first + std::chrono::hours{7 * 24});
}

TEST(directory_sas_examples, a_shift_keeps_the_wall_clock_over_daylight_saving)
{
    const auto* const paris = find_zone("Europe/Paris");
    auto read = example("Bundle-ExampleBundleAgregateurSOS.json");
    // August to December: 9:00 in summer time stays 9:00 in winter time.
    shift_to_coming_week(read, *parse_instant("2026-12-01T12:00:00+01:00"));
    EXPECT_EQ(format_in(paris, read.slots[0].starts_at), "2026-12-11T09:00:00+01:00");
    EXPECT_EQ(format_in(paris, read.slots[1].starts_at), "2026-12-12T11:00:00+01:00");
    EXPECT_EQ(read.slots[0].ends_at - read.slots[0].starts_at, minutes{30});
}

TEST(directory_sas_examples, a_shift_into_a_skipped_hour_goes_behind_it)
{
    bundle_builder builder;
    builder.slot = bundle_builder::slot_at("S", "2026-03-22T02:30:00+01:00", "2026-03-22T02:50:00+01:00");
    auto read = builder.read();
    shift_to_coming_week(read, *parse_instant("2026-03-18T12:00:00+01:00"));
    EXPECT_EQ(format_in(find_zone("Europe/Paris"), read.slots[0].starts_at), "2026-03-29T03:00:00+02:00");
    EXPECT_EQ(read.slots[0].ends_at - read.slots[0].starts_at, minutes{20});
}

TEST(directory_sas_examples, a_shift_of_nothing_is_nothing)
{
    auto read = read_bundle(R"({"resourceType":"Bundle"})").value();
    shift_to_coming_week(read, now());
    EXPECT_TRUE(read.slots.empty());
}

}  // namespace manent::directory::sas
