// Setting up an authenticator app. The new secret takes effect, and the old one ends, with the new one's first code.
#include "identity/inside.hpp"

#include "identity/sql.hpp"

namespace manent::identity
{

namespace
{

std::vector<bytes> hashes_of(const std::vector<std::string>& codes, const keys& with, const uuid& person)
{
    std::vector<bytes> hashes;
    for (const auto& code : codes)
    {
        const auto hash = with.recovery_hash(person, code);
        hashes.emplace_back(hash.begin(), hash.end());
    }
    return hashes;
}

}  // namespace

task<result<void>> service::check_password(const caller& from, const live_session& who, std::string_view password)
{
    const auto made = begin_attempt(from, who.email);
    const auto found = co_await look_up(from, who.email, made);
    if (!found) co_return found.error();
    if (const auto taken = co_await take_attempt(made, *found); !taken) co_return taken.error();
    const auto right = co_await password_is(found->known ? found->known->password_hash : dummy_hash_, password);
    if (!right) co_return right.error();
    if (!found->known || !*right) co_return refusal(problem_kind::unauthenticated, "wrong_credentials");
    auto forgive = new_unit();
    forgive.add(sql::forgive_attempts, found->charged(made), made.of_address, made.at);
    co_return co_await do_write(forgive);
}

task<result<factor>> service::factor_of(const uuid& person)
{
    auto look = new_unit();
    look.add(sql::find_factor, person);
    const auto found = co_await identity_db_.read(look);
    if (!found) co_return found.error();
    if (found->front().empty() || found->front()[0].is_null(0)) co_return factor{};
    co_return read_factor(keys_.open_factor(person, found->front()[0].get<bytes>(0)));
}

task<result<totp_enrolment>> service::begin_totp(const caller& from, const live_session& who, std::string_view password)
{
    if (const auto right = co_await check_password(from, who, password); !right) co_return right.error();
    auto kept = co_await factor_of(who.person);
    if (!kept) co_return kept.error();
    // A password alone must not replace a second factor.
    if (!kept->secret.empty() && !who.second_factor)
        co_return refusal(problem_kind::forbidden, "second_factor_required");
    kept->candidate = new_totp_secret();
    const auto codes = new_recovery_codes();
    kept->candidate_recovery = hashes_of(codes, keys_, who.person);
    auto change = new_unit();
    change.add(sql::set_factor, who.person, keys_.seal_factor(who.person, write_factor(*kept)));
    if (const auto changed = co_await do_write(change); !changed) co_return changed.error();
    co_return totp_enrolment{to_base32(kept->candidate), otpauth_uri(settings_.issuer, who.email, kept->candidate),
                             codes};
}

task<result<void>> service::confirm_totp(const caller& from, const live_session& who, std::string_view code)
{
    auto kept = co_await factor_of(who.person);
    if (!kept) co_return kept.error();
    if (kept->candidate.empty()) co_return refusal(problem_kind::unauthenticated, "code_expired");
    const auto step = match_totp(kept->candidate, tidy_code(code), now(), 0);
    if (!step) co_return refusal(problem_kind::unauthenticated, "wrong_code");
    const factor in_use{kept->candidate, {}, {}};
    auto change = new_unit();
    change.add(sql::use_factor, who.person, keys_.seal_factor(who.person, write_factor(in_use)), *step)
        .add(sql::drop_recovery_codes, who.person)
        .add(sql::add_recovery_codes, who.person, kept->candidate_recovery)
        .add(sql::pass_second_factor, token_hash(from.session_token))
        .add(sql::revoke_weaker_sessions, who.person);
    add_letter(change, "second_factor_changed", who.language, who.email);
    auto changed = co_await do_write(change);
    cache_.forget_all();
    co_return changed;
}

}  // namespace manent::identity
