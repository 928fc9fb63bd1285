// The listener and its sessions as a client on a socket meets them, over plain TCP and over TLS: what is kept, refused,
// timed out and drained. The limits are small, and nothing here measures time: a client waits until the server acts.
#include "http/server.hpp"
#include "self_signed.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>

namespace manent::http
{

namespace
{

namespace asio = boost::asio;
using asio::ip::tcp;

// A server on loopback, on a thread of its own.
class served
{
public:
    explicit served(bool over_tls, limits bounds = {})
    {
        routes_.add_plain(verb::get, "/word", "word", "").handle([](call&) { return says("word"); });
        routes_.add_plain(verb::get, "/long", "long", "")
            .handle([](call&) { return says(std::string(std::size_t{64} << 20U, 'x')); });
        routes_.add_plain(verb::get, "/later", "later", "").handle([this](call&) { return says_later(); });
        routes_.add_plain(verb::post, "/length", "length", "")
            .with_bodies_up_to(1000)
            .handle([](call& asked) { return says(std::to_string(asked.body.size())); });
        auto& live = routes_.add_plain(verb::get, "/live", "live", "");
        live.admits = [](call&) -> task<std::optional<response>> { co_return std::nullopt; };
        live.opened = [](const call&, const std::shared_ptr<web_socket>& opened) { opened->send("hello"); };
        auto tls =
            over_tls ? std::optional{tls_files{vouched_by_.certificate_file(), vouched_by_.key_file()}} : std::nullopt;
        server_ = server::make(on_, routes_, files_, counters_, bounds, std::move(tls));
        server_->listen_on(listening_.native_handle());
        thread_ = std::thread{[this] { on_.run(); }};
    }

    ~served()
    {
        drain();
        busy_.reset();
        thread_.join();
    }

    served(const served&) = delete;
    served& operator=(const served&) = delete;

    void drain() { asio::co_spawn(on_, server_->drain(), asio::use_future).get(); }
    std::future<void> begin_draining() { return asio::co_spawn(on_, server_->drain(), asio::use_future); }
    void wait_until_asked_later() { later_asked_.get_future().get(); }
    [[nodiscard]] tcp::endpoint address() const { return listening_.local_endpoint(); }
    [[nodiscard]] bool has_session() const
    {
        return counters_.text().find("manent_http_sessions 0") == std::string::npos;
    }

private:
    static task<response> says(std::string text)
    {
        co_return response{.content_type = "text/plain", .body = std::move(text), .headers = {}};
    }

    task<response> says_later()
    {
        later_asked_.set_value();
        asio::steady_timer wait{on_, std::chrono::milliseconds{200}};
        co_await wait.async_wait(asio::use_awaitable);
        co_return co_await says("later");
    }

    tests::self_signed vouched_by_;
    asio::io_context on_;
    asio::executor_work_guard<asio::io_context::executor_type> busy_{on_.get_executor()};
    tcp::acceptor listening_{on_, {asio::ip::make_address("127.0.0.1"), 0}};
    router routes_;
    static_files files_ = static_files::load("/nonexistent");
    metrics counters_;
    std::promise<void> later_asked_;
    std::unique_ptr<server> server_;
    std::thread thread_;
};

// A client in blocking calls. A server that never acts would block it for ever: after half a minute it hangs up, and
// `was_ended` is false.
class client
{
public:
    client(const served& to, bool over_tls)
    {
        socket_.connect(to.address());
        watch_ = std::jthread{[this](const std::stop_token& done) { hang_up_late(done); }};
        if (!over_tls) return;
        tls_.emplace(socket_, trust_);
        tls_->handshake(asio::ssl::stream_base::client);
    }

    void say(std::string_view text)
    {
        boost::system::error_code ended;
        if (tls_) asio::write(*tls_, asio::buffer(text), ended);
        else asio::write(socket_, asio::buffer(text), ended);
    }

    void end_sending() { socket_.shutdown(tcp::socket::shutdown_send); }

    // Until `enough` has come, or the other side has ended the connection.
    std::string hear(std::string_view enough)
    {
        while (unread_.find(enough) == std::string::npos && more()) continue;
        const auto at = unread_.find(enough);
        const auto size = at == std::string::npos ? unread_.size() : at + enough.size();
        auto heard = unread_.substr(0, size);
        unread_.erase(0, size);
        return heard;
    }

