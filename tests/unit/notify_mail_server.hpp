// A small SMTP server on loopback, as blocking code on a thread of its own: takes letters, refuses them on demand,
// speaks STARTTLS or TLS with a certificate made at its start.
#pragma once

#include "self_signed.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace manent::tests
{

struct received_letter
{
    std::string from;
    std::vector<std::string> to;
    std::string message;  // dots unstuffed, lines ended by CR LF
    bool encrypted = false;
    std::string authenticated_as;  // what AUTH PLAIN carried, in base64
};

struct mail_server_settings
{
    bool starttls = false;
    bool tls_from_start = false;
    bool asks_password = false;
    // Answers to RCPT TO, one a letter, then 250.
    std::vector<std::string> recipient_answers;
};

class mail_server
{
public:
    explicit mail_server(mail_server_settings settings);
    ~mail_server();
    mail_server(const mail_server&) = delete;
    mail_server& operator=(const mail_server&) = delete;

    [[nodiscard]] unsigned short port() const { return port_; }
    // A PEM file that trusts this server's certificate, for 127.0.0.1.
    [[nodiscard]] const std::string& certificate_file() const { return vouched_by_.certificate_file(); }
    [[nodiscard]] std::vector<received_letter> letters() const;

private:
    using socket = boost::asio::ip::tcp::socket;
    void accept_all();
    void serve(socket plain);
    template <class Stream>
    bool converse(Stream& stream, bool encrypted);

    mail_server_settings settings_;
    self_signed vouched_by_;
    boost::asio::io_context on_;
    boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
    boost::asio::ip::tcp::acceptor acceptor_;
    unsigned short port_ = 0;
    std::size_t recipients_asked_ = 0;
    mutable std::mutex guard_;
    std::vector<received_letter> letters_;
    std::thread thread_;
};

}  // namespace manent::tests
