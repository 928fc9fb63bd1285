// Rows of what a device holds: see store.hpp.
#include "record/sql.hpp"
#include "record/store.hpp"

namespace manent::record::stored
{

void list_held(unit& in, const uuid& practice, const std::vector<uuid>& revisions)
{
    in.add(sql::list_held, practice, revisions);
}

std::vector<listed_revision> read_held(const rows& found)
{
    std::vector<listed_revision> listed;
    for (int i = 0; i < found.size(); ++i)
        listed.push_back(
            {found[i].get<uuid>(0), found[i].get<bytes>(1), static_cast<std::size_t>(found[i].get<std::int64_t>(2))});
    return listed;
}

void prove_revisions(unit& in, const uuid& practice, const std::vector<uuid>& revisions)
{
    in.add(sql::prove_revisions, practice, revisions);
}

std::vector<stored_revision> read_proofs(const rows& found)
{
    std::vector<stored_revision> proofs;
    for (int i = 0; i < found.size(); ++i) proofs.emplace_back(found[i]);
    return proofs;
}

void find_acknowledged(unit& in, const uuid& person, const std::vector<std::string>& revisions)
{
    in.add(sql::find_acknowledged, person, revisions);
}

std::vector<uuid> read_acknowledged(const rows& found)
{
    std::vector<uuid> named;
    for (int i = 0; i < found.size(); ++i) named.push_back(found[i].get<uuid>(0));
    return named;
}

}  // namespace manent::record::stored
