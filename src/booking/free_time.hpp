// Which starts of a motive are free on an agenda. The one place that decides it: the month that a patient sees and the
// check of a single wished start run the same lines, so that what is offered is what is accepted. Pure: the clock is a
// parameter, and nothing here books anything; the exclusion constraint of the database has the last word.
#pragma once

#include "booking/types.hpp"
#include "booking/wall_clock.hpp"

#include <vector>

namespace manent::booking
{

struct free_start
{
    instant starts_at;
    instant ends_at;
    int lane = 0;  // the lowest that is free throughout

    bool operator==(const free_start&) const = default;
};

// The agenda's motive that a wish names and may book, or nullptr.
const motive* bookable_motive(const schedule& of, const wish& wanted);

// Whether an opening's rule names that local day.
bool falls_on(const opening& one, local_date day);

// The agenda's openings as instants between two local dates, both included: united, whoever they are for.
std::vector<span> open_stretches(const schedule& of, local_date from, local_date to);

// Whether a taken time stands in the way of others: not when its hold has expired, nor when the wish ignores it.
bool occupies(const taken& one, const std::optional<uuid>& ignoring, instant now);

// Free time of one agenda for one wish at one moment. Borrows the agenda, which must outlive it; not to be shared
// between threads.
//
// A visit lies within one opening. Starts are counted in steps from the opening's first instant, also across a change
// of offset, so that visits stay gapless where the clock jumps. Between two local midnights there are as many starts
// as there is time.
class free_time
{
public:
    // With a motive that the wish may not book there is no free time at all.
    free_time(const agenda_times& agenda, const wish& wanted, instant now);

    [[nodiscard]] bool is_bookable() const { return motive_ != nullptr; }
    [[nodiscard]] const motive* wished_motive() const { return motive_; }
    // The first instant and the last local day that the motive's delays admit.
    [[nodiscard]] instant earliest() const { return earliest_; }
    [[nodiscard]] local_date last_day() const { return last_day_; }
    [[nodiscard]] wall_clock& clock() { return clock_; }

    // Adds the free starts of a local day, ascending, each once.
    void of_day(local_date day, std::vector<free_start>& into);

    // Whether the motive could start then if nothing were taken and the delays were met: inside an opening, clear of
    // absences, on the opening's steps or, where that opening prefers neighbours, off them.
    bool is_open_at(instant starts_at);

private:
    // Calls visit(opening, stretch) for each opening that the wish may use on that day.
    template <class Visit>
    void each_opening(local_date day, Visit visit);
    void collect_busy(span within, int capacity);
    void add_crowded(int capacity);
    void busy_of_lane(int lane, int capacity);
    void starts_between(span gap, const opening& in, span stretch, int lane, std::vector<free_start>& into);
    [[nodiscard]] minutes step_of(const opening& in) const;

    const agenda_times& agenda_;
    wish wanted_;
    instant now_;
    const motive* motive_;
    minutes duration_{0};
    minutes shortest_{0};  // of the agenda's motives: a shorter remainder is of no use to anyone
    instant earliest_;
    local_date last_day_;
    wall_clock clock_;
    std::vector<const opening*> openings_;  // those that the wish may use

    // Scratch, kept between days.
    std::vector<const taken*> overlapping_;
    std::vector<span> closed_;  // absences, and where as many patients are as the opening admits
    std::vector<span> busy_;    // the same and one lane's taken time: sorted, disjoint
    std::vector<instant> ends_;
};

}  // namespace manent::booking
