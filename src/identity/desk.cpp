// The shared desk: several people at one known device, each coming back by a short PIN until their own session length,
// counted from their last full sign-in there, is over.
#include "identity/inside.hpp"

#include "identity/sql.hpp"

namespace manent::identity
{

namespace
{

problem password_needed()
{
    return refusal(problem_kind::unauthenticated, "password_needed");
}

problem wrong_pin(int failures)
{
    auto refused = refusal(problem_kind::unauthenticated, "wrong_pin");
    refused.details.emplace("tries_left", pin_tries_max - failures);
    return refused;
}

}  // namespace

task<result<std::optional<std::string>>> service::set_pin(const caller& from, const live_session& who,
                                                          const pin_request& with)
{
    if (auto refused = refuse_pin(with.pin.value)) co_return *refused;
    if (const auto right = co_await check_password(from, who, with.password.value); !right) co_return right.error();
    auto look = new_unit();
    look.add(sql::find_device, device_hash(from));
    const auto found = co_await identity_db_.read(look);
    if (!found) co_return found.error();
    auto change = new_unit();
    std::optional<std::string> token;
    auto device = who.device;
    if (!device && !found->front().empty()) device = found->front()[0].get<uuid>(0);
    if (!device)
    {
        device = new_uuid();
        token = random_token();
        change.add(sql::add_device, *device, token_hash(*token));
    }
    // Argon2id at full cost: four digits have nothing else to hide behind once the pepper is known.
    const auto hash = co_await hash_of(keys_.peppered_pin(*device, who.person, with.pin.value));
    if (!hash) co_return hash.error();
    change.add(sql::set_pin, *device, who.person, who.session, *hash).add(sql::use_device, who.session, *device);
    const auto changed = co_await do_write(change);
    cache_.forget_all();
    if (!changed) co_return changed.error();
    co_return token;
}

task<result<void>> service::lock(const caller& from)
{
    auto change = new_unit();
    change.add(sql::lock_session, token_hash(from.session_token)).repeatable();
    auto locked = co_await do_write(change);
    cache_.forget_all();
    co_return locked;
}

task<result<void>> service::take_pin(const uuid& device, const uuid& person, std::string_view pin)
{
    auto take = new_unit();
    take.add(sql::take_pin_try, device, person, pin_tries_max);
    const auto taken = co_await identity_db_.write(take);
    if (!taken) co_return taken.error();
    const auto& tries = taken->of_statements.front();
    if (tries.empty()) co_return password_needed();
    const auto failures = tries[0].get<int>(1);
    const auto right = co_await password_is(tries[0].get<std::string>(0), keys_.peppered_pin(device, person, pin));
    if (!right) co_return right.error();
    if (!*right) co_return failures >= pin_tries_max ? password_needed() : wrong_pin(failures);
    co_return result<void>{};
}

task<result<void>> service::unlock(const caller& from, const live_session& who, std::string_view pin)
{
    if (!who.device) co_return password_needed();
    if (const auto right = co_await take_pin(*who.device, who.person, pin); !right) co_return right.error();
    auto change = new_unit();
    change.add(sql::forgive_pin, *who.device, who.person).add(sql::unlock_session, token_hash(from.session_token));
    auto unlocked = co_await do_write(change);
    cache_.forget_all();
    co_return unlocked;
}

task<result<list_of<desk_person>>> service::desk(const caller& from)
{
    list_of<desk_person> people;
    if (from.device_token.empty()) co_return people;
    auto look = new_unit();
    look.add(sql::desk_people, token_hash(from.device_token), pin_tries_max);
    const auto found = co_await identity_db_.read(look);
    if (!found) co_return found.error();
    const auto& rows = found->front();
    for (int i = 0; i < rows.size(); ++i)
        people.items.push_back({rows[i].get<uuid>(0), rows[i].get<std::string>(1), rows[i].get<bool>(2)});
    co_return people;
}

task<result<sign_in_step>> service::switch_to(const caller& from, const switch_request& with)
{
    if (from.device_token.empty()) co_return password_needed();
    auto look = new_unit();
    look.add(sql::find_device, device_hash(from));
    const auto found = co_await identity_db_.read(look);
    if (!found) co_return found.error();
    if (found->front().empty()) co_return password_needed();
    const auto device = found->front()[0].get<uuid>(0);
    if (const auto right = co_await take_pin(device, with.person_id, with.pin.value); !right) co_return right.error();
    auto change = new_unit();
    change.add(sql::forgive_pin, device, with.person_id);
    if (!from.session_token.empty()) change.add(sql::revoke_session, token_hash(from.session_token));
    sign_in_step step;
    step.session = new_session{random_token(), {}};
    change.add(sql::add_desk_session, new_uuid(), token_hash(step.session->token), with.person_id, device);
    co_return co_await commit_session(change, step);
}

}  // namespace manent::identity
