// The availability index: every agenda's openings, absences and taken time in memory, so that free slots cost no
// database. It answers; the database decides. What it holds may be some moments old, which can disappoint a patient but
// never book a time twice.
//
// Each agenda is one immutable snapshot of sorted intervals, replaced as a whole when something about it changes.
// Intervals and not bit sets of five minutes: visits of 12 minutes and imported starts off the grid stay exact, and a
// month of a busy agenda is a few hundred comparisons either way.
#pragma once

#include "booking/free_time.hpp"
#include "booking/types.hpp"

#include <memory>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace manent::booking
{

// Thread-safe. Readers keep the snapshot they got for as long as they need it.
class availability
{
public:
    // nullptr when the index does not know the agenda.
    [[nodiscard]] std::shared_ptr<const agenda_times> find(const uuid& agenda_id) const;
    [[nodiscard]] std::size_t size() const;

    // Sorts what it is given, and replaces everything known about that agenda.
    void put(schedule of, std::vector<taken> all);
    // New openings, motives or absences under the times already known. An unknown agenda starts with none taken.
    void put_schedule(schedule of);
    // What was read again: exactly these start within the window. An unknown agenda stays unknown.
    void put_taken(const uuid& agenda_id, span starting_within, std::vector<taken> there);
    void forget(const uuid& agenda_id);

private:
    void replace(const uuid& agenda_id, std::shared_ptr<const agenda_times> by);

    // Readers only copy a pointer under it; snapshots are made outside by the one follower of the outbox.
    mutable std::shared_mutex mutex_;
    std::unordered_map<uuid, std::shared_ptr<const agenda_times>> agendas_;
};

}  // namespace manent::booking
