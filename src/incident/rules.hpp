// What incidents decide without looking anything up: which findings a device's report makes, how many reports an
// account may send. Pure: no I/O, no clock, no SQL.
#pragma once

#include "incident/types.hpp"
#include "record/comparison.hpp"
#include "store/archive_state.hpp"

#include <chrono>
#include <optional>
#include <unordered_map>
#include <vector>

namespace manent::incident
{

// Whether this program may ever have issued a revision of that identifier: it issues UUIDs of version 7 and no others.
// No other test is sound: a server that lost a commit knows nothing of what it acknowledged.
bool may_have_been_issued(const uuid& revision);

// Digests that are none, by their paths.
std::vector<field_error> misshapen(const device_report& said);

// What a report breaks: texts that are gone break I1, texts that changed break I2; one finding each, or none. A device
// that claims what was never issued is answered that it is missing, and makes no finding.
std::vector<finding> findings_of(const record::comparison& compared, const device_report& said, const uuid& practice,
                                 const uuid& account, instant at);

// What a device claimed before, that an open incident holds.
struct claim
{
    uuid incident{};
    record::held_revision held;
};

// The incidents all of whose claims turned out to be stored as they are held: whatever was wrong has been mended.
std::vector<uuid> mended(const std::vector<claim>& claims, const record::comparison& compared);

// What an operator reads of the archive; nullopt where there is none.
std::optional<backup_view> backup_as_shown(const std::optional<store::archive_state>& known);

// Turns what is seen at each look into a beginning and an end: something has begun once it was seen for `begins_after`,
// and has ended once it was not seen for `ends_after`. What was told is repeated until it is `done`.
class lasting
{
public:
    using clock = std::chrono::steady_clock;
    enum class change
    {
        none,
        began,
        ended
    };

    lasting(std::chrono::seconds begins_after, std::chrono::seconds ends_after)
        : begins_after_{begins_after}, ends_after_{ends_after}
    {
    }

    change look(clock::time_point at, bool seen);
    // The change that was answered last has been written down.
    void done(change written);
    // Since when it is as it is.
    [[nodiscard]] clock::time_point since() const { return since_; }

private:
    std::chrono::seconds begins_after_;
    std::chrono::seconds ends_after_;
    std::optional<bool> seen_;
    clock::time_point since_;
    // Nothing is known at the start: an incident of a former process may be open still.
    std::optional<bool> told_;
};

// How many reports an account may send: as many at once as thirty days of writing need, then one every few seconds.
class report_allowance
{
public:
    using clock = std::chrono::steady_clock;
    static constexpr int at_once_max = 60;
    static constexpr std::chrono::seconds one_every{5};

    // Zero when the report may be taken now, else how long to wait.
    std::chrono::seconds take(const uuid& account, clock::time_point at);

private:
    // The moment at which an account that sent nothing more would have its whole allowance again.
    std::unordered_map<uuid, clock::time_point> full_at_;
};

}  // namespace manent::incident
