// A load generator for one machine: N keep-alive connections on one thread, each with one request under way, so that it
// takes as little as possible of the processors it shares with the server. Requests come prepared, one a line of JSON
// {"head": "...", "body": "..."}; the result is one line of JSON.
//
//   bench_load PORT CONNECTIONS repeat SECONDS < one request     the same request over and over
//   bench_load PORT CONNECTIONS once < requests                  each request once, by whichever connection is free
//   bench_load PORT CONNECTIONS rounds < requests                CONNECTIONS requests at the same moment, then the next
//   bench_load PORT CONNECTIONS write SECONDS < CONNECTIONS requests
//       each connection writes one text again and again: @KEY@ becomes a fresh key, @BASES@ what the last receipt named
#include <boost/json.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace
{

using clock_type = std::chrono::steady_clock;

struct connection
{
    int socket = -1;
    bool busy = false;
    clock_type::time_point sent_at;
    std::string unread;
    std::string answer;  // the last one, whole
};

struct tally
{
    std::vector<double> ms;
    std::map<std::string, int> answers;
};

int connect_to(std::uint16_t port)
{
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (made < 0 || ::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect");
    const int yes = 1;
    ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return made;
}

// `head` is the request line and headers without Host and Content-Length.
std::string with_body(std::string head, std::string_view body)
{
    head += "Host: 127.0.0.1\r\n";
    if (body.empty()) return head + "\r\n";
    head += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    return head.append(body);
}

std::string whole_request(std::string_view line)
{
    const auto parsed = boost::json::parse(line);
    const auto* const body = parsed.as_object().if_contains("body");
    return with_body(std::string{parsed.at("head").as_string()}, body ? std::string_view{body->as_string()} : "");
}

std::string replaced(std::string text, std::string_view mark, std::string_view by)
{
    const auto at = text.find(mark);
    return at == std::string::npos ? text : text.replace(at, mark.size(), by);
}

// A request for `write`, which changes each time.
struct changing_request
{
    explicit changing_request(std::string_view line)
        : head{boost::json::parse(line).at("head").as_string()}, body{boost::json::parse(line).at("body").as_string()}
    {
    }

    std::string next()
    {
        std::array<char, 40> key{};
        const unsigned long long high = chance();
        const unsigned long long low = chance();
        std::snprintf(key.data(), key.size(), "%08llx-%04llx-4%03llx-8%03llx-%012llx", high >> 32U, high & 0xffffU,
                      (high >> 16U) & 0xfffU, low >> 52U, low & 0xffffffffffffULL);
        return with_body(replaced(head, "@KEY@", key.data()), replaced(body, "@BASES@", bases));
    }

    // What the receipt says of its first field is what the next text is written upon.
    void learn(std::string_view answer)
    {
        const auto receipt = boost::json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
        const auto& field = receipt.at("fields").as_array().at(0);
        bases = boost::json::serialize(boost::json::array{
            boost::json::object{{"revision_id", field.at("revision_id")}, {"digest", field.at("digest")}}});
    }

    std::string head;
    std::string body;
    std::string bases = "[]";
    std::mt19937_64 chance{std::random_device{}()};
};

// The answer's whole length once its head is there, 0 before.
std::size_t answer_length(const std::string& unread)
{
    const auto head = unread.find("\r\n\r\n");
    if (head == std::string::npos) return 0;
    const auto field = unread.find("Content-Length: ");
    const std::size_t body = field < head ? std::stoul(unread.substr(field + 16, 20)) : 0;
    return head + 4 + body;
}

// "201", or "409 slot_taken" for a refusal.
std::string kind_of(const std::string& answer)
{
    auto kind = answer.substr(9, 3);
    const auto code = answer.find("\"code\":\"");
    if (kind[0] != '2' && code != std::string::npos)
        kind += " " + answer.substr(code + 8, answer.find('"', code + 8) - code - 8);
    return kind;
}

class generator
{
public:
    generator(std::uint16_t port, std::size_t connections) : poll_{::epoll_create1(EPOLL_CLOEXEC)}, all_(connections)
    {
        for (std::size_t i = 0; i < connections; ++i)
        {
            all_[i].socket = connect_to(port);
            epoll_event wanted{};
            wanted.events = EPOLLIN;
            wanted.data.u64 = i;
            ::epoll_ctl(poll_, EPOLL_CTL_ADD, all_[i].socket, &wanted);
        }
    }

    void send(std::size_t which, const std::string& request)
    {
        auto& on = all_[which];
        on.busy = true;
        on.sent_at = clock_type::now();
        ++under_way_;
        std::size_t written = 0;
        while (written < request.size())
        {
            const auto count = ::write(on.socket, request.data() + written, request.size() - written);
            if (count <= 0) throw std::runtime_error("the server closed a connection");
            written += static_cast<std::size_t>(count);
        }
    }

    // Waits for answers; calls done(connection) for each that is complete.
    template <class Done>
    void take(Done done)
    {
        std::array<epoll_event, 64> events{};
        const int count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 30'000);
        if (count <= 0) throw std::runtime_error("no answer for 30 s");
        for (int i = 0; i < count; ++i)
        {
            const auto which = static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64);
            if (read_from(all_[which])) done(which);
        }
    }

    [[nodiscard]] std::size_t under_way() const { return under_way_; }
    [[nodiscard]] std::size_t size() const { return all_.size(); }
    [[nodiscard]] const std::string& answer_of(std::size_t which) const { return all_[which].answer; }
    tally& counted() { return counted_; }

private:
    bool read_from(connection& on)
    {
        std::array<char, 65536> buffer{};
        const auto count = ::read(on.socket, buffer.data(), buffer.size());
        if (count <= 0) throw std::runtime_error("the server closed a connection");
        on.unread.append(buffer.data(), static_cast<std::size_t>(count));
        const auto length = answer_length(on.unread);
        if (length == 0 || on.unread.size() < length) return false;
        const std::chrono::duration<double, std::milli> took = clock_type::now() - on.sent_at;
        counted_.ms.push_back(took.count());
        ++counted_.answers[kind_of(on.unread)];
        on.answer = on.unread.substr(0, length);
        on.unread.erase(0, length);
        on.busy = false;
        --under_way_;
        return true;
    }

    int poll_;
    std::vector<connection> all_;
    std::size_t under_way_ = 0;
    tally counted_;
};

double percentile(std::vector<double>& sorted, double part)
{
    if (sorted.empty()) return 0;
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(part * static_cast<double>(sorted.size())))];
}

