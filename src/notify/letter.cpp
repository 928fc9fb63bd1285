#include "notify/letter.hpp"

#include "notify/sql.hpp"

namespace manent::notify
{

letter word_letter(const words& sentences, language in, std::string_view name, std::string recipient,
                   const words::arguments& with)
{
    const std::string key = "mail." + std::string{name};
    return {std::move(recipient), sentences.say(in, key + ".subject", with), sentences.say(in, key + ".body", with),
            std::nullopt};
}

void post(store::unit& within, const letter& written)
{
    within.add(sql::add_mail, new_uuid(), written.recipient, written.subject, written.body, written.calendar);
}

}  // namespace manent::notify
