// A published SAS bundle, however broken: every entry is taken or listed, and what was taken can be planned.
#include "directory/sas_bundle.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace manent;
    auto read = directory::sas::read_bundle({reinterpret_cast<const char*>(data), size});
    if (!read) return 0;
    for (const auto& slot : read->slots)
    {
        if (slot.agenda >= read->agendas.size() || slot.ends_at <= slot.starts_at) std::abort();
    }
    for (const auto& agenda : read->agendas)
    {
        if (agenda.site >= read->sites.size()) std::abort();
        if (agenda.practitioner && *agenda.practitioner >= read->practitioners.size()) std::abort();
    }
    directory::sas::shift_to_coming_week(*read, parse_instant("2026-11-22T09:00:00+01:00").value());
    return 0;
}
