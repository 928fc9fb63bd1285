#include "serve/admin_command.hpp"

#include "core/words.hpp"
#include "serve/installation.hpp"
#include "store/blocking.hpp"

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

}  // namespace

int create_administrator(const config& settings, identity::first_administrator wish)
{
    ask(wish.practice, "Name of the practice");
    ask(wish.given_name, "Given name");
    ask(wish.family_name, "Family name");
    ask(wish.email, "E-mail address");
    ask_silently(wish.password, "Password, 10 characters or more");
    const auto sentences = words::load(std::filesystem::path{settings.share} / "words");
    installation here{settings, false};
    here.open();
    store::blocking_connection as_owner{here.conninfo("manent_owner")};
    const auto made = identity::create_practice(as_owner, wish);
    if (!made)
    {
        std::string what = sentences.say(language::en, "problem." + made.error().code + ".detail");
        for (const auto& each : made.error().fields)
            what += "\n  " + each.path + ": " +
                    sentences.say(language::en, "field." + each.code,
                                  {{"limit", each.limit ? std::to_string(*each.limit) : ""}});
        throw std::runtime_error(what);
    }
    std::cout << "Practice " << to_string(made->practice)
              << " and its administrator are made. Sign in at the address of this\n"
                 "installation, set up the authenticator, and invite the others.\n";
    return 0;
}

}  // namespace manent::serve
