#include "identity/inside.hpp"

#include "core/log.hpp"
#include "identity/sql.hpp"
#include "notify/letter.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace manent::identity
{

namespace asio = boost::asio;

namespace
{

problem busy()
{
    auto refused = refusal(problem_kind::unavailable, "unavailable");
    refused.details.emplace("retry_after_s", 2);
    return refused;
}

class counted
{
public:
    explicit counted(std::size_t& count) : count_{count} { ++count_; }
    ~counted() { --count_; }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;

private:
    std::size_t& count_;
};

live_session read_session(const store::row& from, const store::rows& memberships)
{
    live_session read{.session = from.get<uuid>(0),
                      .person = from.get<uuid>(1),
                      .given_name = from.get<std::string>(2),
                      .family_name = from.get<std::string>(3),
                      .email = from.get<std::string>(4),
                      .language = language_of(from.raw(5)),
                      .device = from.get<std::optional<uuid>>(6),
                      .expires_at = from.get<instant>(7),
                      .locked = from.get<bool>(8),
                      .second_factor = from.get<bool>(9),
                      .pin_set = from.get<bool>(10),
                      .is_operator = from.get<bool>(11),
                      .memberships = {}};
    for (int i = 0; i < memberships.size(); ++i)
    {
        const auto each = memberships[i];
        auto& added = read.memberships.emplace_back();
        added.practice = each.get<uuid>(0);
        added.practice_name = each.get<std::string>(1);
        added.role = each.get<identity::role>(2);
        added.practitioner = each.get<std::optional<uuid>>(3);
    }
    return read;
}

}  // namespace

service::service(store::database& identity_db, store::database& app_db, workers& hashing, const words& sentences,
                 const secret_key& master, settings chosen)
    : identity_db_{identity_db},
      app_db_{app_db},
      hashing_{hashing},
      words_{sentences},
      keys_{master},
      settings_{std::move(chosen)},
      dummy_hash_{hash_password(random_token())}
{
}

service::~service() = default;

task<result<known_session>> service::find_session(std::string_view token)
{
    if (token.empty()) co_return known_session{};
    const auto hash = token_hash(token);
    if (auto kept = cache_.find(hash, now())) co_return kept;
    const auto began = cache_.reading_began();
    auto look = new_unit();
    look.add(sql::find_session, hash).add(sql::session_memberships, hash);
    auto found = co_await identity_db_.read(look);
    if (!found) co_return found.error();
    if ((*found)[0].empty()) co_return known_session{};
    auto session = std::make_shared<const live_session>(read_session((*found)[0][0], (*found)[1]));
    cache_.keep(hash, session, began, now());
    co_return session;
}

task<result<bool>> service::password_is(std::string hash, std::string_view password)
{
    if (hashes_ >= settings_.hashes_waiting_max) co_return busy();
    const counted one{hashes_};
    co_return co_await hashing_.run([hash = std::move(hash), typed = prepared(password)]
                                    { return password_matches(hash, typed); });
}

task<result<std::string>> service::hash_of(std::string_view password)
{
    if (hashes_ >= settings_.hashes_waiting_max) co_return busy();
    const counted one{hashes_};
    co_return co_await hashing_.run([typed = prepared(password)] { return hash_password(typed); });
}

service::attempt service::begin_attempt(const caller& from, std::string_view email)
{
    const auto name = account_name(email);
    auto of_account = keys_.subject("account", name);
    return {of_account, keys_.subject("device", from.device_token + " " + name),
            keys_.subject("address", address_group(from.remote_address)), now(), under_way{under_way_, of_account}};
}

task<result<service::looked_up>> service::look_up(const caller& from, std::string_view email, const attempt& made)
{
    const auto window = [](const throttle& by) { return static_cast<std::int64_t>(by.window.count()); };
    auto look = new_unit();
    look.add(sql::find_account, account_name(email), device_hash(from))
        .add(sql::count_attempts, std::vector<std::string>{made.of_account, made.of_device, made.of_address},
             std::vector<std::int64_t>{window(account_throttle), window(account_throttle), window(address_throttle)});
    auto found = co_await identity_db_.read(look);
    if (!found) co_return found.error();
    looked_up read;
    if (const auto& accounts = (*found)[0]; !accounts.empty())
    {
        const auto row = accounts[0];
        read.known = account{.person = row.get<uuid>(0),
                             .password_hash = row.get<std::string>(1),
                             .confirmed = row.get<bool>(2),
                             .has_totp = row.get<bool>(3),
                             .given_name = row.get<std::string>(4),
                             .language = language_of(row.raw(5)),
                             .is_member = row.get<bool>(6),
                             .is_invited = row.get<bool>(7),
                             .device = row.get<std::optional<uuid>>(8)};
    }
    const auto& tallies = (*found)[1];
    for (int i = 0; i < tallies.size(); ++i)
    {
        if (tallies[i].is_null(2)) continue;
        read.tallies.emplace(tallies[i].get<std::string>(0), tally{tallies[i].get<int>(1), tallies[i].get<instant>(2)});
    }
    co_return read;
}

task<result<void>> service::take_attempt(const attempt& made, const looked_up& found)
{
    const auto wait = [&](const throttle& by, const std::string& subject, int others) -> std::optional<seconds>
    {
        const auto counted_so_far = found.tallies.find(subject);
        if (counted_so_far == found.tallies.end() && others < by.free_attempts) return std::nullopt;
        const auto known = counted_so_far == found.tallies.end() ? tally{0, made.at} : counted_so_far->second;
        return wait_before_attempt(by, known.count + others, known.last, made.at);
    };
    const auto& charged = found.charged(made);
    if (const auto needed = wait(account_throttle, charged, made.judged.others())) co_return too_many_attempts(*needed);
    if (const auto needed = wait(address_throttle, made.of_address, 0)) co_return too_many_attempts(*needed);
    auto note = new_unit();
    note.add(sql::note_attempts, std::vector<std::string>{charged, made.of_address}, made.at);
    co_return co_await do_write(note);
}

task<result<void>> service::take_letter(const caller& from, std::string_view email)
{
    const auto of_mailbox = keys_.subject("mailbox", account_name(email));
    const auto of_address = keys_.subject("letters", address_group(from.remote_address));
    const auto at = now();
    auto look = new_unit();
    look.add(sql::count_attempts, std::vector<std::string>{of_mailbox, of_address},
             std::vector<std::int64_t>{mail_throttle.window.count(), letters_throttle.window.count()});
    auto found = co_await identity_db_.read(look);
    if (!found) co_return found.error();
    const auto& tallies = found->front();
    for (int i = 0; i < tallies.size(); ++i)
    {
        if (tallies[i].is_null(2)) continue;
        const auto& by = tallies[i].raw(0) == of_mailbox ? mail_throttle : letters_throttle;
        const auto needed = wait_before_attempt(by, tallies[i].get<int>(1), tallies[i].get<instant>(2), at);
        if (needed) co_return too_many_attempts(*needed);
    }
    auto note = new_unit();
    note.add(sql::note_attempts, std::vector<std::string>{of_mailbox, of_address}, at);
    co_return co_await do_write(note);
}

sign_in_step service::add_session(store::unit& to, const caller& from, const uuid& person,
                                  const std::optional<uuid>& device, bool second_factor) const
{
    sign_in_step step;
    step.session = new_session{random_token(), {}};
    // The browser keeps one session: the one it held so far must not live on unseen.
    if (!from.session_token.empty()) to.add(sql::revoke_session, token_hash(from.session_token));
    to.add(sql::add_session, new_uuid(), token_hash(step.session->token), person, device, second_factor);
    return step;
}

task<result<sign_in_step>> service::commit_session(const store::unit& with, sign_in_step step)
{
    auto done = co_await identity_db_.write(with);
    cache_.forget_all();
    if (!done) co_return done.error();
    step.session->expires_at = done->of_statements.back()[0].get<instant>(0);
    co_return step;
}

std::string service::add_code(store::unit& to, const uuid& sign_in, const std::optional<uuid>& person,
                              std::string_view purpose) const
{
    auto code = random_digits(code_digits);
    to.add(sql::add_pending, sign_in, person, purpose, "mail", keys_.code_hash(sign_in, code), code_minutes);
    return code;
}

void service::add_letter(store::unit& to, std::string_view name, language in, std::string recipient,
                         words::arguments with) const
{
    with.emplace("link", settings_.public_url + "/password");
    with.emplace("sign_in_link", settings_.public_url + "/sign-in");
    with.emplace("minutes", std::to_string(code_minutes));
    notify::post(to, notify::word_letter(words_, in, name, std::move(recipient), with));
}

task<result<void>> service::do_write(const store::unit& with)
{
    auto done = co_await identity_db_.write(with);
    if (!done) co_return done.error();
    co_return result<void>{};
}

task<void> service::run()
{
    constexpr std::chrono::hours between_sweeps{1};
    asio::steady_timer pause{co_await asio::this_coro::executor};
    wake_ = [&pause] { pause.cancel(); };
    while (!stopped_)
    {
        auto sweep = new_unit();
        sweep.add(sql::sweep_attempts).add(sql::sweep_pendings).repeatable();
        if (const auto swept = co_await do_write(sweep); !swept)
            log::warning("identity_sweep_put_off", {{"code", swept.error().code}});
        if (stopped_) break;
        pause.expires_after(between_sweeps);
        boost::system::error_code woken;
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    wake_ = nullptr;
}

void service::stop()
{
    stopped_ = true;
    if (wake_) wake_();
}

}  // namespace manent::identity
