#include "booking/slots_json.hpp"

#include "booking/free_time.hpp"
#include "booking/rules.hpp"

#include <array>

namespace manent::booking
{

namespace
{

void put_two_digits(char* at, std::int64_t value)
{
    at[0] = static_cast<char>('0' + value / 10);
    at[1] = static_cast<char>('0' + value % 10);
}

// Writes the instants of one day after another; the date's and the offset's characters are written once and kept.
class slot_writer
{
public:
    slot_writer(std::string& into, wall_clock& clock) : into_(into), clock_(clock) {}

    void day(local_date day, const std::vector<free_start>& starts)
    {
        const auto date = format_date(day);
        into_ += "{\"date\":\"";
        into_ += date;
        into_ += "\",\"slots\":[";
        std::copy(date.begin(), date.end(), text_.begin() + 1);
        midnight_ = instant{date::sys_days{day}.time_since_epoch()};
        for (const auto& one : starts) slot(one.starts_at);
        into_.back() = ']';  // over the last comma: a day is written only with slots
        into_ += "},";
    }

private:
    void slot(instant at)
    {
        const auto offset = clock_.offset_at(at);
        const auto second = std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch() + offset -
                                                                             midnight_.time_since_epoch())
                                .count();
        put_two_digits(&text_[12], second / 3600);
        put_two_digits(&text_[15], second / 60 % 60);
        put_two_digits(&text_[18], second % 60);
        if (offset != offset_) write_offset(offset);
        into_.append(text_.data(), text_.size());
    }

    void write_offset(std::chrono::seconds offset)
    {
        const auto minutes_east = std::chrono::duration_cast<minutes>(offset).count();
        const auto size = minutes_east < 0 ? -minutes_east : minutes_east;
        text_[20] = minutes_east < 0 ? '-' : '+';
        put_two_digits(&text_[21], size / 60);
        put_two_digits(&text_[24], size % 60);
        offset_ = offset;
    }

    std::string& into_;
    wall_clock& clock_;
    std::array<char, 28> text_{'"', '0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0', '0',
                               ':', '0', '0', ':', '0', '0', '+', '0', '0', ':', '0', '0', '"', ','};
    std::chrono::seconds offset_{0};
    instant midnight_;
};

}  // namespace

std::string slots_json(const agenda_times& agenda, const wish& wanted, local_date from, local_date to, instant now)
{
    free_time free{agenda, wanted, now};
    std::string text;
    text.reserve(16 * 1024);
    text += "{\"time_zone\":\"";
    text += agenda.schedule->zone->name();
    text += "\",\"days\":[";
    slot_writer writer{text, free.clock()};
    std::vector<free_start> starts;
    const auto last = std::min(to, free.last_day());
    bool any = false;
    for (auto day = std::max(from, free.clock().date_of(free.earliest())); day <= last; day = add_days(day, 1))
    {
        starts.clear();
        free.of_day(day, starts);
        if (starts.empty()) continue;
        writer.day(day, starts);
        any = true;
    }
    if (any) text.pop_back();
    text += "],\"next_date\":";
    const auto next = next_free_day(free, to);
    text += next ? '"' + format_date(*next) + '"' : std::string{"null"};
    text += '}';
    return text;
}

}  // namespace manent::booking
