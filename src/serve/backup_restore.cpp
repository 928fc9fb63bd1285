#include "serve/backup_restore.hpp"

#include "record/verify.hpp"
#include "serve/backup_settings.hpp"
#include "serve/borrowed_archive.hpp"
#include "serve/installation.hpp"
#include "serve/long_step.hpp"
#include "store/archive_restore.hpp"
#include "store/cluster_files.hpp"
#include "store/keyring.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iostream>

namespace manent::serve
{

namespace
{

instant read_moment(const std::string& text)
{
    const auto read = parse_instant(text);
    if (!read)
        throw std::runtime_error("--to takes a moment with its offset from UTC or Z, such as " + on_own_clock(now()) +
                                 ", not " + text);
    return *read;
}

void refuse_used_folder(const std::filesystem::path& data)
{
    if (std::filesystem::exists(data) && !std::filesystem::is_empty(data))
        throw std::runtime_error("a restore makes a data folder of its own: " + data.string() +
                                 " is not empty, name another with --data");
}

// A backup that was complete by then, or the way on.
void refuse_too_early(const store::kept_stanza& kept, const std::optional<instant>& until)
{
    if (kept.backups.empty()) throw std::runtime_error("the repository holds no backup of " + kept.name + " yet");
    const auto& oldest = kept.backups.front();
    if (until && *until < oldest.finished)
        throw std::runtime_error("the oldest backup of " + kept.name + " was finished " +
                                 on_own_clock(oldest.finished) + ": nothing before that can be brought back");
    if (until && *until > now()) throw std::runtime_error("--to lies in the future");
}

void keep_key(const std::filesystem::path& data, const secret_key& master)
{
    const auto folder = data / "keys";
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    const auto line = to_base64url(master.view()) + "\n";
    const int out = ::open((folder / "master.key").c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    const bool kept =
        out >= 0 && ::write(out, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(out) == 0;
    if (out >= 0) ::close(out);
    if (!kept) throw std::runtime_error("cannot write the master key below " + data.string());
}

// "manent-20261125-210310"
std::string new_stanza()
{
    auto name = "manent-" + format_utc(std::chrono::floor<std::chrono::seconds>(now()));
    std::erase_if(name, [](char c) { return c == ':' || c == 'Z'; });
    name.erase(name.find('-') + 5, 1);
    name.erase(name.find('-') + 7, 1);
    name[name.find('T')] = '-';
    return name;
}

void tell(const store::restored_cluster& restored, const store::kept_stanza& kept, const secret_key& master)
{
    store::blocking_connection owner{restored.conninfo("manent_owner")};
    owner.execute("SET row_security = off");
    const auto check = owner.query("SELECT value FROM manent.installation WHERE name = 'master_key_check'");
    if (check.empty() || check[0].get<std::string>(0) != store::check_value(master))
        throw std::runtime_error("this database was written with another master key than the one given");
    const auto newest = record::find_newest_revision(owner);
    std::cout << "restored: " << newest.revisions << " revisions, the newest of "
              << (newest.recorded_at ? on_own_clock(*newest.recorded_at) : std::string{"no time"});
    if (restored.last_commit()) std::cout << "; the last write of any kind " << on_own_clock(*restored.last_commit());
    std::cout << "\n";
    const auto reached = store::place_in_log(restored.replayed_until());
    const auto end = store::begin_of_segment(kept.newest_segment);
    if (reached && end && *reached <= *end)
        std::cout << "the archive goes on behind this: its newest segment is " << kept.newest_segment << "\n";
}

class restoring
{
public:
    restoring(const config& settings, const folder_wish& wish)
        : settings_{settings}, wish_{wish}, data_{settings.data}, master_{read_key()}
    {
        if (wish.to) until_ = read_moment(*wish.to);
        refuse_used_folder(data_);
    }

    int run()
    {
        std::filesystem::create_directories(data_);
        data_ = std::filesystem::canonical(data_);
        try
        {
            fill();
        }
        catch (...)
        {
            step_.end();
            for (const auto& each : std::filesystem::directory_iterator{data_}) std::filesystem::remove_all(each);
            throw;
        }
        std::cout << "The folder is ready: manent serve --data " << data_.string() << "\n";
        return 0;
    }

private:
    [[nodiscard]] secret_key read_key() const { return key_for_backup(wish_.key_file, data_); }

    void fill()
    {
        const auto account = unprivileged_account(settings_);
        if (account && !store::cluster_files::can_enter(data_, *account))
            throw std::runtime_error("the account " + account->name + ", which PostgreSQL runs as, cannot enter " +
                                     data_.string() + ": choose another folder with --data");
        const auto scratch = data_ / "restoring";
        borrowed_archive repository{settings_, account, master_, scratch};
        const auto kept = repository.choose(wish_.stanza, data_);
        refuse_too_early(kept, until_);
        {
            store::restored_cluster restored{repository.archive(), store::find_postgresql()};
            store::restore_wish restoring;
            restoring.until = until_;
            restoring.progress = [this](std::string_view what, std::optional<double> percent)
            { step_.show(what, percent); };
            restoring.go_on = [] { return !was_interrupted(); };
            restored.restore(restoring);
            step_.end();
            tell(restored, kept, master_);
            restored.settle();
            restored.stop();
        }
        keep_key(data_, master_);
        store::cluster_files::make_private_folder(data_ / "backup", account);
        write_stanza(data_, new_stanza());
        std::filesystem::rename(scratch / "primary", data_ / "primary");
    }

    config settings_;
    folder_wish wish_;
    std::filesystem::path data_;
    secret_key master_;
    std::optional<instant> until_;
    long_step step_;
};

}  // namespace

int restore_backup(const config& settings, const folder_wish& wish)
{
    listen_for_interruption();
    return restoring{settings, wish}.run();
}

}  // namespace manent::serve
