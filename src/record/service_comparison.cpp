// Comparing what a device holds with what is stored: see service.hpp.
#include "record/service.hpp"

#include <algorithm>
#include <random>
#include <unordered_map>

namespace manent::record
{

namespace
{

std::vector<uuid> ids_of(const std::vector<held_revision>& held)
{
    std::vector<uuid> ids;
    for (const auto& each : held) ids.push_back(each.revision);
    std::ranges::sort(ids);
    const auto [repeated, end] = std::ranges::unique(ids);
    ids.erase(repeated, end);
    return ids;
}

std::optional<difference> examine(opener& texts, const stored_revision& stored, byte_view held)
{
    const auto text = texts.open_text_of(stored);
    if (!text) return difference_of(text.error());
    return judge(held, stored.digest, salted_digest(stored.salt, *text));
}

std::optional<uuid> consultation_of(const stored_revision& stored)
{
    if (stored.at.subject_kind != subject_kind::consultation) return std::nullopt;
    return stored.at.subject;
}

}  // namespace

task<result<comparison>> service::compare(act of, std::vector<held_revision> held)
{
    const auto ids = ids_of(held);
    store::unit look{of.by.scope()};
    stored::list_held(look, of.by.practice, ids);
    const auto found = co_await app_.read(look);
    if (!found) co_return found.error();
    auto listed = stored::read_held(found->front());
    // Another order each time, so that in the course of some reports every text is opened.
    std::ranges::shuffle(listed, std::minstd_rand{std::random_device{}()});

    comparison made;
    std::unordered_map<uuid, byte_view> stored_digests;
    for (const auto& each : listed) stored_digests.emplace(each.revision, each.digest);
    for (const auto& id : ids)
    {
        if (!stored_digests.contains(id)) made.missing.push_back({id, false});
    }
    if (const auto marked = co_await mark_acknowledged(of, made.missing); !marked) co_return marked.error();

    store::unit proof{of.by.scope()};
    stored::prove_revisions(proof, of.by.practice, choose_to_open(held, listed, opened_bytes_max));
    const auto proved = co_await app_.read(proof);
    if (!proved) co_return proved.error();
    std::unordered_map<uuid, stored_revision> opened;
    for (auto& each : stored::read_proofs(proved->front())) opened.emplace(each.at.revision, std::move(each));
    made.opened = opened.size();
    opener texts{keys_.master()};
    for (const auto& each : held)
    {
        const auto stored_digest = stored_digests.find(each.revision);
        if (stored_digest == stored_digests.end()) continue;
        const auto whole = opened.find(each.revision);
        if (whole != opened.end())
        {
            const auto why = examine(texts, whole->second, each.digest);
            if (why) made.different.push_back({each.revision, *why, consultation_of(whole->second)});
        }
        else if (!equal_in_constant_time(stored_digest->second, each.digest))
        {
            made.different.push_back({each.revision, difference::not_opened, std::nullopt});
        }
    }
    co_return made;
}

task<result<void>> service::mark_acknowledged(const act& of, std::vector<missing_revision>& missing)
{
    if (missing.empty()) co_return result<void>{};
    std::vector<std::string> ids;
    for (const auto& each : missing) ids.push_back(to_string(each.revision));
    store::unit look{of.by.scope()};
    stored::find_acknowledged(look, of.by.who.person, ids);
    const auto found = co_await app_.read(look);
    if (!found) co_return found.error();
    for (const auto& named : stored::read_acknowledged(found->front()))
    {
        const auto at = std::ranges::find(missing, named, &missing_revision::revision);
        if (at != missing.end()) at->acknowledged = true;
    }
    co_return result<void>{};
}

}  // namespace manent::record
