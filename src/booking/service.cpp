#include "booking/service.hpp"

#include "booking/slots_json.hpp"

namespace manent::booking
{

namespace
{

constexpr std::size_t nearest_shown = 4;

problem unknown_agenda()
{
    return refusal(problem_kind::not_found, "not_found");
}

}  // namespace

result<std::string> service::free_times(const uuid& agenda_id, const wish& wanted, local_date from, local_date to) const
{
    const auto known = parts_.index->find(agenda_id);
    if (!known) return unknown_agenda();
    return slots_json(*known, wanted, from, to, now());
}

std::vector<instant> service::next_free(const uuid& agenda_id, const uuid& motive_id, bool known,
                                        std::size_t count) const
{
    const auto found = parts_.index->find(agenda_id);
    if (!found) return {};
    return booking::next_free(*found, wish{motive_id, known, audience::everyone, std::nullopt}, count, now());
}

result<service::plan> service::plan_start(const uuid& agenda_id, const wish& wanted, instant starts_at) const
{
    const auto known = parts_.index->find(agenda_id);
    if (!known) return unknown_agenda();
    const auto verdict = check(*known, wanted, starts_at, now());
    if (const auto* const start = std::get_if<free_start>(&verdict)) return plan{known, *start};
    const auto why = std::get<obstacle>(verdict);
    auto refused = refuse(why);
    if (why == obstacle::taken || why == obstacle::outside_openings)
    {
        json::array nearest;
        for (const auto one : nearest_free(*known, wanted, starts_at, nearest_shown, now()))
            nearest.push_back(json::value(format_in(known->schedule->zone, one)));
        refused.details.emplace("nearest", std::move(nearest));
    }
    return refused;
}

task<result<void>> service::read_what_moved(problem refused, uuid agenda_id, instant starts_at)
{
    if (refused.code == "schedule_moved") co_return co_await parts_.follow->read_agenda(agenda_id);
    if (refused.code == "slot_taken" || refused.code == "overlaps")
        co_return co_await parts_.follow->read_day(agenda_id, starts_at);
    co_return refused;
}

task<std::shared_ptr<const agenda_times>> service::agenda_of(identity::member who, uuid agenda_id)
{
    auto known = parts_.index->find(agenda_id);
    // Made a moment ago, and not yet read.
    if (!known && co_await parts_.follow->read_agenda(agenda_id)) known = parts_.index->find(agenda_id);
    // Another practice's agenda is as unknown as none.
    if (!known || known->schedule->practice_id != who.practice) co_return nullptr;
    co_return known;
}

task<result<secret_key>> service::notes_key(uuid practice_id)
{
    co_return co_await parts_.keys->of_practice(*parts_.app, practice_id);
}

task<result<std::optional<uuid>>> service::replay_of(store::scope within, write_key key)
{
    const auto made = co_await find_replay(*parts_.app, within, key);
    if (!made || !*made) co_return made;
    const auto confirmed = co_await confirm_replay(*parts_.app, within, key);
    if (!confirmed) co_return confirmed.error();
    co_return made;
}

appointment_facts facts_of(const agenda_times& on, const uuid& appointment_id, int version, span during)
{
    return {appointment_id, version, during.from, during.until, on.schedule->zone, on.schedule->place};
}

}  // namespace manent::booking
