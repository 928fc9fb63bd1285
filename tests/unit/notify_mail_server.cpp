#include "notify_mail_server.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <sys/socket.h>

namespace manent::tests
{

namespace asio = boost::asio;

namespace
{

template <class Stream>
std::string read_line(Stream& stream, std::string& buffer)
{
    const auto size = asio::read_until(stream, asio::dynamic_buffer(buffer), "\r\n");
    auto line = buffer.substr(0, size - 2);
    buffer.erase(0, size);
    return line;
}

template <class Stream>
void say(Stream& stream, const std::string& line)
{
    asio::write(stream, asio::buffer(line + "\r\n"));
}

template <class Stream>
std::string read_message(Stream& stream, std::string& buffer)
{
    std::string message;
    for (auto line = read_line(stream, buffer); line != "."; line = read_line(stream, buffer))
        message += (line.starts_with('.') ? line.substr(1) : line) + "\r\n";
    return message;
}

std::string between_brackets(const std::string& line)
{
    const auto open = line.find('<');
    return line.substr(open + 1, line.find('>') - open - 1);
}

}  // namespace

mail_server::mail_server(mail_server_settings settings)
    : settings_{std::move(settings)}, acceptor_{on_, {asio::ip::make_address("127.0.0.1"), 0}}
{
    port_ = acceptor_.local_endpoint().port();
    vouched_by_.use_in(tls_.native_handle());
    thread_ = std::thread{[this] { accept_all(); }};
}

mail_server::~mail_server()
{
    // Wakes the accept under way, which closing the descriptor would not.
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
}

std::vector<received_letter> mail_server::letters() const
{
    const std::scoped_lock held{guard_};
    return letters_;
}

void mail_server::accept_all()
{
    while (true)
    {
        boost::system::error_code ended;
        socket taken{on_};
        acceptor_.accept(taken, ended);
        if (ended) return;
        try
        {
            serve(std::move(taken));
        }
        catch (const boost::system::system_error&)
        {
            // The other side hung up, or trusts nobody: the next one may not.
        }
    }
}

void mail_server::serve(socket plain)
{
    if (!settings_.tls_from_start)
    {
        say(plain, "220 127.0.0.1 ESMTP");
        if (!converse(plain, false)) return;
    }
    asio::ssl::stream<socket> encrypted{std::move(plain), tls_};
    encrypted.handshake(asio::ssl::stream_base::server);
    if (settings_.tls_from_start) say(encrypted, "220 127.0.0.1 ESMTP");
    converse(encrypted, true);
}

// True when the other side wants to go on under TLS.
template <class Stream>
bool mail_server::converse(Stream& stream, bool encrypted)
{
    std::string buffer;
    received_letter letter;
    letter.encrypted = encrypted;
    while (true)
    {
        const auto line = read_line(stream, buffer);
        const auto command = line.substr(0, 4);
        if (command == "EHLO")
        {
            say(stream, "250-127.0.0.1");
            if (settings_.starttls && !encrypted) say(stream, "250-STARTTLS");
            if (settings_.asks_password) say(stream, "250-AUTH PLAIN");
            say(stream, "250 8BITMIME");
        }
        else if (command == "STAR")
        {
            say(stream, "220 go on");
            return true;
        }
        else if (command == "AUTH")
        {
            if (line == "AUTH PLAIN")
            {
                say(stream, "334 ");
                letter.authenticated_as = read_line(stream, buffer);
            }
            else
            {
                letter.authenticated_as = line.substr(11);
            }
            say(stream, "235 welcome");
        }
        else if (command == "MAIL")
        {
            letter.from = between_brackets(line);
            say(stream, "250 ok");
        }
        else if (command == "RCPT")
        {
            const auto asked = recipients_asked_++;
            letter.to.push_back(between_brackets(line));
            say(stream, asked < settings_.recipient_answers.size() ? settings_.recipient_answers[asked] : "250 ok");
        }
        else if (command == "DATA")
        {
            say(stream, "354 go on");
            letter.message = read_message(stream, buffer);
            const std::scoped_lock held{guard_};
            letters_.push_back(letter);
            say(stream, "250 taken");
        }
        else
        {
            say(stream, command == "QUIT" ? "221 bye" : "502 what?");
            if (command == "QUIT") return false;
        }
    }
}

}  // namespace manent::tests
