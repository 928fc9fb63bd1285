#include "directory/administration.hpp"

#include "core/text.hpp"
#include "directory/administration_rules.hpp"
#include "directory/administration_store.hpp"
#include "directory/names.hpp"

namespace manent::directory
{

namespace
{

void label(own_practitioner& one, const reference_data& data, language in)
{
    one.name = display_name(one.title, one.given_name, one.family_name);
    if (one.specialties.empty()) return;
    if (const auto* const known = data.specialties.find(one.specialties.front()))
        one.specialty_label = known->label.in(code_of(in));
}

}  // namespace

task<result<own_practice>> administration::practice(identity::member who)
{
    co_return co_await find_own_practice(app_, who);
}

task<result<own_practice>> administration::change_practice(identity::member who, practice_change_wish wanted)
{
    const auto planned = plan_practice(wanted);
    if (!planned) co_return planned.error();
    const auto changed = co_await directory::change_practice(app_, who, *planned);
    if (!changed) co_return changed.error();
    written_();
    renamed_();
    co_return co_await find_own_practice(app_, who);
}

task<result<own_sites>> administration::sites(identity::member who)
{
    auto listed = co_await list_own_sites(app_, who, std::nullopt);
    if (!listed) co_return listed.error();
    co_return own_sites{std::move(*listed)};
}

task<result<own_practitioners>> administration::practitioners(identity::member who)
{
    auto listed = co_await list_own_practitioners(app_, who, std::nullopt);
    if (!listed) co_return listed.error();
    for (auto& one : *listed) label(one, data_, who.who.reading);
    co_return own_practitioners{std::move(*listed)};
}

task<result<own_site>> administration::add_site(identity::member who, site_wish wanted, uuid key, digest fingerprint)
{
    auto planned = plan_site(wanted, data_);
    if (!planned) co_return planned.error();
    planned->site_id = new_uuid();
    const auto added = co_await add_own_site(app_, who, {key, fingerprint}, std::move(*planned));
    if (!added) co_return added.error();
    written_();
    auto shown = co_await list_own_sites(app_, who, *added);
    if (!shown) co_return shown.error();
    if (shown->empty()) co_return refusal(problem_kind::not_found, "not_found");
    co_return std::move(shown->front());
}

task<result<own_site>> administration::change_site(identity::member who, uuid site_id, site_change_wish wanted)
{
    auto planned = plan_site(wanted, data_);
    if (!planned) co_return planned.error();
    planned->site_id = site_id;
    const auto changed = co_await directory::change_site(app_, who, std::move(*planned), wanted.version.value);
    if (!changed) co_return changed.error();
    written_();
    auto shown = co_await list_own_sites(app_, who, site_id);
    if (!shown) co_return shown.error();
    if (shown->empty()) co_return refusal(problem_kind::not_found, "not_found");
    co_return std::move(shown->front());
}

task<result<added_practitioner>> administration::add_practitioner(identity::member who, practitioner_wish wanted,
                                                                  uuid key, digest fingerprint)
{
    auto planned = plan_entry(wanted, data_);
    if (!planned) co_return planned.error();
    planned->practitioner_id = new_uuid();
    new_agenda opened;
    opened.agenda_id = new_uuid();
    opened.site_id = wanted.site_id;
    opened.tint = static_cast<int>(wanted.tint.value);
    if (wanted.agenda_name) opened.name = std::string{trim(wanted.agenda_name->value)};
    if (opened.name.empty())
        opened.name = shorten(display_name(planned->title, planned->given_name, planned->family_name), 200);
    const auto added =
        co_await add_own_practitioner(app_, who, {key, fingerprint}, std::move(*planned), std::move(opened));
    if (!added) co_return added.error();
    written_();
    co_return *added;
}

task<result<own_practitioner>> administration::change_practitioner(identity::member who, uuid practitioner_id,
                                                                   entry_change_wish wanted)
{
    auto planned = plan_entry(wanted, data_);
    if (!planned) co_return planned.error();
    planned->practitioner_id = practitioner_id;
    if (wanted.presentation) planned->presentation = std::string{trim(wanted.presentation->value)};
    const auto changed = co_await directory::change_practitioner(app_, who, std::move(*planned), wanted.version.value);
    if (!changed) co_return changed.error();
    written_();
    auto shown = co_await list_own_practitioners(app_, who, practitioner_id);
    if (!shown) co_return shown.error();
    if (shown->empty()) co_return refusal(problem_kind::not_found, "not_found");
    label(shown->front(), data_, who.who.reading);
    co_return std::move(shown->front());
}

}  // namespace manent::directory
