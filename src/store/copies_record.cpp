#include "store/copies_record.hpp"

#include "core/disk.hpp"

#include <fstream>

namespace manent::store
{

copies_record::copies_record(const std::filesystem::path& data)
    : generation_file_{data / "copies.generation"}, mark_{data / "standby.whole"}
{
    std::ifstream{generation_file_} >> generation_;
}

bool copies_record::standby_is_whole() const
{
    const std::lock_guard held{guard_};
    std::error_code unknown;
    return std::filesystem::exists(mark_, unknown);
}

void copies_record::set_standby_whole(bool whole)
{
    const std::lock_guard held{guard_};
    if (whole) write_durably(mark_, "The standby holds every word that was acknowledged.\n");
    else if (std::filesystem::remove(mark_)) sync_folder(mark_.parent_path());
}

std::int64_t copies_record::next_generation()
{
    const std::lock_guard held{guard_};
    ++generation_;
    try
    {
        write_durably(generation_file_, std::to_string(generation_) + "\n");
    }
    catch (const std::filesystem::filesystem_error&)
    {
        // A full disk: the former number stays, and the next change writes the right one.
    }
    return generation_;
}

}  // namespace manent::store