    std::string hear_all()
    {
        while (more()) continue;
        return std::exchange(unread_, "");
    }

    [[nodiscard]] bool was_ended()
    {
        while (more()) continue;
        return !late_;
    }

private:
    bool more()
    {
        std::array<char, std::size_t{16} * 1024> came{};
        boost::system::error_code ended;
        const auto count =
            tls_ ? tls_->read_some(asio::buffer(came), ended) : socket_.read_some(asio::buffer(came), ended);
        unread_.append(came.data(), count);
        return !ended;
    }

    void hang_up_late(const std::stop_token& done)
    {
        std::mutex guard;
        std::unique_lock held{guard};
        std::condition_variable_any ended;
        if (ended.wait_for(held, done, std::chrono::seconds{30}, [&] { return done.stop_requested(); })) return;
        late_ = true;
        ::shutdown(socket_.native_handle(), SHUT_RDWR);
    }

    asio::io_context on_;
    tcp::socket socket_{on_};
    asio::ssl::context trust_{asio::ssl::context::tls_client};
    std::optional<asio::ssl::stream<tcp::socket&>> tls_;
    std::string unread_;
    std::atomic<bool> late_ = false;
    std::jthread watch_;
};

class http_server : public testing::TestWithParam<bool>
{
protected:
    static void SetUpTestSuite()
    {
        static const auto sentences = words::load(std::filesystem::path{MANENT_DATA_FOLDER}.parent_path() / "words");
        speak_with(sentences);
    }

