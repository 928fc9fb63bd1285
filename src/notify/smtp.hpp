// One letter to one SMTP server, by libcurl. Blocks: never on a thread that serves.
#pragma once

#include "core/id.hpp"
#include "notify/headers.hpp"
#include "notify/letter.hpp"

#include <atomic>
#include <string>

namespace manent::notify
{

struct mail_settings
{
    // smtps://host:port speaks TLS from the start; smtp://host:port must offer STARTTLS, unless it is this machine.
    std::string server;
    std::string user;  // empty: no authentication
    std::string password;
    std::string from = "Manent <nepasrepondre@localhost>";
    std::string certificates;  // PEM file of trusted authorities; empty: the system's
};

enum class outcome
{
    sent,
    later,   // the server is away, asks to come again, or refuses for a reason that an operator can mend
    refused  // this recipient does not exist
};

struct delivery
{
    outcome is = outcome::later;
    int curl_code = 0;  // libcurl's CURLcode
    int smtp_code = 0;  // the server's last answer, 0 for none
};

// `give_up` ends it within a second. Throws std::runtime_error when libcurl cannot be set up.
delivery send_letter(const mail_settings& by, const uuid& id, const letter& written, const std::atomic<bool>& give_up);

}  // namespace manent::notify
