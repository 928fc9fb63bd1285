// The acts of identity: signing in and out, accounts, second factors, the shared desk, relatives and members. What
// others may call; routes and the command line do nothing else. Belongs to one thread.
//
// No act tells whether an address has an account: known and unknown ones get the same answer after the same work.
#pragma once

#include "core/result.hpp"
#include "core/task.hpp"
#include "core/words.hpp"
#include "core/workers.hpp"
#include "identity/keys.hpp"
#include "identity/live_session.hpp"
#include "identity/requests.hpp"
#include "identity/rules.hpp"
#include "identity/totp.hpp"
#include "store/database.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace manent::identity
{

struct settings
{
    std::string public_url = "http://localhost:8080";  // for links in letters; https also makes cookies Secure
    std::string issuer = "Manent";                     // what authenticator apps call this installation
    // True shows the demonstration's sign-ins to anyone. Asked at each request: known only once the database is read.
    std::function<bool()> is_demonstration = [] { return false; };
    std::size_t hashes_waiting_max = 32;  // passwords that may wait for the pool; one more is refused
};

// Where a request comes from, as far as identity cares.
struct caller
{
    std::string remote_address;
    std::string session_token;  // empty: no cookie
    std::string device_token;   // empty: no cookie
    manent::language language = manent::language::fr;
};

struct new_session
{
    std::string token;
    instant expires_at;
};

// Where a sign-in stands: signed in, with what the browser is to keep, or waiting for a code.
struct sign_in_step
{
    std::optional<new_session> session;
    std::optional<std::string> device_token;  // a device that is known from now on
    channel by = channel::mail;
    uuid sign_in{};  // when a code is waited for
};

class service
{
public:
    // `identity_db` connects as manent_identity, `app_db` as manent_app. All references must outlive the service.
    service(store::database& identity_db, store::database& app_db, workers& hashing, const words& sentences,
            const secret_key& master, settings chosen);
    ~service();
    service(const service&) = delete;
    service& operator=(const service&) = delete;

    // The living session of a token, locked or not; nullptr when there is none. Cached for at most three seconds, and
    // never across an act of this process that ends or changes a session.
    task<result<known_session>> find_session(std::string_view token);
    // The next question is put to the database.
    void forget_sessions() { cache_.forget_all(); }

    // wrong_credentials, too_many_attempts, unavailable.
    task<result<sign_in_step>> sign_in(const caller& from, const sign_in_request& with);
    // The code of a sign-in or a new account: wrong_code, code_expired, too_many_attempts.
    task<result<sign_in_step>> enter_code(const caller& from, const code_request& with);
    // Always the same answer, but for what is wrong with the wish itself.
    task<result<sign_in_step>> create_account(const caller& from, const account_request& wish);
    task<result<sign_in_step>> forget_password(const caller& from, const email_address& of);
    // Ends every session and every known device of the person. With a second factor in use its code is asked for next.
    task<result<sign_in_step>> set_password(const caller& from, const new_password_request& with);
    task<result<void>> sign_out(const caller& from);

    // The shared desk. `who` is the living session of the caller.
    // The token of a device that is known from now on, when this browser was none yet.
    task<result<std::optional<std::string>>> set_pin(const caller& from, const live_session& who,
                                                     const pin_request& with);
    task<result<void>> lock(const caller& from);
    task<result<void>> unlock(const caller& from, const live_session& who, std::string_view pin);
    task<result<list_of<desk_person>>> desk(const caller& from);
    task<result<sign_in_step>> switch_to(const caller& from, const switch_request& with);

    // What the journal of this person on one device is opened with; for sessions past their second factor only.
    // second_factor_required, too_many_key_requests.
    task<result<journal_keys_answer>> release_journal_keys(const live_session& who, const uuid& device);

    // The second factor. Recovery codes are shown once, here.
    task<result<totp_enrolment>> begin_totp(const caller& from, const live_session& who, std::string_view password);
    task<result<void>> confirm_totp(const caller& from, const live_session& who, std::string_view code);

    task<result<list_of<known_person>>> persons_of(const live_session& who);
    task<result<known_person>> add_person(const live_session& who, const relative_request& wish);
    // Of the person and those they may act for.
    task<result<list_of<access_event>>> access_events_of(std::string_view session_token);

    task<result<list_of<practice_member>>> members_of(const member& by);
    // forbidden, already_member; of a practitioner: not_found without an agenda in the practice, already_linked.
    task<result<practice_member>> invite(const caller& from, const member& by, const invitation_request& wish);
    // For administrators: forbidden otherwise. not_found, already_linked.
    task<result<void>> link_member(const member& by, const uuid& membership, const member_change_request& wish);
    // For administrators, and never their own. The person's sessions go on, without this practice.
    task<result<void>> end_membership(const member& by, const uuid& membership);

    // nullopt unless this is a demonstration.
    task<result<std::optional<demonstration_answer>>> demonstration();

    // Sweeps out what no longer counts, once an hour, until stop().
    task<void> run();
    void stop();

    [[nodiscard]] const settings& chosen() const { return settings_; }

private:
    struct attempt;
    struct account;
    struct looked_up;
    struct judged_code;

    // Passwords, off this thread. unavailable when too many wait already.
    task<result<bool>> password_is(std::string hash, std::string_view password);
    task<result<std::string>> hash_of(std::string_view password);
    // wrong_credentials, too_many_attempts.
    task<result<void>> check_password(const caller& from, const live_session& who, std::string_view password);

    attempt begin_attempt(const caller& from, std::string_view email);
    task<result<looked_up>> look_up(const caller& from, std::string_view email, const attempt& made);
    // Refuses with too_many_attempts, or writes the attempt down.
    task<result<void>> take_attempt(const attempt& made, const looked_up& found);
    task<result<void>> take_letter(const caller& from, std::string_view email);

    task<result<sign_in_step>> ask_code(const account& of, std::string_view email, const caller& from);
    task<result<sign_in_step>> add_account(const caller& from, const account_request& wish,
                                           const std::string& password_hash);
    task<result<judged_code>> judge_code(const caller& from, const uuid& sign_in, std::string_view typed,
                                         std::vector<std::string> purposes);
    void judge_factor(judged_code& code, const store::row& facts, const std::string& typed) const;
    static void use_code(store::unit& to, const judged_code& code);
    // Uses the mailed code, and waits for the authenticator's.
    task<result<sign_in_step>> ask_totp(const judged_code& after);
    task<result<factor>> factor_of(const uuid& person);
    task<result<void>> take_pin(const uuid& device, const uuid& person, std::string_view pin);

    // Adds the session as the unit's last statement.
    sign_in_step add_session(store::unit& to, const caller& from, const uuid& person, const std::optional<uuid>& device,
                             bool second_factor) const;
    task<result<sign_in_step>> commit_session(const store::unit& with, sign_in_step step);
    // The new code, in a pending sign-in that waits for it.
    std::string add_code(store::unit& to, const uuid& sign_in, const std::optional<uuid>& person,
                         std::string_view purpose) const;
    void add_letter(store::unit& to, std::string_view name, language in, std::string recipient,
                    words::arguments with = {}) const;
    task<result<void>> do_write(const store::unit& with);

    store::database& identity_db_;
    store::database& app_db_;
    workers& hashing_;
    const words& words_;
    keys keys_;
    settings settings_;
    std::string dummy_hash_;
    session_cache cache_;
    std::map<std::string, int, std::less<>> under_way_;  // attempts being judged, by subject
    std::size_t hashes_ = 0;
    std::function<void()> wake_;  // ends the pause between sweeps
    bool stopped_ = false;
};

}  // namespace manent::identity