    static bool over_tls() { return GetParam(); }
};

// The end of the header that every answer with this body has.
std::string body(std::string_view text)
{
    return "\r\n\r\n" + std::string{text};
}

TEST_P(http_server, answers_requests_of_one_connection_in_their_order)
{
    const served subject{over_tls()};
    client asks{subject, over_tls()};
    asks.say("GET /word HTTP/1.1\r\nHost: x\r\n\r\nPOST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12345");
    EXPECT_TRUE(asks.hear(body("word")).starts_with("HTTP/1.1 200"));
    EXPECT_TRUE(asks.hear(body("5")).starts_with("HTTP/1.1 200"));
    asks.say("GET /word HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_NE(asks.hear(body("word")).find("Connection: close"), std::string::npos);
    EXPECT_TRUE(asks.was_ended());
}

TEST_P(http_server, answers_head_with_the_length_and_no_body)
{
    const served subject{over_tls()};
    client asks{subject, over_tls()};
    asks.say("HEAD /word HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const auto heard = asks.hear_all();
    EXPECT_NE(heard.find("Content-Length: 4\r\n"), std::string::npos) << heard;
    EXPECT_TRUE(heard.ends_with("\r\n\r\n")) << heard;
}

TEST_P(http_server, asks_for_the_body_that_a_client_holds_back)
{
    const served subject{over_tls()};
    client asks{subject, over_tls()};
    asks.say("POST /length HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    EXPECT_TRUE(asks.hear("\r\n\r\n").starts_with("HTTP/1.1 100"));
    asks.say("abc");
    EXPECT_TRUE(asks.hear(body("3")).starts_with("HTTP/1.1 200"));
}

TEST_P(http_server, refuses_a_body_over_the_limit_of_its_route_while_it_is_still_coming)
{
    const served subject{over_tls()};
    client announces{subject, over_tls()};
    announces.say("POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n" + std::string(3'000'000, 'x'));
    EXPECT_TRUE(announces.hear("\r\n\r\n").starts_with("HTTP/1.1 413"));
    client conceals{subject, over_tls()};
    conceals.say("POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" +
                 std::string(2000, 'x'));
    EXPECT_TRUE(conceals.hear("\r\n\r\n").starts_with("HTTP/1.1 413"));
}

TEST_P(http_server, refuses_what_is_no_http_and_a_header_that_is_too_large)
{
    const served subject{over_tls()};
    client babbles{subject, over_tls()};
    babbles.say("NONSENSE\r\n\r\n");
    EXPECT_TRUE(babbles.hear_all().starts_with("HTTP/1.1 400"));
    client rambles{subject, over_tls()};
    rambles.say("GET /word HTTP/1.1\r\nX-Long: " + std::string(20'000, 'a') + "\r\n\r\n");
    EXPECT_TRUE(rambles.hear("\r\n\r\n").starts_with("HTTP/1.1 431"));
}

TEST_P(http_server, gives_up_on_who_is_slow_in_any_phase)
{
    constexpr std::chrono::seconds brief{1};
    const served subject{over_tls(),
                         {.header_time = brief, .body_time = brief, .idle_time = brief, .answer_time = brief}};
    client in_header{subject, over_tls()};
    in_header.say("GET /word HT");
    client in_body{subject, over_tls()};
    in_body.say("POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n123");
    client between{subject, over_tls()};
    between.say("GET /word HTTP/1.1\r\nHost: x\r\n\r\n");
    client before_tls{subject, false};
    client in_answer{subject, over_tls()};
    in_answer.say("GET /long HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(in_header.was_ended());
    EXPECT_TRUE(in_body.was_ended());
    EXPECT_TRUE(between.was_ended());
    EXPECT_TRUE(before_tls.was_ended());
    // It reads nothing while its answer waits; the server must let go before it reads on.
    while (subject.has_session()) std::this_thread::yield();
    EXPECT_LT(in_answer.hear_all().size(), std::size_t{64} << 20U);
}

// Without TLS, which has no half to close.
TEST(http_server_plain, answers_a_client_that_has_closed_its_half)
{
    const served subject{false};
    client asks{subject, false};
    asks.say("GET /word HTTP/1.1\r\nHost: x\r\n\r\n");
    asks.end_sending();
    EXPECT_TRUE(asks.hear(body("word")).starts_with("HTTP/1.1 200"));
    EXPECT_TRUE(asks.was_ended());
}

TEST_P(http_server, turns_away_more_sessions_than_it_may_have)
{
    const served subject{over_tls(), {.sessions_max = 1}};
    client first{subject, over_tls()};
    first.say("GET /word HTTP/1.1\r\nHost: x\r\n\r\n");
    first.hear(body("word"));
    client second{subject, false};
    EXPECT_TRUE(second.was_ended());
    first.say("GET /word HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(first.hear(body("word")).starts_with("HTTP/1.1 200"));
}

TEST_P(http_server, drains_by_answering_what_is_under_way_and_closing_what_waits)
{
    served subject{over_tls()};
    client idle{subject, over_tls()};
    idle.say("GET /word HTTP/1.1\r\nHost: x\r\n\r\n");
    idle.hear(body("word"));
    client silent{subject, false};
    client busy{subject, over_tls()};
    busy.say("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    subject.wait_until_asked_later();
    auto drained = subject.begin_draining();
    EXPECT_TRUE(busy.hear(body("later")).starts_with("HTTP/1.1 200"));
    EXPECT_TRUE(busy.was_ended());
    EXPECT_TRUE(idle.was_ended());
    EXPECT_TRUE(silent.was_ended());
    drained.get();
    EXPECT_FALSE(subject.has_session());
}

constexpr std::string_view upgrade =
    "GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

TEST_P(http_server, opens_a_web_socket_and_ends_it_when_drained)
{
    served subject{over_tls()};
    client asks{subject, over_tls()};
    asks.say(std::string{upgrade} + "\r\n");
    EXPECT_TRUE(asks.hear("\r\n\r\n").starts_with("HTTP/1.1 101"));
    EXPECT_EQ(asks.hear("hello"), "\x81\x05hello");
    subject.drain();
    EXPECT_TRUE(asks.was_ended());
    EXPECT_FALSE(subject.has_session());
}

TEST_P(http_server, says_goodbye_to_a_web_socket_that_closes)
{
    const served subject{over_tls()};
    client asks{subject, over_tls()};
    asks.say(std::string{upgrade} + "\r\n");
    asks.hear("hello");
    // A masked close frame with status 1000.
    asks.say(std::string_view{"\x88\x82\0\0\0\0\x03\xe8", 8});
    EXPECT_EQ(asks.hear_all(), (std::string{"\x88\x02\x03\xe8", 4}));
}

TEST_P(http_server, refuses_a_web_socket_from_another_site)
{
    const served subject{over_tls()};
    client asks{subject, over_tls()};
    asks.say(std::string{upgrade} + "Origin: https://elsewhere.example\r\n\r\n");
    EXPECT_TRUE(asks.hear_all().starts_with("HTTP/1.1 403"));
}

INSTANTIATE_TEST_SUITE_P(over, http_server, testing::Bool(),
                         [](const auto& chosen) { return chosen.param ? "tls" : "plain"; });

}  // namespace

}  // namespace manent::http
