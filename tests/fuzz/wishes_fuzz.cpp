// Bodies of requests: whatever is read obeys the limits of its type, and what is written of it reads back the same.
#include "booking/wire.hpp"
#include "identity/requests.hpp"
#include "record/types.hpp"

#include <cstdlib>

namespace
{

template <class Wish>
void try_reading(std::string_view body)
{
    const auto read = manent::read_json<Wish>(body);
    if (!read) return;
    const auto written = boost::json::serialize(manent::to_json(*read));
    const auto again = manent::read_json<Wish>(written);
    if (!again || boost::json::serialize(manent::to_json(*again)) != written) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view body{reinterpret_cast<const char*>(data), size};
    try_reading<manent::record::save_wish>(body);
    try_reading<manent::record::new_patient>(body);
    try_reading<manent::booking::booking_wish>(body);
    try_reading<manent::booking::hold_wish>(body);
    return 0;
}
