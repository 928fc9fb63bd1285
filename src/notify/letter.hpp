// A letter to one person: worded here, written into the unit of the act that it tells of, sent later by `sender`. Its
// words are neutral: time, address and a link, never a practitioner or a reason.
#pragma once

#include "core/id.hpp"
#include "core/words.hpp"
#include "store/unit.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace manent::notify
{

struct letter
{
    std::string recipient;  // an address as `email_address` admits it
    std::string subject;
    std::string body;                     // plain text, lines ended by \n
    std::optional<std::string> calendar;  // an iCalendar file (RFC 5545) to go with it
};

// From the sentences mail.<name>.subject and mail.<name>.body.
letter word_letter(const words& sentences, language in, std::string_view name, std::string recipient,
                   const words::arguments& with);

// Adds the letter to `within`: it exists when that commits, and only then. The unit's role needs INSERT on mail.
void post(store::unit& within, const letter& written);

}  // namespace manent::notify
