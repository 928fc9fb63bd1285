// Signing in and out: the password, then a code where one is needed.
#include "identity/inside.hpp"

#include "identity/sql.hpp"

namespace manent::identity
{

namespace
{

problem wrong_credentials()
{
    return refusal(problem_kind::unauthenticated, "wrong_credentials");
}

problem code_expired()
{
    return refusal(problem_kind::unauthenticated, "code_expired");
}

problem wrong_code(int failures)
{
    auto refused = refusal(problem_kind::unauthenticated, "wrong_code");
    refused.details.emplace("tries_left", code_tries_max - failures);
    return refused;
}

bool is_authenticator_code(std::string_view typed)
{
    return typed.size() == code_digits && typed.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

task<result<sign_in_step>> service::sign_in(const caller& from, const sign_in_request& with)
{
    const auto made = begin_attempt(from, with.email.value);
    auto found = co_await look_up(from, with.email.value, made);
    if (!found) co_return found.error();
    if (const auto taken = co_await take_attempt(made, *found); !taken) co_return taken.error();
    const auto& known = found->known;
    auto right = co_await password_is(known ? known->password_hash : dummy_hash_, with.password.value);
    if (!right) co_return right.error();
    if (!known || !*right) co_return wrong_credentials();

    auto forgive = new_unit();
    forgive.add(sql::forgive_attempts, found->charged(made), made.of_address, made.at);
    const bool needs_code = known->has_totp || known->is_member || !known->confirmed || !known->device;
    if (needs_code)
    {
        if (const auto forgiven = co_await do_write(forgive); !forgiven) co_return forgiven.error();
        co_return co_await ask_code(*known, with.email.value, from);
    }
    forgive.add(sql::confirm_device, *known->device, known->person);
    const auto step = add_session(forgive, from, known->person, known->device, false);
    co_return co_await commit_session(forgive, step);
}

task<result<sign_in_step>> service::ask_code(const account& of, std::string_view email, const caller& from)
{
    sign_in_step step;
    step.sign_in = new_uuid();
    // An invitation is only taken by who reads the mailbox it went to.
    step.by = of.has_totp && !of.is_invited ? channel::totp : channel::mail;
    auto wait = new_unit();
    if (step.by == channel::totp)
    {
        wait.add(sql::add_pending, step.sign_in, of.person, "sign_in", "totp", std::nullopt, code_minutes);
    }
    else
    {
        if (const auto taken = co_await take_letter(from, email); !taken) co_return taken.error();
        const auto code = add_code(wait, step.sign_in, of.person, "sign_in");
        add_letter(wait, "sign_in_code", of.language, std::string{email}, {{"code", code}});
    }
    if (const auto waiting = co_await do_write(wait); !waiting) co_return waiting.error();
    co_return step;
}

task<result<service::judged_code>> service::judge_code(const caller& from, const uuid& sign_in, std::string_view typed,
                                                       std::vector<std::string> purposes)
{
    auto take = new_unit();
    take.add(sql::take_try, sign_in, purposes, code_tries_max).add(sql::pending_facts, sign_in, device_hash(from));
    auto taken = co_await identity_db_.write(take);
    if (!taken) co_return taken.error();
    const auto& tries = taken->of_statements[0];
    if (tries.empty()) co_return code_expired();
    const auto waiting = tries[0];
    const auto failures = waiting.get<int>(4);
    // An address without an account waits for a code that was never made.
    if (waiting.is_null(0)) co_return wrong_code(failures);
    const auto facts = taken->of_statements[1][0];
    if (facts.get<int>(5) > code_tries_an_hour_max) co_return too_many_attempts(seconds{1800});

    judged_code judged{.sign_in = sign_in,
                       .person = waiting.get<uuid>(0),
                       .by = waiting.raw(2) == "totp" ? channel::totp : channel::mail,
                       .email = facts.get<std::string>(0),
                       .language = language_of(facts.raw(1)),
                       .has_totp = facts.get<bool>(3),
                       .device = facts.get<std::optional<uuid>>(6),
                       .known_there = facts.get<bool>(7),
                       .totp_step = {},
                       .recovery = {}};
    const auto code = tidy_code(typed);
    if (judged.by == channel::totp)
    {
        judge_factor(judged, facts, code);
        if (!judged.totp_step && !judged.recovery) co_return wrong_code(failures);
        co_return judged;
    }
    const auto expected = waiting.get<bytes>(3);
    if (!equal_in_constant_time(expected, keys_.code_hash(sign_in, code))) co_return wrong_code(failures);
    co_return judged;
}

void service::judge_factor(judged_code& code, const store::row& facts, const std::string& typed) const
{
    if (!is_authenticator_code(typed))
    {
        // Whether such a recovery code exists is asked when it is used up.
        code.recovery = keys_.recovery_hash(code.person, typed);
        return;
    }
    const auto kept = read_factor(keys_.open_factor(code.person, facts.get<bytes>(2)));
    code.totp_step = match_totp(kept.secret, typed, now(), facts.get<std::int64_t>(4));
}

void service::use_code(store::unit& to, const judged_code& code)
{
    to.add(sql::use_pending, code.sign_in);
    if (code.totp_step) to.add(sql::use_totp_step, code.person, *code.totp_step);
    if (code.recovery) to.add(sql::use_recovery_code, code.person, *code.recovery);
    if (code.by == channel::mail) to.add(sql::confirm_email, code.person);
}

task<result<sign_in_step>> service::enter_code(const caller& from, const code_request& with)
{
    const auto judged = co_await judge_code(from, with.sign_in_id, with.code.value, {"sign_in", "account"});
    if (!judged) co_return judged.error();
    if (judged->by == channel::mail && judged->has_totp)
    {
        // The mailed code took the invitation; the authenticator's is still to come.
        co_return co_await ask_totp(*judged);
    }
    auto enter = new_unit();
    use_code(enter, *judged);
    auto device = judged->known_there ? judged->device : std::nullopt;
    std::optional<std::string> device_token;
    if (with.remember_device && !device)
    {
        device = judged->device;
        if (!device)
        {
            device = new_uuid();
            device_token = random_token();
            enter.add(sql::add_device, *device, token_hash(*device_token));
        }
    }
    if (device) enter.add(sql::confirm_device, *device, judged->person);
    auto step = add_session(enter, from, judged->person, device, judged->by == channel::totp);
    step.device_token = std::move(device_token);
    co_return co_await commit_session(enter, std::move(step));
}

task<result<sign_in_step>> service::ask_totp(const judged_code& after)
{
    auto wait = new_unit();
    use_code(wait, after);
    sign_in_step step;
    step.by = channel::totp;
    step.sign_in = new_uuid();
    wait.add(sql::add_pending, step.sign_in, after.person, "sign_in", "totp", std::nullopt, code_minutes);
    if (const auto waiting = co_await do_write(wait); !waiting) co_return waiting.error();
    co_return step;
}

task<result<void>> service::sign_out(const caller& from)
{
    if (from.session_token.empty()) co_return result<void>{};
    auto leave = new_unit();
    leave.add(sql::revoke_session, token_hash(from.session_token)).repeatable();
    auto left = co_await do_write(leave);
    cache_.forget_all();
    co_return left;
}

}  // namespace manent::identity
