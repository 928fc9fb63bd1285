// What is remembered of the copies in the data folder, beside the databases themselves: how often saving has changed
// between one copy and two, and whether the standby holds every word that was acknowledged. The second decides who may
// take over when the primary's disk is lost.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>

namespace manent::store
{

class copies_record
{
public:
    explicit copies_record(const std::filesystem::path& data);

    // False from before saving goes on without the standby until after it has caught up.
    [[nodiscard]] bool standby_is_whole() const;
    // On disk when it returns. Saying no needs no room, so it works on a full disk too. Throws std::filesystem_error.
    void set_standby_whole(bool whole);
    // The number of this change; kept as well as the disk allows, for it is only told to people.
    std::int64_t next_generation();

private:
    std::filesystem::path generation_file_;
    std::filesystem::path mark_;  // exists: the standby is whole
    mutable std::mutex guard_;
    std::int64_t generation_ = 0;
};

}  // namespace manent::store
