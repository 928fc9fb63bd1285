// The rules of booking by example: one practice in Paris, days that anyone can count on their fingers.
#include "booking/rules.hpp"
#include "booking_model.hpp"

#include <gtest/gtest.h>

namespace manent::booking
{

namespace
{

using test::booked;
using test::numbered;
using test::weekly;

constexpr int hour = 60;
const auto visit = numbered(1);

instant at(const char* text)
{
    return parse_instant(text).value();
}

// Tuesdays 9 to 12, a visit of 20 minutes, asked on the Monday before.
class a_tuesday : public ::testing::Test
{
protected:
    a_tuesday()
    {
        schedule_.zone = find_zone("Europe/Paris");
        motive consultation;
        consultation.motive_id = visit;
        consultation.duration_min = 20;
        schedule_.motives = {consultation};
        schedule_.openings = {weekly(10, 2, 9 * hour, 12 * hour, {visit})};
        wanted_.motive_id = visit;
    }

    agenda_times agenda() const { return {std::make_shared<const schedule>(schedule_), taken_}; }

    std::string starts_on(local_date day) const
    {
        const auto known = agenda();
        free_time free{known, wanted_, now_};
        std::vector<free_start> starts;
        free.of_day(day, starts);
        std::string text;
        for (const auto& one : starts)
            text += (text.empty() ? "" : " ") + format_local_time(time_in(schedule_.zone, one.starts_at)) +
                    (one.lane > 0 ? "/" + std::to_string(one.lane) : "");
        return text;
    }

    std::variant<free_start, obstacle> checked(const char* start) const
    {
        return check(agenda(), wanted_, at(start), now_);
    }

    bool is_free(const char* start) const { return std::holds_alternative<free_start>(checked(start)); }
    obstacle why_not(const char* start) const { return std::get<obstacle>(checked(start)); }

