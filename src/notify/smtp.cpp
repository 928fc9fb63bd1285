#include "notify/smtp.hpp"

#include "core/time.hpp"

#include <curl/curl.h>

#include <memory>
#include <stdexcept>

namespace manent::notify
{

namespace
{

template <auto End>
struct ended_by
{
    template <class T>
    void operator()(T* held) const
    {
        End(held);
    }
};

using easy = std::unique_ptr<CURL, ended_by<curl_easy_cleanup>>;
using lines = std::unique_ptr<curl_slist, ended_by<curl_slist_free_all>>;
using message = std::unique_ptr<curl_mime, ended_by<curl_mime_free>>;

void require(bool good)
{
    if (!good) throw std::runtime_error("libcurl cannot build a message");
}

template <class Value>
void set(CURL* on, CURLoption option, Value value)
{
    require(curl_easy_setopt(on, option, value) == CURLE_OK);
}

void add_line(lines& to, const std::string& line)
{
    auto* const longer = curl_slist_append(to.get(), line.c_str());
    require(longer != nullptr);
    static_cast<void>(to.release());
    to.reset(longer);
}

// Lines of a message end in CR LF; quoted-printable would write a lone LF as a character.
std::string with_crlf(std::string_view text)
{
    std::string lined;
    for (const char c : text)
    {
        if (c == '\r') continue;
        if (c == '\n') lined += '\r';
        lined += c;
    }
    return lined;
}

message build(CURL* on, const letter& written)
{
    message built{curl_mime_init(on)};
    require(built != nullptr);
    const auto body = with_crlf(written.body) + "\r\n";
    auto* const text = curl_mime_addpart(built.get());
    require(text != nullptr && curl_mime_data(text, body.data(), body.size()) == CURLE_OK &&
            curl_mime_type(text, "text/plain; charset=utf-8") == CURLE_OK &&
            curl_mime_encoder(text, "quoted-printable") == CURLE_OK);
    if (!written.calendar) return built;
    const auto file = with_crlf(*written.calendar);
    auto* const calendar = curl_mime_addpart(built.get());
    require(calendar != nullptr && curl_mime_data(calendar, file.data(), file.size()) == CURLE_OK &&
            curl_mime_type(calendar, calendar_type(*written.calendar).c_str()) == CURLE_OK &&
            curl_mime_filename(calendar, "manent.ics") == CURLE_OK &&
            curl_mime_encoder(calendar, "base64") == CURLE_OK);
    return built;
}

lines header_lines(const uuid& id, const letter& written, const mailbox& sender)
{
    lines headers;
    add_line(headers, "Date: " + header_date(now()));
    add_line(headers, "From: " + header_mailbox(sender));
    add_line(headers, "To: " + written.recipient);
    add_line(headers, "Subject: " + header_text(written.subject));
    add_line(headers, "Message-ID: " + message_id(id, sender));
    // So that nobody's holiday answers it (RFC 3834).
    add_line(headers, "Auto-Submitted: auto-generated");
    return headers;
}

bool is_this_machine(std::string_view server)
{
    const auto begin = server.find("://");
    const auto host = begin == std::string_view::npos ? server : server.substr(begin + 3);
    return host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
}

void choose_server(CURL* on, const mail_settings& by)
{
    set(on, CURLOPT_URL, by.server.c_str());
    set(on, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    // A letter may hold a code: it leaves this machine encrypted or not at all.
    set(on, CURLOPT_USE_SSL, static_cast<long>(is_this_machine(by.server) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    if (!by.certificates.empty()) set(on, CURLOPT_CAINFO, by.certificates.c_str());
    if (!by.user.empty())
    {
        set(on, CURLOPT_USERNAME, by.user.c_str());
        set(on, CURLOPT_PASSWORD, by.password.c_str());
    }
    constexpr long connect_s_max = 15;
    constexpr long whole_s_max = 60;
    set(on, CURLOPT_CONNECTTIMEOUT, connect_s_max);
    set(on, CURLOPT_TIMEOUT, whole_s_max);
    set(on, CURLOPT_NOSIGNAL, 1L);
}

int on_progress(void* give_up, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return static_cast<const std::atomic<bool>*>(give_up)->load() ? 1 : 0;
}

delivery judge(CURL* on, CURLcode code)
{
    long answered = 0;
    curl_easy_getinfo(on, CURLINFO_RESPONSE_CODE, &answered);
    delivery judged{outcome::later, static_cast<int>(code), static_cast<int>(answered)};
    if (code == CURLE_OK) judged.is = outcome::sent;
    // No such mailbox, moved, not a valid name (RFC 5321, 4.2.3): another try would be the same.
    else if (answered == 550 || answered == 551 || answered == 553) judged.is = outcome::refused;
    return judged;
}

}  // namespace

delivery send_letter(const mail_settings& by, const uuid& id, const letter& written, const std::atomic<bool>& give_up)
{
    const auto sender = parse_mailbox(by.from);
    if (!sender) throw std::runtime_error("mail.from is no address");
    if (!parse_mailbox(written.recipient)) return {outcome::refused, 0, 0};
    const easy on{curl_easy_init()};
    require(on != nullptr);
    choose_server(on.get(), by);
    const auto built = build(on.get(), written);
    const auto headers = header_lines(id, written, *sender);
    lines recipients;
    add_line(recipients, "<" + written.recipient + ">");
    const auto return_path = "<" + sender->address + ">";
    set(on.get(), CURLOPT_MAIL_FROM, return_path.c_str());
    set(on.get(), CURLOPT_MAIL_RCPT, recipients.get());
    set(on.get(), CURLOPT_HTTPHEADER, headers.get());
    set(on.get(), CURLOPT_MIMEPOST, built.get());
    set(on.get(), CURLOPT_NOPROGRESS, 0L);
    set(on.get(), CURLOPT_XFERINFOFUNCTION, &on_progress);
    set(on.get(), CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&give_up));
    return judge(on.get(), curl_easy_perform(on.get()));
}

}  // namespace manent::notify
