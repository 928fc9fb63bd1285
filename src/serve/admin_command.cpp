#include "serve/admin_command.hpp"

#include "core/words.hpp"
#include "incident/operators.hpp"
#include "serve/installation.hpp"

#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <stdexcept>

namespace manent::serve
{

namespace
{

// A terminal that does not echo for as long as it lives.
class silence
{
public:
    silence()
    {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        auto quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    }
    ~silence()
    {
        if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    silence(const silence&) = delete;
    silence& operator=(const silence&) = delete;

private:
    termios before_ = {};
    bool changed_ = false;
};

void ask(std::string& into, const char* question)
{
    if (!into.empty()) return;
    std::cerr << question << ": " << std::flush;
    if (!std::getline(std::cin, into)) throw std::runtime_error("no answer to: " + std::string{question});
}

void ask_silently(std::string& into, const char* question)
{
    const silence while_typing;
    const bool asked = into.empty();
    ask(into, question);
    if (asked) std::cerr << "\n";
}

// The refusal in words, with each field's own.
std::runtime_error refused(const problem& why, const words& sentences)
{
    std::string what = sentences.say(language::en, "problem." + why.code + ".detail");
    for (const auto& each : why.fields)
        what += "\n  " + each.path + ": " +
                sentences.say(language::en, "field." + each.code,
                              {{"limit", each.limit ? std::to_string(*each.limit) : ""}});
    return std::runtime_error{what};
}

void ask_account(identity::first_administrator& wish)
{
    ask(wish.given_name, "Given name");
    ask(wish.family_name, "Family name");
    ask(wish.email, "E-mail address");
    ask_silently(wish.password, "Password, 10 characters or more");
}

void say_done(const std::vector<identity::practice_name>& practices)
{
    for (const auto& each : practices)
        std::cout << "Practice " << to_string(each.practice) << " (" << each.name << ")\n";
    std::cout << "has its administrator. Sign in at the address of this installation, set up the authenticator, and\n"
                 "invite the others.\n";
}

}  // namespace

int create_administrator(const config& settings, identity::first_administrator wish)
{
    ask(wish.practice, "Name of the practice");
    ask_account(wish);
    const auto sentences = words::load(std::filesystem::path{settings.share} / "words");
    installation here{settings, false};
    here.open();
    auto as_owner = here.as_owner();
    const auto made = identity::create_practice(as_owner, wish);
    if (!made) throw refused(made.error(), sentences);
    say_done({{*made, wish.practice}});
    return 0;
}

int claim_practices(const config& settings, const std::string& number, identity::first_administrator wish)
{
    const auto sentences = words::load(std::filesystem::path{settings.share} / "words");
    installation here{settings, false};
    here.open();
    auto as_owner = here.as_owner();
    const auto who = identity::find_practitioner(as_owner, number);
    if (!who) throw std::runtime_error("no practitioner here has the number " + number);
    if (who->unclaimed.empty())
        throw std::runtime_error("every practice of " + who->given_name + " " + who->family_name +
                                 " has somebody who can invite them");
    if (wish.given_name.empty()) wish.given_name = who->given_name;
    if (wish.family_name.empty()) wish.family_name = who->family_name;
    ask_account(wish);
    const auto made = identity::claim_practices(as_owner, *who, wish);
    if (!made) throw refused(made.error(), sentences);
    say_done(who->unclaimed);
    return 0;
}

int set_operator(const config& settings, const std::string& email, bool dismiss)
{
    installation here{settings, false};
    here.open();
    auto as_owner = here.as_owner();
    const auto done =
        dismiss ? incident::dismiss_operator(as_owner, email) : incident::appoint_operator(as_owner, email);
    if (!done && done.error().kind == problem_kind::forbidden)
        throw std::runtime_error(email +
                                 " has no authenticator in use: sign in with it, set one up under Security, "
                                 "then repeat this command");
    if (!done && dismiss) throw std::runtime_error(email + " is no operator of this installation");
    if (!done) throw std::runtime_error("no account signs in with " + email + ": create one first");
    std::cout << email
              << (dismiss ? " is no operator any more.\n"
                          : " is an operator: incidents are told by mail "
                            "and shown under /exploitation.\n");
    return 0;
}

}  // namespace manent::serve