    schedule schedule_;
    std::vector<taken> taken_;
    wish wanted_;
    instant now_ = at("2026-11-23T08:00:00+01:00");
    local_date tuesday_ = date::year{2026} / 11 / 24;
};

}  // namespace

TEST_F(a_tuesday, offers_a_start_each_visit_long)
{
    EXPECT_EQ(starts_on(tuesday_), "09:00 09:20 09:40 10:00 10:20 10:40 11:00 11:20 11:40");
    EXPECT_EQ(starts_on(add_days(tuesday_, 1)), "");
}

TEST_F(a_tuesday, a_booked_time_hides_every_start_that_it_touches)
{
    taken_ = {booked(20, at("2026-11-24T09:30:00+01:00"), 12)};
    EXPECT_EQ(starts_on(tuesday_), "09:00 10:00 10:20 10:40 11:00 11:20 11:40");
}

TEST_F(a_tuesday, a_visit_of_12_minutes_has_its_own_steps)
{
    schedule_.motives[0].duration_min = 12;
    schedule_.openings[0].ends = {10 * hour};
    EXPECT_EQ(starts_on(tuesday_), "09:00 09:12 09:24 09:36 09:48");
    taken_ = {booked(20, at("2026-11-24T09:17:00+01:00"), 12)};
    EXPECT_EQ(starts_on(tuesday_), "09:00 09:36 09:48");
}

TEST_F(a_tuesday, steps_shorter_than_the_visit_overlap)
{
    schedule_.openings[0].step_min = 10;
    schedule_.openings[0].ends = {10 * hour};
    EXPECT_EQ(starts_on(tuesday_), "09:00 09:10 09:20 09:30 09:40");
}

TEST_F(a_tuesday, neighbours_are_preferred_where_a_remainder_would_be_lost)
{
    schedule_.openings[0].prefers_neighbours = true;
    schedule_.openings[0].step_min = 5;
    schedule_.openings[0].ends = {10 * hour};
    taken_ = {booked(20, at("2026-11-24T09:00:00+01:00"), 7)};
    // Free from 09:07 to 10:00: a visit in between leaves 33 minutes, of no use once they lie on both sides.
    EXPECT_EQ(starts_on(tuesday_), "09:07 09:40");
}

TEST_F(a_tuesday, a_stretch_that_only_wastes_is_offered_as_it_is)
{
    schedule_.openings[0].prefers_neighbours = true;
    schedule_.openings[0].ends = {9 * hour + 30};
    EXPECT_EQ(starts_on(tuesday_), "09:00 09:10");
}

TEST_F(a_tuesday, two_lanes_admit_two_at_a_time)
{
    schedule_.openings[0].capacity = 2;
    schedule_.openings[0].ends = {10 * hour};
    taken_ = {booked(20, at("2026-11-24T09:00:00+01:00"), 20), booked(21, at("2026-11-24T09:20:00+01:00"), 20, 0),
              booked(22, at("2026-11-24T09:20:00+01:00"), 20, 1)};
    EXPECT_EQ(starts_on(tuesday_), "09:00/1 09:40");
}

TEST_F(a_tuesday, an_overbooked_lane_keeps_the_time_taken_when_the_lower_one_is_cancelled)
{
    taken_ = {booked(21, at("2026-11-24T09:20:00+01:00"), 20, 1)};
    EXPECT_EQ(why_not("2026-11-24T09:20:00+01:00"), obstacle::taken);
}

TEST_F(a_tuesday, an_expired_hold_is_free_again_and_ones_own_hold_is_no_obstacle)
{
    auto hold = booked(20, at("2026-11-24T09:00:00+01:00"), 20);
    hold.state = state::held;
    hold.hold_expires_at = now_ + minutes{1};
    taken_ = {hold};
    EXPECT_EQ(why_not("2026-11-24T09:00:00+01:00"), obstacle::taken);
    wanted_.ignoring = hold.appointment_id;
    EXPECT_TRUE(is_free("2026-11-24T09:00:00+01:00"));
    wanted_.ignoring.reset();
    taken_[0].hold_expires_at = now_;
    EXPECT_TRUE(is_free("2026-11-24T09:00:00+01:00"));
}

TEST_F(a_tuesday, an_absence_closes_what_it_touches)
{
    schedule_.absences = {{numbered(30), at("2026-11-24T09:10:00+01:00"), at("2026-11-24T11:30:00+01:00")}};
    EXPECT_EQ(starts_on(tuesday_), "11:40");
    EXPECT_EQ(why_not("2026-11-24T09:00:00+01:00"), obstacle::outside_openings);
}

TEST_F(a_tuesday, each_refusal_has_its_own_reason)
{
    taken_ = {booked(20, at("2026-11-24T09:00:00+01:00"), 20)};
    EXPECT_EQ(why_not("2026-11-24T09:00:00+01:00"), obstacle::taken);
    EXPECT_EQ(why_not("2026-11-24T13:00:00+01:00"), obstacle::outside_openings);
    EXPECT_EQ(why_not("2026-11-24T11:50:00+01:00"), obstacle::outside_openings);
    EXPECT_EQ(why_not("2026-11-24T09:25:00+01:00"), obstacle::outside_openings);
    EXPECT_EQ(why_not("2026-11-17T09:00:00+01:00"), obstacle::too_early);
    EXPECT_EQ(why_not("2027-03-02T09:00:00+01:00"), obstacle::too_late);
    wanted_.motive_id = numbered(99);
    EXPECT_EQ(why_not("2026-11-24T09:20:00+01:00"), obstacle::motive_not_bookable);
}

TEST_F(a_tuesday, refusals_carry_the_codes_that_clients_know)
{
    EXPECT_EQ(refuse(obstacle::taken).code, "slot_taken");
    EXPECT_EQ(refuse(obstacle::outside_openings).code, "outside_openings");
    EXPECT_EQ(refuse(obstacle::motive_not_bookable).code, "motive_not_bookable");
    EXPECT_EQ(refuse(obstacle::too_early).code, "too_early");
    EXPECT_EQ(refuse(obstacle::too_late).code, "too_late");
    EXPECT_EQ(refuse(obstacle::taken).kind, problem_kind::conflict);
}

TEST_F(a_tuesday, delays_end_on_the_minute_and_on_the_day)
{
    schedule_.motives[0].earliest_min = 60;
    schedule_.motives[0].latest_days = 7;
    now_ = at("2026-11-24T08:00:00+01:00");
    EXPECT_TRUE(is_free("2026-11-24T09:00:00+01:00"));
    EXPECT_TRUE(is_free("2026-12-01T11:40:00+01:00"));
    now_ += std::chrono::microseconds{1};
    EXPECT_EQ(why_not("2026-11-24T09:00:00+01:00"), obstacle::too_early);
    schedule_.motives[0].latest_days = 6;
    EXPECT_EQ(why_not("2026-12-01T09:00:00+01:00"), obstacle::too_late);
}

TEST_F(a_tuesday, new_and_known_patients_get_their_own_motives)
{
    schedule_.motives[0].admits = admission::new_patients;
    EXPECT_TRUE(is_free("2026-11-24T09:00:00+01:00"));
    wanted_.known = true;
    EXPECT_EQ(why_not("2026-11-24T09:00:00+01:00"), obstacle::motive_not_bookable);
    schedule_.motives[0].admits = admission::known_patients;
    EXPECT_TRUE(is_free("2026-11-24T09:00:00+01:00"));
}

TEST_F(a_tuesday, an_opening_for_regulators_is_hidden_from_everyone_else)
{
    schedule_.openings[0].audience = audience::regulators;
    EXPECT_EQ(starts_on(tuesday_), "");
    wanted_.audience = audience::professionals;
    EXPECT_EQ(starts_on(tuesday_), "");
    wanted_.audience = audience::regulators;
    EXPECT_NE(starts_on(tuesday_), "");
    schedule_.openings[0].audience = audience::everyone;
    EXPECT_NE(starts_on(tuesday_), "");
}

TEST_F(a_tuesday, a_motive_that_is_not_public_is_not_for_patients)
{
    schedule_.motives[0].is_public = false;
    EXPECT_EQ(why_not("2026-11-24T09:00:00+01:00"), obstacle::motive_not_bookable);
}

TEST_F(a_tuesday, overlapping_openings_offer_a_start_once)
{
    schedule_.openings.push_back(weekly(11, 2, 11 * hour, 13 * hour, {visit}));
    EXPECT_EQ(starts_on(tuesday_), "09:00 09:20 09:40 10:00 10:20 10:40 11:00 11:20 11:40 12:00 12:20 12:40");
}

TEST_F(a_tuesday, a_leap_day_is_a_day)
{
    // 29 February 2028 is a Tuesday.
    now_ = at("2028-02-20T08:00:00+01:00");
    schedule_.openings[0].ends = {9 * hour + 20};
    EXPECT_EQ(starts_on(date::year{2028} / 2 / 29), "09:00");
}

namespace
{

class a_night : public a_tuesday
{
protected:
    void open(int month, int day, int from_minute, int until_minute)
    {
        tuesday_ = date::year{2026} / month / day;
        schedule_.openings[0] = weekly(10, 7, from_minute, until_minute, {visit});
        schedule_.motives[0].duration_min = 30;
        now_ = instant{date::sys_days{add_days(tuesday_, -1)}.time_since_epoch()};
    }
};

}  // namespace

TEST_F(a_night, an_opening_across_the_skipped_hour_is_an_hour_shorter)
{
    open(3, 29, 90, 240);
    EXPECT_EQ(starts_on(tuesday_), "01:30 03:00 03:30");
}

TEST_F(a_night, an_opening_within_the_skipped_hour_does_not_exist)
{
    open(3, 29, 120, 180);
    EXPECT_EQ(starts_on(tuesday_), "");
}

TEST_F(a_night, an_opening_across_the_repeated_hour_is_an_hour_longer)
{
    open(10, 25, 120, 210);
    EXPECT_EQ(starts_on(tuesday_), "02:00 02:30 02:00 02:30 03:00");
    EXPECT_TRUE(is_free("2026-10-25T02:30:00+02:00"));
    EXPECT_TRUE(is_free("2026-10-25T02:30:00+01:00"));
}

TEST_F(a_tuesday, the_nearest_times_lie_on_both_sides_and_on_other_days)
{
    taken_ = {booked(20, at("2026-11-24T10:00:00+01:00"), 20)};
    const auto near = nearest_free(agenda(), wanted_, at("2026-11-24T10:00:00+01:00"), 3, now_);
    ASSERT_EQ(near.size(), 3U);
    EXPECT_EQ(near[0], at("2026-11-24T09:40:00+01:00"));
    EXPECT_EQ(near[1], at("2026-11-24T10:20:00+01:00"));
    EXPECT_EQ(near[2], at("2026-11-24T10:40:00+01:00"));
    taken_ = {booked(20, at("2026-11-24T09:00:00+01:00"), 180)};
    EXPECT_EQ(nearest_free(agenda(), wanted_, at("2026-11-24T10:00:00+01:00"), 1, now_),
              std::vector{at("2026-12-01T09:00:00+01:00")});
}

TEST_F(a_tuesday, the_next_times_run_over_the_weeks)
{
    schedule_.openings[0].ends = {9 * hour + 20};
    EXPECT_EQ(next_free(agenda(), wanted_, 2, now_),
              (std::vector{at("2026-11-24T09:00:00+01:00"), at("2026-12-01T09:00:00+01:00")}));
}

TEST(booking_changes, patients_move_and_cancel_until_the_delay)
{
    const auto start = at("2026-11-24T09:00:00+01:00");
    const auto last = at("2026-11-23T09:00:00+01:00");
    EXPECT_EQ(change_until(start, 1440), last);
    EXPECT_TRUE(patient_may_change(state::booked, start, 1440, last));
    EXPECT_FALSE(patient_may_change(state::booked, start, 1440, last + std::chrono::microseconds{1}));
    EXPECT_FALSE(patient_may_change(state::booked, start, 0, start));
    for (const auto closed : {state::held, state::arrived, state::fulfilled, state::noshow, state::cancelled})
        EXPECT_FALSE(patient_may_change(closed, start, 1440, last));
}

TEST(booking_changes, states_follow_each_other_as_a_visit_does)
{
    EXPECT_TRUE(may_become(state::held, state::booked));
    EXPECT_TRUE(may_become(state::booked, state::arrived));
    EXPECT_TRUE(may_become(state::arrived, state::fulfilled));
    EXPECT_TRUE(may_become(state::booked, state::noshow));
    EXPECT_TRUE(may_become(state::noshow, state::arrived));
    EXPECT_TRUE(may_become(state::arrived, state::booked));
    EXPECT_TRUE(may_become(state::cancelled, state::booked));
    EXPECT_FALSE(may_become(state::cancelled, state::fulfilled));
    EXPECT_FALSE(may_become(state::fulfilled, state::cancelled));
    EXPECT_FALSE(may_become(state::fulfilled, state::noshow));
    EXPECT_FALSE(may_become(state::held, state::arrived));
    for (const auto any :
         {state::held, state::booked, state::arrived, state::fulfilled, state::noshow, state::cancelled})
    {
        EXPECT_FALSE(may_become(any, any));
        EXPECT_FALSE(may_become(any, state::held));
    }
}

TEST_F(a_tuesday, staff_overbook_knowingly_into_the_lowest_free_lane)
{
    using lane = std::variant<int, obstacle>;
    const span during{at("2026-11-24T09:00:00+01:00"), at("2026-11-24T09:20:00+01:00")};
    EXPECT_EQ(staff_lane(agenda(), during, tolerance::nothing, std::nullopt, now_), lane{0});
    taken_ = {booked(20, during.from, 20), booked(21, during.from + minutes{10}, 20, 2)};
    EXPECT_EQ(staff_lane(agenda(), during, tolerance::nothing, std::nullopt, now_), lane{obstacle::taken});
    EXPECT_EQ(staff_lane(agenda(), during, tolerance::everything, std::nullopt, now_), lane{1});
    EXPECT_EQ(staff_lane(agenda(), during, tolerance::nothing, numbered(20), now_), lane{obstacle::taken});
    const span after{during.until + minutes{10}, during.until + minutes{30}};
    EXPECT_EQ(staff_lane(agenda(), after, tolerance::nothing, std::nullopt, now_), lane{0});
}

TEST_F(a_tuesday, staff_use_the_lanes_that_an_opening_admits_without_overbooking)
{
    using lane = std::variant<int, obstacle>;
    schedule_.openings[0].capacity = 2;
    const span during{at("2026-11-24T09:00:00+01:00"), at("2026-11-24T09:20:00+01:00")};
    taken_ = {booked(20, during.from, 20)};
    EXPECT_EQ(staff_lane(agenda(), during, tolerance::nothing, std::nullopt, now_), lane{1});
}

TEST_F(a_tuesday, staff_are_warned_outside_the_openings_and_in_absences)
{
    using lane = std::variant<int, obstacle>;
    const span evening{at("2026-11-24T11:50:00+01:00"), at("2026-11-24T12:10:00+01:00")};
    EXPECT_EQ(staff_lane(agenda(), evening, tolerance::nothing, std::nullopt, now_), lane{obstacle::outside_openings});
    EXPECT_EQ(staff_lane(agenda(), evening, tolerance::closed_time, std::nullopt, now_), lane{0});
    EXPECT_EQ(staff_lane(agenda(), evening, tolerance::everything, std::nullopt, now_), lane{0});
    taken_ = {booked(20, evening.from, 20)};
    EXPECT_EQ(staff_lane(agenda(), evening, tolerance::closed_time, std::nullopt, now_), lane{obstacle::taken});
    taken_.clear();
    schedule_.absences = {{numbered(30), at("2026-11-24T09:10:00+01:00"), at("2026-11-24T09:15:00+01:00")}};
    const span during{at("2026-11-24T09:00:00+01:00"), at("2026-11-24T09:20:00+01:00")};
    EXPECT_EQ(staff_lane(agenda(), during, tolerance::nothing, std::nullopt, now_), lane{obstacle::outside_openings});
}

TEST_F(a_tuesday, openings_are_told_as_instants)
{
    schedule_.openings.push_back(weekly(11, 2, 12 * hour, 13 * hour, {visit}));
    const auto stretches = open_stretches(schedule_, add_days(tuesday_, -1), add_days(tuesday_, 1));
    ASSERT_EQ(stretches.size(), 1U);
    EXPECT_EQ(stretches[0], (span{at("2026-11-24T09:00:00+01:00"), at("2026-11-24T13:00:00+01:00")}));
}

}  // namespace manent::booking
