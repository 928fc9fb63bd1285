#include "store/archive.hpp"

#include "store/cluster_files.hpp"

#include <boost/json.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace manent::store
{

namespace
{

constexpr const char* program = "/usr/bin/pgbackrest";

// One word of a shell's command line.
std::string shell_word(const std::string& text)
{
    std::string made = "'";
    for (const char c : text) made += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return made + "'";
}

// A text of PostgreSQL's configuration; in a command of its, a percent sign is two.
std::string configured_command(const std::string& command)
{
    std::string made = "'";
    for (const char c : command) made += c == '\'' ? std::string{"''"} : std::string{c};
    return made + "'";
}

std::string doubled_percents(const std::string& text)
{
    std::string made;
    for (const char c : text) made += c == '%' ? std::string{"%%"} : std::string{c};
    return made;
}

void write_private(const std::filesystem::path& file, const std::string& content, const std::optional<account>& owner)
{
    const auto fresh = file.string() + ".new";
    std::filesystem::remove(fresh);
    const int out = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    const bool written = out >= 0 &&
                         ::write(out, content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
                         (!owner || ::geteuid() != 0 || ::fchown(out, owner->user, owner->group) == 0);
    if (out >= 0) ::close(out);
    if (!written) throw std::runtime_error("cannot write " + file.string());
    std::filesystem::rename(fresh, file);
}

void add_option(std::ostream& text, std::string_view name, const std::string& value)
{
    if (value.empty()) return;
    if (value.find('\n') != std::string::npos)
        throw std::runtime_error("a setting of the backup has more than one line: " + std::string{name});
    text << name << "=" << value << "\n";
}

void add_s3(std::ostream& text, const s3_store& s3)
{
    text << "repo1-type=s3\n";
    add_option(text, "repo1-s3-endpoint", s3.endpoint);
    add_option(text, "repo1-s3-bucket", s3.bucket);
    add_option(text, "repo1-s3-region", s3.region);
    add_option(text, "repo1-path", s3.prefix);
    add_option(text, "repo1-s3-key", s3.key);
    add_option(text, "repo1-s3-key-secret", s3.secret);
    add_option(text, "repo1-s3-uri-style", s3.path_style ? "path" : "host");
    add_option(text, "repo1-storage-ca-file", s3.ca_file);
    add_option(text, "repo1-storage-verify-tls", s3.verify_tls ? "y" : "n");
}

instant at_second(const boost::json::value& timestamp)
{
    return instant{std::chrono::seconds{timestamp.to_number<std::int64_t>()}};
}

kept_backup read_backup(const boost::json::value& from)
{
    kept_backup made;
    made.label = from.at("label").as_string();
    made.kind = from.at("type").as_string();
    made.started = at_second(from.at("timestamp").at("start"));
    made.finished = at_second(from.at("timestamp").at("stop"));
    made.size_bytes = from.at("info").at("size").to_number<std::int64_t>();
    made.stored_bytes = from.at("info").at("repository").at("delta").to_number<std::int64_t>();
    return made;
}

// pgBackRest's message begins with the kind of its error in brackets, and goes on for lines.
std::string sentence_of(const std::string& message)
{
    if (message.find("unable to load info file") != std::string::npos)
        return "it does not open with this key, or its index is damaged";
    return message.substr(0, message.find('\n'));
}

kept_stanza read_stanza(const boost::json::value& from)
{
    kept_stanza made;
    made.name = from.at("name").as_string();
    // 2: there is no backup yet, which is no trouble.
    const auto code = from.at("status").at("code").to_number<int>();
    if (code != 0 && code != 2)
    {
        std::string message{from.at("status").at("message").as_string()};
        for (const auto& each : from.at("repo").as_array()) message = each.at("status").at("message").as_string();
        made.trouble = sentence_of(message);
    }
    for (const auto& each : from.at("backup").as_array()) made.backups.push_back(read_backup(each));
    for (const auto& each : from.at("archive").as_array())
    {
        if (each.at("max").is_string()) made.newest_segment = each.at("max").as_string();
    }
    return made;
}

// A file that a command writes into while it is read here.
class followed_file
{
public:
    explicit followed_file(std::filesystem::path file) : file_{std::move(file)} {}
    ~followed_file()
    {
        std::error_code gone;
        std::filesystem::remove(file_, gone);
    }
    followed_file(const followed_file&) = delete;
    followed_file& operator=(const followed_file&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return file_; }

    // Whole lines since the last time; at the end also a last one without its end.
    void read(std::string& all, const std::function<void(std::string_view)>& line, bool ended)
    {
        std::ifstream in{file_, std::ios::binary};
        in.seekg(static_cast<std::streamoff>(all.size()));
        std::stringstream more;
        more << in.rdbuf();
        all += more.str();
        for (auto end = all.find('\n', told_); end != std::string::npos; end = all.find('\n', told_))
        {
            if (line) line(std::string_view{all}.substr(told_, end - told_));
            told_ = end + 1;
        }
        if (ended && line && told_ < all.size()) line(std::string_view{all}.substr(told_));
    }

private:
    std::filesystem::path file_;
    std::size_t told_ = 0;
};

}  // namespace

std::string archive::configuration(int queue_limit_mb) const
{
    std::ostringstream text;
    text << "# Written by Manent at each start; edit nothing here.\n[global]\n";
    if (settings_.folder.empty()) add_s3(text, settings_.s3);
    else add_option(text, "repo1-path", settings_.folder.string());
    text << "repo1-cipher-type=aes-256-cbc\n"
         << "repo1-cipher-pass=" << settings_.cipher_pass << "\n"
         << "repo1-bundle=y\n"
         << "repo1-retention-full-type=time\nrepo1-retention-full=" << settings_.keep_days << "\n"
         << "compress-type=zst\ncompress-level=3\nstart-fast=y\nlog-level-file=warn\n";
    add_option(text, "lock-path", (settings_.own / "lock").string());
    add_option(text, "spool-path", (settings_.own / "spool").string());
    add_option(text, "log-path", settings_.logs.string());
    // A store that does not answer must not hold PostgreSQL's shutdown; beyond the queue the primary's disk comes
    // first.
    text << "[global:archive-push]\nio-timeout=15\narchive-push-queue-max=" << queue_limit_mb << "MiB\n";
    // A damaged file stays damaged: the second of its two retries would come after 15 s.
    text << "[global:restore]\njob-retry=1\n[global:verify]\njob-retry=1\n";
    text << "[" << settings_.stanza << "]\n";
    add_option(text, "pg1-path", settings_.cluster.string());
    add_option(text, "pg1-socket-path", settings_.sockets.string());
    text << "pg1-port=" << cluster_files::primary_port << "\npg1-user=manent_owner\n";
    return text.str();
}

void archive::prepare() const
{
    if (!std::filesystem::exists(program))
        throw std::runtime_error("a backup is configured and pgBackRest is not installed: apt install pgbackrest");
    cluster_files::make_private_folder(settings_.own, settings_.run_as);
    for (const auto* inner : {"lock", "spool"})
        cluster_files::make_private_folder(settings_.own / inner, settings_.run_as);
    cluster_files::make_private_folder(settings_.logs, settings_.run_as);
    // One that is there may be a mounted disk with rights of its own; one that went away is not made again.
    if (!settings_.folder.empty() && !std::filesystem::exists(settings_.folder) && !was_set_up())
        cluster_files::make_private_folder(settings_.folder, settings_.run_as);
    limit_queue(queue_limit_mb(0));
}

int archive::queue_limit_mb(int waiting_mb) const
{
    constexpr std::int64_t segment_mb = segment_bytes / (1024 * 1024);
    constexpr std::int64_t limit_min_mb = 4 * segment_mb;
    std::error_code unknown;
    const auto space = std::filesystem::space(settings_.own, unknown);
    if (unknown) return settings_.queue_max_mb;
    // Half of what is free above the reserve: the other half is for what is written meanwhile.
    const auto free_mb = static_cast<std::int64_t>(space.available / (1024 * 1024));
    const auto spare_mb = std::max<std::int64_t>(0, free_mb - settings_.disk_reserve_mb) / 2;
    const auto limit_mb = std::clamp<std::int64_t>(waiting_mb + spare_mb, limit_min_mb, settings_.queue_max_mb);
    // Whole segments, so that a queue which was cut stands exactly at the limit.
    return static_cast<int>(limit_mb - limit_mb % segment_mb);
}

void archive::limit_queue(int limit_mb) const
{
    write_private(configuration_file(), configuration(limit_mb), settings_.run_as);
}

std::string archive::place() const
{
    const auto where = settings_.folder.empty()
                           ? settings_.s3.endpoint + " " + settings_.s3.bucket + " " + settings_.s3.prefix
                           : settings_.folder.string();
    return where + " " + settings_.stanza;
}

bool archive::was_set_up() const
{
    std::ifstream in{settings_.own / "repository"};
    std::string kept;
    return std::getline(in, kept) && kept == place();
}

void archive::set_up(const watch& told) const
{
    if (was_set_up())
    {
        const auto all = list(told);
        if (std::ranges::find(all, settings_.stanza, &kept_stanza::name) == all.end())
            throw std::runtime_error("the repository holds nothing of " + settings_.stanza +
                                     " any more: is its disk mounted? To begin a new one there, remove " +
                                     (settings_.own / "repository").string());
    }
    const auto done = run({"--stanza=" + settings_.stanza, "stanza-create"}, told);
    if (done.status != 0) throw std::runtime_error(done.trouble());
    std::ofstream{settings_.own / "repository", std::ios::trunc} << place() << "\n";
}

std::string archive::server_settings() const
{
    // The working folder is the server's own: after a promotion it is the former standby's.
    const auto command = std::string{program} + " --config=" + shell_word(doubled_percents(configuration_file())) +
                         " --stanza=" + settings_.stanza + " --pg1-path=\"$PWD\" archive-push %p";
    return "archive_mode = on\narchive_timeout = " + std::to_string(settings_.archive_timeout_s) +
           "s\narchive_command = " + configured_command(command) + "\n";
}

archive::finished archive::run(std::vector<std::string> arguments, const watch& told) const
{
    static std::atomic<int> count = 0;
    followed_file output{settings_.own / ("run-" + std::to_string(::getpid()) + "-" + std::to_string(++count))};
    child_settings wanted;
    wanted.command = {program, "--config=" + configuration_file().string()};
    for (auto& each : arguments) wanted.command.push_back(std::move(each));
    wanted.run_as = settings_.run_as;
    wanted.log_file = output.path();
    wanted.environment = {{"LC_ALL", "C.UTF-8"}, {"TZ", "UTC"}};
    const pid_t child = start_child(wanted);
    finished done;
    while (true)
    {
        const auto ended = reap(child);
        output.read(done.output, told.line, ended.has_value());
        if (ended)
        {
            done.status = *ended;
            return done;
        }
        if (told.go_on && !told.go_on())
        {
            end_child(child, {{SIGTERM, 3}, {SIGKILL, 2}});
            done.status = 128 + SIGTERM;
            return done;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
}

std::string archive::finished::trouble() const
{
    std::istringstream lines{output};
    std::string found;
    for (std::string line; std::getline(lines, line);)
    {
        const auto at = line.find("ERROR: ");
        if (at != std::string::npos && found.empty()) found = line.substr(at + 7);
    }
    return found.empty() ? "pgBackRest ended with status " + std::to_string(status) : found;
}

void archive::end_pushes() const
{
    const auto configured = "--config=" + configuration_file().string();
    std::error_code gone;
    for (const auto& each : std::filesystem::directory_iterator{"/proc", gone})
    {
        const auto name = each.path().filename().string();
        pid_t process = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), process).ptr != name.data() + name.size()) continue;
        std::ifstream in{each.path() / "cmdline", std::ios::binary};
        bool ours = false;
        bool pushes = false;
        for (std::string word; std::getline(in, word, '\0');)
        {
            ours = ours || word == configured;
            pushes = pushes || word == "archive-push";
        }
        if (ours && pushes) ::kill(process, SIGTERM);
    }
}

std::vector<kept_stanza> archive::list(const watch& told) const
{
    const auto done = run({"info", "--output=json", "--log-level-console=off", "--log-level-stderr=error"}, told);
    if (done.status != 0) throw std::runtime_error("the backup repository cannot be read: " + done.trouble());
    auto all = read_info(done.output);
    // So it names what it could not even look into.
    for (const auto& each : all)
    {
        if (each.name == "[invalid]") throw std::runtime_error("the backup repository cannot be read: " + each.trouble);
    }
    return all;
}

kept_stanza archive::list_own(const watch& told) const
{
    for (auto& each : list(told))
    {
        if (each.name == settings_.stanza) return each;
    }
    return kept_stanza{settings_.stanza, {}, {}, {}};
}

namespace
{

std::optional<std::uint64_t> read_hexadecimal(std::string_view digits)
{
    std::uint64_t value = 0;
    const auto* const end = digits.data() + digits.size();
    if (digits.empty() || digits.size() > 8 || std::from_chars(digits.data(), end, value, 16).ptr != end)
        return std::nullopt;
    return value;
}

}  // namespace

std::optional<std::uint64_t> place_in_log(std::string_view lsn)
{
    const auto slash = lsn.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto high = read_hexadecimal(lsn.substr(0, slash));
    const auto low = read_hexadecimal(lsn.substr(slash + 1));
    return high && low ? std::optional{(*high << 32) | *low} : std::nullopt;
}

std::optional<std::uint64_t> begin_of_segment(std::string_view name)
{
    if (name.size() != 24) return std::nullopt;
    const auto high = read_hexadecimal(name.substr(8, 8));
    const auto number = read_hexadecimal(name.substr(16, 8));
    return high && number ? std::optional{(*high << 32) + *number * segment_bytes} : std::nullopt;
}

std::optional<double> percent_in(std::string_view line)
{
    const auto end = line.find("%)");
    if (end == std::string_view::npos) return std::nullopt;
    const auto begin = line.find_last_not_of("0123456789.", end - 1);
    const auto number = line.substr(begin + 1, end - begin - 1);
    double value = 0;
    if (number.empty() || std::from_chars(number.data(), number.data() + number.size(), value).ec != std::errc{})
        return std::nullopt;
    return value;
}

std::vector<kept_stanza> read_info(std::string_view json)
{
    // With another key it quotes what it could not decipher, which is no JSON.
    std::string readable{json};
    for (char& c : readable)
    {
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || static_cast<unsigned char>(c) > 0x7e) c = '?';
    }
    try
    {
        std::vector<kept_stanza> made;
        const auto parsed = boost::json::parse(readable);
        for (const auto& each : parsed.as_array()) made.push_back(read_stanza(each));
        return made;
    }
    catch (const std::exception&)
    {
        throw std::runtime_error("pgBackRest described its repository in a way that this program cannot read");
    }
}

}  // namespace manent::store
