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

void end_of_detector(unit& in, detector by, promise of, const std::optional<uuid>& practice, const json::object& why)
{
    in.repeatable().add(sql::end_of_detector, name_of(by), name_of(of), practice, json::serialize(why));
}

void end(unit& in, const uuid& incident, const std::optional<uuid>& actor, const json::object& why)
{
    in.repeatable().add(sql::end, incident, new_uuid(), actor, json::serialize(why));
}

std::vector<uuid> read_ended(const rows& found)
{
    std::vector<uuid> ended;
    for (int i = 0; i < found.size(); ++i) ended.push_back(found[i].get<uuid>(0));
    return ended;
}

void find_claims(unit& in, const uuid& practice, int claims_max)
{
    in.add(sql::find_claims, practice, claims_max);
}

std::vector<claim> read_claims(const rows& found)
{
    std::vector<claim> claims;
    for (int i = 0; i < found.size(); ++i)
    {
        const auto each = found[i];
        claims.push_back(
            {each.get<uuid>(0), {each.get<uuid>(1), from_base64url(each.get<std::string>(2)).value_or(bytes{})}});
    }
    return claims;
}

void refuse_others(unit& in)
{
    in.add(sql::refuse_others);
}

void list_all(unit& in)
{
    in.add(sql::list_all);
}

void list_of_practice(unit& in, const uuid& practice)
{
    in.add(sql::list_of_practice, practice);
}

void find(unit& in, const uuid& incident, const std::optional<uuid>& practice)
{
    in.add(sql::find, incident, practice);
}

std::vector<incident_view> read_incidents(const rows& found)
{
    std::vector<incident_view> views;
    for (int i = 0; i < found.size(); ++i)
    {
        const auto each = found[i];
        views.push_back({each.get<uuid>(0), each.get<promise>(1), each.get<detector>(2),
                         each.get<std::optional<uuid>>(3), each.get<std::optional<std::string>>(4),
                         each.get<instant>(5), each.get<std::optional<instant>>(6), each.get<int>(7)});
    }
    return views;
}

void list_evidence(unit& in, const uuid& incident)
{
    in.add(sql::list_evidence, incident);
}

std::vector<evidence_view> read_evidence(const rows& found)
{
    std::vector<evidence_view> evidence;
    for (int i = 0; i < found.size(); ++i)
    {
        const auto each = found[i];
        evidence.push_back({each.get<instant>(0), each.get<bool>(1), each.get<std::optional<uuid>>(2),
                            json::parse(each.get<std::string>(3)).as_object()});
    }
    return evidence;
}

void find_copies(unit& in)
{
    in.add(sql::find_copies);
}

copies_row read_copies(const rows& found)
{
    return {!found[0].get<std::string>(0).empty(), found[0].get<std::vector<std::string>>(1)};
}

void count_open(unit& in)
{
    in.add(sql::count_open);
}

std::map<promise, int> read_open(const rows& found)
{
    std::map<promise, int> counts;
    for (int i = 0; i < found.size(); ++i) counts.emplace(found[i].get<promise>(0), found[i].get<int>(1));
    return counts;
}

void find_untold(unit& in)
{
    in.add(sql::find_untold);
}

std::vector<untold_row> read_untold(const rows& found)
{
    std::vector<untold_row> untold;
    for (int i = 0; i < found.size(); ++i)
    {
        const auto each = found[i];
        untold.push_back({each.get<uuid>(0), each.get<promise>(1), each.get<detector>(2), each.get<instant>(3),
                          each.get<std::optional<instant>>(4), each.get<bool>(5)});
    }
    return untold;
}

void mark_told(unit& in, const uuid& incident, bool of_end)
{
    in.add(sql::mark_told, incident, new_uuid(), of_end ? "end_told" : "beginning_told");
}

void find_operators(unit& in)
{
    in.add(sql::find_operators);
}

std::vector<operator_row> read_operators(const rows& found)
{
    std::vector<operator_row> operators;
    for (int i = 0; i < found.size(); ++i)
        operators.push_back({found[i].get<std::string>(0), language_of(found[i].raw(1))});
    return operators;
}

}  // namespace manent::incident::stored