void repeat(generator& with, const std::string& request, std::chrono::duration<double> length)
{
    const auto end = clock_type::now() + length;
    for (std::size_t i = 0; i < with.size(); ++i) with.send(i, request);
    while (with.under_way() > 0)
    {
        with.take(
            [&](std::size_t which)
            {
                if (clock_type::now() < end) with.send(which, request);
            });
    }
}

void once(generator& with, const std::vector<std::string>& requests)
{
    std::size_t next = 0;
    for (std::size_t i = 0; i < with.size() && next < requests.size(); ++i) with.send(i, requests[next++]);
    while (with.under_way() > 0)
    {
        with.take(
            [&](std::size_t which)
            {
                if (next < requests.size()) with.send(which, requests[next++]);
            });
    }
}

void rounds(generator& with, const std::vector<std::string>& requests)
{
    for (std::size_t first = 0; first < requests.size(); first += with.size())
    {
        for (std::size_t i = 0; i < with.size() && first + i < requests.size(); ++i) with.send(i, requests[first + i]);
        while (with.under_way() > 0) with.take([](std::size_t) {});
    }
}

void write(generator& with, std::vector<changing_request> texts, std::chrono::duration<double> length)
{
    const auto end = clock_type::now() + length;
    for (std::size_t i = 0; i < with.size(); ++i) with.send(i, texts[i].next());
    while (with.under_way() > 0)
    {
        with.take(
            [&](std::size_t which)
            {
                const auto& answer = with.answer_of(which);
                if (kind_of(answer)[0] != '2' || clock_type::now() >= end) return;
                texts[which].learn(answer);
                with.send(which, texts[which].next());
            });
    }
}

int run(const std::vector<std::string>& arguments)
{
    if (arguments.size() < 4)
        throw std::runtime_error("bench_load PORT CONNECTIONS repeat|once|rounds|write [SECONDS]");
    generator with{static_cast<std::uint16_t>(std::stoul(arguments[1])), std::stoul(arguments[2])};
    std::vector<std::string> requests;
    for (std::string line; std::getline(std::cin, line);)
    {
        if (!line.empty()) requests.push_back(arguments[3] == "write" ? line : whole_request(line));
    }
    if (requests.empty()) throw std::runtime_error("no request on standard input");
    const auto begin = clock_type::now();
    if (arguments[3] == "repeat")
        repeat(with, requests.front(), std::chrono::duration<double>{std::stod(arguments.at(4))});
    else if (arguments[3] == "write")
        write(with, std::vector<changing_request>{requests.begin(), requests.end()},
              std::chrono::duration<double>{std::stod(arguments.at(4))});
    else if (arguments[3] == "once") once(with, requests);
    else rounds(with, requests);
    const std::chrono::duration<double> took = clock_type::now() - begin;
    auto& counted = with.counted();
    std::sort(counted.ms.begin(), counted.ms.end());
    boost::json::object answers;
    for (const auto& [kind, count] : counted.answers) answers.emplace(kind, count);
    std::cout << boost::json::serialize(
                     boost::json::object{{"requests", counted.ms.size()},
                                         {"seconds", took.count()},
                                         {"rate", static_cast<double>(counted.ms.size()) / took.count()},
                                         {"p50_ms", percentile(counted.ms, 0.5)},
                                         {"p99_ms", percentile(counted.ms, 0.99)},
                                         {"answers", std::move(answers)}})
              << "\n";
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    try
    {
        return run({argv, argv + argc});
    }
    catch (const std::exception& failed)
    {
        std::cerr << "bench_load: " << failed.what() << "\n";
        return 1;
    }
}
