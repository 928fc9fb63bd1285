// New accounts and forgotten passwords: both prove the mailbox with a code, and neither says whether it has an account.
#include "identity/inside.hpp"

#include "core/text.hpp"
#include "identity/sql.hpp"

namespace manent::identity
{

namespace
{

result<void> judge_wish(const account_request& wish)
{
    if (auto refused = refuse_password(wish.password.value, wish.email.value, "/password")) return *refused;
    const auto today = local_date{date::floor<date::days>(now())};
    if (auto refused = refuse_birth_date(wish.birth_date, today)) return *refused;
    const bool has_phone = wish.phone && !trim(wish.phone->value).empty();
    if (has_phone && !is_phone(trim(wish.phone->value))) return refused_field("/phone", "not_a_phone");
    return {};
}

std::optional<std::string> phone_of(const account_request& wish)
{
    if (!wish.phone || trim(wish.phone->value).empty()) return std::nullopt;
    return std::string{trim(wish.phone->value)};
}

}  // namespace

task<result<sign_in_step>> service::create_account(const caller& from, const account_request& wish)
{
    if (const auto judged = judge_wish(wish); !judged) co_return judged.error();
    if (const auto taken = co_await take_letter(from, wish.email.value); !taken) co_return taken.error();
    const auto hash = co_await hash_of(wish.password.value);
    if (!hash) co_return hash.error();
    auto added = co_await add_account(from, wish, *hash);
    // Two at once for one address: the second finds the first one's.
    if (!added && added.error().code == "already_exists") added = co_await add_account(from, wish, *hash);
    co_return added;
}

task<result<sign_in_step>> service::add_account(const caller& from, const account_request& wish,
                                                const std::string& password_hash)
{
    const auto made = begin_attempt(from, wish.email.value);
    const auto found = co_await look_up(from, wish.email.value, made);
    if (!found) co_return found.error();
    const auto& known = found->known;
    sign_in_step step;
    step.sign_in = new_uuid();
    auto add = new_unit();
    if (known && (known->confirmed || known->is_member))
    {
        // The one who asks waits for a code that nobody has; the owner of the mailbox reads what happened.
        add_code(add, step.sign_in, std::nullopt, "account");
        add_letter(add, "account_exists", known->language, wish.email.value);
    }
    else
    {
        const auto person = known ? known->person : new_uuid();
        // An account that nobody confirmed belongs to nobody: whoever reads the newest code decides what it says, and
        // older codes open nothing.
        if (known) add.add(sql::drop_pendings, person);
        add.add(known ? sql::replace_person : sql::add_person, person, trim(wish.given_name.value),
                trim(wish.family_name.value), wish.birth_date, boost::describe::enum_to_string(wish.sex, "unknown"),
                phone_of(wish), code_of(wish.language));
        if (known) add.add(sql::set_password, person, password_hash);
        else add.add(sql::add_credential, person, wish.email.value, password_hash);
        const auto code = add_code(add, step.sign_in, person, "account");
        add_letter(add, "account_code", wish.language, wish.email.value, {{"code", code}});
    }
    if (const auto done = co_await do_write(add); !done) co_return done.error();
    co_return step;
}

task<result<sign_in_step>> service::forget_password(const caller& from, const email_address& of)
{
    if (const auto taken = co_await take_letter(from, of.value); !taken) co_return taken.error();
    const auto made = begin_attempt(from, of.value);
    const auto found = co_await look_up(from, of.value, made);
    if (!found) co_return found.error();
    const auto& known = found->known;
    sign_in_step step;
    step.sign_in = new_uuid();
    auto wait = new_unit();
    const auto person = known ? std::optional{known->person} : std::nullopt;
    const auto code = add_code(wait, step.sign_in, person, "password_reset");
    if (known) add_letter(wait, "password_code", known->language, of.value, {{"code", code}});
    if (const auto waiting = co_await do_write(wait); !waiting) co_return waiting.error();
    co_return step;
}

task<result<sign_in_step>> service::set_password(const caller& from, const new_password_request& with)
{
    // What needs no account is judged before a try is taken.
    if (auto refused = refuse_password(with.password.value, "", "/password")) co_return *refused;
    const auto judged = co_await judge_code(from, with.sign_in_id, with.code.value, {"password_reset"});
    if (!judged) co_return judged.error();
    if (auto refused = refuse_password(with.password.value, judged->email, "/password")) co_return *refused;
    const auto hash = co_await hash_of(with.password.value);
    if (!hash) co_return hash.error();
    auto change = new_unit();
    use_code(change, *judged);
    change.add(sql::set_password, judged->person, *hash)
        .add(sql::revoke_sessions_of, judged->person)
        .add(sql::forget_devices_of, judged->person)
        .add(sql::drop_other_pendings, judged->person, judged->sign_in);
    add_letter(change, "password_changed", judged->language, judged->email);
    sign_in_step step;
    if (judged->has_totp)
    {
        // A mailbox replaces a forgotten password, never the second factor.
        step.by = channel::totp;
        step.sign_in = new_uuid();
        change.add(sql::add_pending, step.sign_in, judged->person, "sign_in", "totp", std::nullopt, code_minutes);
        const auto changed = co_await do_write(change);
        cache_.forget_all();
        if (!changed) co_return changed.error();
        co_return step;
    }
    step = add_session(change, from, judged->person, std::nullopt, false);
    co_return co_await commit_session(change, step);
}

}  // namespace manent::identity
