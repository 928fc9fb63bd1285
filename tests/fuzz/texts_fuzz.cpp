// Lines that people type to search, and texts that are folded, cut and dated: any bytes.
#include "core/text.hpp"
#include "core/time.hpp"
#include "directory/names.hpp"
#include "record/rules.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace manent;
    const std::string_view typed{reinterpret_cast<const char*>(data), size};
    if (const auto at = parse_instant(typed))
    {
        if (parse_instant(format_utc(*at)) != at) std::abort();
    }
    if (const auto day = parse_date(typed))
    {
        if (parse_date(format_date(*day)) != day) std::abort();
    }
    if (!count_code_points(typed)) return 0;
    const auto folded = fold(typed);
    if (!count_code_points(folded) || fold(folded) != folded) std::abort();
    if (!count_code_points(record::summary_of(typed))) std::abort();
    if (!count_code_points(directory::city_as_read(typed))) std::abort();
    for (const auto& word : record::read_search(typed).words)
    {
        if (word.empty()) std::abort();
    }
    return 0;
}
