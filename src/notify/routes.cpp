#include "notify/routes.hpp"

#include "notify/sql.hpp"

namespace manent::notify
{

namespace
{

struct shown_letter
{
    uuid mail_id{};
    std::string to;
    std::string subject;
    std::string text;
    instant sent_at{};
    std::optional<std::string> calendar;
};
BOOST_DESCRIBE_STRUCT(shown_letter, (), (mail_id, to, subject, text, sent_at, calendar))

struct mailbox_answer
{
    std::vector<shown_letter> items;
};
BOOST_DESCRIBE_STRUCT(mailbox_answer, (), (items))

task<http::response> show_mailbox(http::call& asked, store::database& mail_db)
{
    store::unit look{store::scope::everyone()};
    look.add(sql::newest_mail);
    const auto found = co_await mail_db.read(look);
    if (!found) co_return http::refuse(asked, found.error());
    mailbox_answer shown;
    const auto& rows = found->front();
    for (int i = 0; i < rows.size(); ++i)
    {
        const auto row = rows[i];
        shown.items.push_back({row.get<uuid>(0), row.get<std::string>(1), row.get<std::string>(2),
                               row.get<std::string>(3), row.get<instant>(4), row.get<std::optional<std::string>>(5)});
    }
    co_return http::answer(shown);
}

}  // namespace

void add_routes(http::router& to, store::database& mail_db, std::function<bool()> is_demonstration)
{
    to.add(http::verb::get, "/demonstration/mailbox", "show_mailbox", "The letters of the demonstration, newest first")
        .answers<mailbox_answer>()
        .handle(
            [&mail_db, is_demonstration = std::move(is_demonstration)](http::call& asked) -> task<http::response>
            {
                if (!is_demonstration()) co_return http::refuse(asked, refusal(problem_kind::not_found, "not_found"));
                co_return co_await show_mailbox(asked, mail_db);
            });
}

}  // namespace manent::notify
