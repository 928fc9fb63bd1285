#include "incident/store.hpp"

#include "incident/sql.hpp"

namespace manent::incident::stored
{

void note(unit& in, const finding& noticed)
{
    in.repeatable().add(sql::note, new_uuid(), new_uuid(), name_of(noticed.promise), noticed.practice,
                        name_of(noticed.detector), noticed.began_at, noticed.actor, json::serialize(noticed.evidence),
                        noticed.revisions);
}

noted_row read_noted(const rows& found)
{
    return {found[0].get<uuid>(0), found[0].get<bool>(1)};
}

}  // namespace manent::incident::stored
