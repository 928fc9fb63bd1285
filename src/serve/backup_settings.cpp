#include "serve/backup_settings.hpp"

#include "core/derive.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "store/archive_state.hpp"
#include "store/cluster.hpp"

#include <fstream>
#include <stdexcept>

namespace manent::serve
{

namespace
{

std::filesystem::path stanza_file(const std::filesystem::path& data)
{
    return data / "backup" / "stanza";
}

void read_key_file(store::s3_store& into, const std::string& file)
{
    std::ifstream in{file};
    std::getline(in, into.key);
    std::getline(in, into.secret);
    into.key = trim(into.key);
    into.secret = trim(into.secret);
    if (into.key.empty() || into.secret.empty())
        throw std::runtime_error(
            "backup.s3_key_file needs the access key on its first line and the secret on its "
            "second: " +
            file);
}

store::s3_store s3_of(const config& settings)
{
    store::s3_store made;
    made.endpoint = settings.backup_s3_endpoint;
    made.bucket = settings.backup_s3_bucket;
    made.region = settings.backup_s3_region;
    made.prefix = settings.backup_s3_prefix;
    made.key = settings.backup_s3_key;
    made.secret = settings.backup_s3_secret;
    made.ca_file = settings.backup_s3_ca_file;
    made.path_style = settings.backup_s3_path_style;
    made.verify_tls = settings.backup_s3_verify_tls;
    if (!settings.backup_s3_key_file.empty()) read_key_file(made, settings.backup_s3_key_file);
    return made;
}

}  // namespace

bool backup_is_configured(const config& settings)
{
    return !settings.backup_folder.empty() || !settings.backup_s3_endpoint.empty();
}

store::archive_settings archive_of(const config& settings, const std::filesystem::path& data,
                                   const std::optional<store::account>& account, const secret_key& master)
{
    store::archive_settings made;
    made.folder = settings.backup_folder;
    if (made.folder.empty()) made.s3 = s3_of(settings);
    made.cipher_pass = derived_secret(master, "manent backup repository");
    made.stanza = stanza_in(data).value_or("manent");
    made.own = data / "backup";
    made.logs = data / "logs";
    made.cluster = data / "primary";
    made.sockets = store::socket_folder(data);
    made.run_as = account;
    made.keep_days = settings.backup_keep_days;
    made.hour = settings.backup_hour;
    made.full_every_days = settings.backup_full_every_days;
    made.archive_timeout_s = settings.backup_archive_timeout_s;
    made.queue_max_mb = settings.backup_queue_max_mb;
    made.disk_reserve_mb = settings.disk_reserve_mb;
    return made;
}

std::optional<std::string> stanza_in(const std::filesystem::path& data)
{
    std::string name;
    std::ifstream in{stanza_file(data)};
    if (std::getline(in, name) && !name.empty()) return name;
    if (std::filesystem::exists(data / "primary" / "PG_VERSION")) return "manent";
    return std::nullopt;
}

void note_run_without_archive(const std::filesystem::path& data)
{
    const auto file = store::archive_state_file(data);
    auto state = store::read_archive_state(file);
    if (!state || state->has_gap) return;
    state->has_gap = true;
    store::write_archive_state(file, *state);
    log::warning("archive_gap", {{"why", "the database runs without the backup's settings"}});
}

void write_stanza(const std::filesystem::path& data, const std::string& stanza)
{
    std::ofstream out{stanza_file(data), std::ios::trunc};
    out << stanza << "\n";
    out.close();
    if (!out) throw std::runtime_error("cannot write " + stanza_file(data).string());
}

}  // namespace manent::serve
