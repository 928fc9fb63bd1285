#include "booking/rows.hpp"
#include "booking/service.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace manent::booking
{

namespace
{

constexpr std::chrono::hours absence_max{24 * 400};

// What one opening contradicts in itself or among the agenda's motives.
void check_rule(const opening_rule& rule, const std::vector<motive>& offered, json_errors& errors)
{
    const auto refuse = [&](std::string_view member, std::string_view code)
    {
        const json_errors::step at{errors, member};
        errors.refuse(code);
    };
    if (rule.weekday.has_value() == rule.date.has_value()) refuse("weekday", "contradicts");
    if (rule.end <= rule.start) refuse("end", "ends_before_start");
    if (rule.valid_from && rule.valid_until && *rule.valid_until < *rule.valid_from)
        refuse("valid_until", "ends_before_start");
    if (rule.motive_ids.items.empty()) refuse("motive_ids", "required");
    auto ids = rule.motive_ids.items;
    std::sort(ids.begin(), ids.end());
    if (std::adjacent_find(ids.begin(), ids.end()) != ids.end()) refuse("motive_ids", "duplicate");
    for (std::size_t i = 0; i < rule.motive_ids.items.size(); ++i)
    {
        const bool is_offered =
            std::any_of(offered.begin(), offered.end(),
                        [&](const motive& one) { return one.motive_id == rule.motive_ids.items[i]; });
        if (is_offered) continue;
        const json_errors::step at{errors, std::string_view{"motive_ids"}};
        const json_errors::step item{errors, i};
        errors.refuse("unknown_value");
    }
}

}  // namespace

task<result<agenda_view>> service::open_agenda(identity::member who, agenda_wish wanted, write_key key)
{
    wanted.name.value = std::string{trim(wanted.name.value)};
    std::optional<std::string> notices;
    if (wanted.practitioner_id)
    {
        const auto where = co_await find_workplace(*parts_.app, who, wanted.site_id);
        if (!where) co_return where.error();
        notices = word_agenda_notices(parts_.letters, *wanted.practitioner_id, *where);
    }
    const auto opened = co_await booking::open_agenda(*parts_.app, who, key, std::move(wanted), std::move(notices));
    if (!opened) co_return opened.error();
    parts_.follow->wake();
    co_return co_await shown_agenda(who, *opened);
}

task<result<changed_agenda>> service::change_agenda(identity::member who, uuid agenda_id, agenda_change_wish wanted)
{
    wanted.name.value = std::string{trim(wanted.name.value)};
    const auto upcoming = co_await booking::change_agenda(*parts_.app, who, agenda_id, std::move(wanted));
    if (!upcoming) co_return upcoming.error();
    parts_.follow->wake();
    auto shown = co_await shown_agenda(who, agenda_id);
    if (!shown) co_return shown.error();
    co_return changed_agenda{std::move(*shown), *upcoming};
}

task<result<agenda_view>> service::shown_agenda(identity::member who, uuid agenda_id)
{
    auto listed = co_await list_agendas(*parts_.app, who);
    if (!listed) co_return listed.error();
    const auto found = std::find_if(listed->items.begin(), listed->items.end(),
                                    [&](const agenda_view& one) { return one.agenda_id == agenda_id; });
    if (found == listed->items.end()) co_return refusal(problem_kind::not_found, "not_found");
    co_return std::move(*found);
}

task<result<added_absence>> service::add_absence(identity::member who, absence_wish wanted, write_key key)
{
    const auto replayed = co_await replay_of(who.scope(), key);
    if (!replayed) co_return replayed.error();
    if (wanted.ends_at <= wanted.starts_at) co_return refused_field("/ends_at", "ends_before_start");
    if (wanted.ends_at - wanted.starts_at > absence_max) co_return refused_field("/ends_at", "too_large");
    const auto notes = co_await notes_key(who.practice);
    if (!notes) co_return notes.error();
    auto absence_id = *replayed;
    if (!absence_id)
    {
        const auto added = co_await booking::add_absence(*parts_.app, who, key, wanted);
        if (!added) co_return added.error();
        absence_id = *added;
        parts_.follow->wake();
    }
    auto found = co_await find_absence(*parts_.app, who, *absence_id, *notes);
    if (!found) co_return found.error();
    co_return added_absence{std::move(found->absence), std::move(found->displaced)};
}

task<result<void>> service::remove_absence(identity::member who, uuid absence_id)
{
    const auto removed = co_await booking::remove_absence(*parts_.app, who, absence_id);
    if (removed) parts_.follow->wake();
    co_return removed;
}

task<result<openings_view>> service::openings(identity::member who, uuid agenda_id)
{
    co_return co_await list_openings(*parts_.app, who, agenda_id);
}

task<result<openings_view>> service::replace_openings(identity::member who, uuid agenda_id, openings_wish wanted)
{
    const auto agenda = co_await shown_agenda(who, agenda_id);
    if (!agenda) co_return agenda.error();
    std::vector<motive> offered;
    for (const auto& one : agenda->motives) offered.push_back(one.of);
    json_errors errors;
    {
        const json_errors::step items{errors, std::string_view{"items"}};
        for (std::size_t i = 0; i < wanted.items.items.size(); ++i)
        {
            const json_errors::step item{errors, i};
            check_rule(wanted.items.items[i], offered, errors);
        }
    }
    if (!errors.empty()) co_return problem{problem_kind::invalid, "invalid_request", errors.take(), {}};
    const auto replaced = co_await booking::replace_openings(*parts_.app, who, agenda_id, std::move(wanted));
    if (!replaced) co_return replaced.error();
    parts_.follow->wake();
    co_return co_await openings(who, agenda_id);
}

task<result<motive_view>> service::save_motive(identity::member who, std::optional<uuid> motive_id, motive_wish wanted)
{
    const auto id = motive_id.value_or(new_uuid());
    const auto saved = co_await booking::save_motive(*parts_.app, who, id, !motive_id.has_value(), wanted);
    if (!saved) co_return saved.error();
    parts_.follow->wake();
    const auto& of = wanted.members;
    motive shown;
    shown.motive_id = id;
    shown.label = of.label.value;
    shown.duration_min = static_cast<int>(of.duration_min.value);
    shown.modality = of.modality;
    shown.admits = of.admits;
    shown.earliest_min = static_cast<int>(of.earliest_min.value);
    shown.latest_days = static_cast<int>(of.latest_days.value);
    shown.cancel_min = static_cast<int>(of.cancel_min.value);
    shown.repeatable = of.repeatable.value_or(false);
    shown.tint = static_cast<int>(of.tint.value);
    shown.sign = of.sign.value;
    shown.instructions = of.instructions.value;
    shown.is_public = wanted.is_public;
    co_return motive_view{shown, of.agenda_ids.items};
}

}  // namespace manent::booking
