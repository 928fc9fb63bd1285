// Specialties as patients know them: every published code in exactly one group, found by the words people use.
#include "directory/specialties.hpp"
#include "directory_data.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace manent::directory
{

namespace
{

std::string first_found(std::string_view text)
{
    const auto found = the_data().specialties.search(text, 5);
    return found.empty() ? "" : found.front()->slug;
}

std::string slug_of(code_system system, std::string_view code)
{
    const auto* const found = the_data().specialties.of_code(system, code);
    return found == nullptr ? "" : found->slug;
}

}  // namespace

TEST(directory_specialties, every_published_code_belongs_to_one_group)
{
    // That no code comes twice is held by the reader itself, which refuses the file.
    const auto text = read_data_file(data_folder() / "nomenclatures.csv");
    csv_reader reader{"nomenclatures.csv", text};
    reader.expect_header({"system", "code", "label_fr"});
    std::vector<std::string> row;
    std::size_t codes = 0;
    while (reader.next(row))
    {
        ++codes;
        if (row[0].starts_with("TRE_R38")) EXPECT_NE(slug_of(code_system::ordinal_specialty, row[1]), "") << row[1];
        else if (row[0].starts_with("TRE_G15")) EXPECT_NE(slug_of(code_system::profession, row[1]), "") << row[1];
        else EXPECT_NE(the_data().sectors.find(row[1]), nullptr) << row[1];
    }
    EXPECT_EQ(codes, 127U);
}

TEST(directory_specialties, groups_hold_published_codes_only)
{
    const auto text = read_data_file(data_folder() / "nomenclatures.csv");
    for (const auto& one : the_data().specialties.all())
    {
        for (const auto& code : one.ordinal_codes)
            EXPECT_NE(text.find("TRE_R38-SpecialiteOrdinale," + code + ","), std::string::npos) << code;
        for (const auto& code : one.profession_codes)
            EXPECT_NE(text.find("TRE_G15-ProfessionSante," + code + ","), std::string::npos) << code;
    }
}

TEST(directory_specialties, options_of_one_specialty_are_grouped)
{
    for (const auto* code : {"SM04", "SM73", "SM79", "SM80", "SM81"})
        EXPECT_EQ(slug_of(code_system::ordinal_specialty, code), "cardiology");
    EXPECT_EQ(slug_of(code_system::ordinal_specialty, "SM54"), "general-practice");
    EXPECT_EQ(slug_of(code_system::ordinal_specialty, "SM41"), "pneumology");
    EXPECT_EQ(slug_of(code_system::profession, "70"), "physiotherapy");
    EXPECT_EQ(slug_of(code_system::profession, "40"), "dentistry");
    EXPECT_EQ(slug_of(code_system::ordinal_specialty, "70"), "");
}

TEST(directory_specialties, people_find_them_by_their_own_words)
{
    EXPECT_EQ(first_found("kiné"), "physiotherapy");
    EXPECT_EQ(first_found("KINE"), "physiotherapy");
    EXPECT_EQ(first_found("généraliste"), "general-practice");
    EXPECT_EQ(first_found("medecin gen"), "general-practice");
    EXPECT_EQ(first_found("cardiolog"), "cardiology");
    EXPECT_EQ(first_found("cœur"), "cardiology");
    EXPECT_EQ(first_found("dentista"), "dentistry");
    EXPECT_EQ(first_found("eye doctor"), "ophthalmology");
    EXPECT_EQ(first_found("ophtalmo"), "ophthalmology");
    EXPECT_EQ(first_found("sage femme"), "midwifery");
    EXPECT_EQ(first_found("enfant psychiatre"), "child-psychiatry");
    EXPECT_EQ(first_found("psychiatre enfants"), "child-psychiatry");
    EXPECT_EQ(first_found("k"), "");
    EXPECT_EQ(first_found("zzz"), "");
}

TEST(directory_specialties, an_exact_word_names_one)
{
    ASSERT_NE(the_data().specialties.named("Kiné"), nullptr);
    EXPECT_EQ(the_data().specialties.named("Kiné")->slug, "physiotherapy");
    EXPECT_EQ(the_data().specialties.named("kin"), nullptr);
    EXPECT_EQ(the_data().specialties.named(""), nullptr);
}

TEST(directory_specialties, physicians_and_dentists_are_called_doctor)
{
    EXPECT_EQ(the_data().specialties.find("cardiology")->title, "Dr");
    EXPECT_EQ(the_data().specialties.find("dentistry")->title, "Dr");
    EXPECT_EQ(the_data().specialties.find("physiotherapy")->title, "");
    EXPECT_EQ(the_data().specialties.find("nursing")->title, "");
}

TEST(directory_specialties, labels_stand_in_three_languages)
{
    const auto* const gp = the_data().specialties.find("general-practice");
    ASSERT_NE(gp, nullptr);
    EXPECT_EQ(gp->label.in("fr"), "Médecin généraliste");
    EXPECT_EQ(gp->label.in("en"), "General practitioner");
    EXPECT_EQ(gp->label.in("es"), "Médico de familia");
    EXPECT_EQ(gp->label.in("de"), "Médecin généraliste");
    EXPECT_EQ(the_data().sectors.find("c1")->label.in("fr"), "Secteur 1");
    EXPECT_EQ(the_data().specialties.find("astrology"), nullptr);
}

TEST(directory_specialties, the_common_ones_come_first_and_in_order)
{
    int last = 0;
    bool rare = false;
    for (const auto& one : the_data().specialties.all())
    {
        if (!one.common_rank) rare = true;
        if (!one.common_rank) continue;
        EXPECT_FALSE(rare) << one.slug;
        EXPECT_GT(*one.common_rank, last);
        last = *one.common_rank;
    }
    EXPECT_GE(last, 7);
}

TEST(directory_specialties, a_broken_file_is_refused_with_its_line)
{
    const std::string header =
        "slug,common_rank,title,tint,r38_codes,g15_codes,label_fr,label_en,label_es,search_words\n";
    const std::string good = "a,,,1,SM01,,A,A,A,\n";
    EXPECT_NO_THROW(specialties::parse(header + good));
    EXPECT_THROW(specialties::parse(header + good + good), data_error);
    EXPECT_THROW(specialties::parse(header + good + "b,,,1,SM01,,B,B,B,\n"), data_error);
    EXPECT_THROW(specialties::parse(header + "a,,,9,SM01,,A,A,A,\n"), data_error);
    EXPECT_THROW(specialties::parse(header + "a,,,1,,,A,A,A,\n"), data_error);
    EXPECT_THROW(specialties::parse(header + "a,,,1,SM01,,A,,A,\n"), data_error);
    EXPECT_THROW(sectors::parse("code,label_fr,label_en,label_es\nc1,a,b,\n"), data_error);
}

}  // namespace manent::directory
