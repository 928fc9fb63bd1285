#include "serve/commands.hpp"

#include "core/log.hpp"
#include "demonstration/load.hpp"
#include "serve/admin_command.hpp"
#include "serve/answer.hpp"
#include "serve/application.hpp"
#include "serve/backup_command.hpp"
#include "serve/import_command.hpp"
#include "serve/installation.hpp"
#include "serve/keeper.hpp"
#include "serve/key_command.hpp"
#include "serve/practitioner_command.hpp"
#include "serve/standby_command.hpp"
#include "serve/verify_command.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>

namespace manent::serve
{

namespace
{

std::string list_of_settings()
{
    std::string text = "Settings (in the configuration file as [section] name, or in the environment):\n";
    for (const auto& each : settings())
    {
        std::string names = "  " + std::string{each.name};
        names.resize(std::max<std::size_t>(names.size() + 1, 26), ' ');
        names += each.variable();
        names.resize(std::max<std::size_t>(names.size() + 1, 58), ' ');
        text += names + std::string{each.meaning} + "\n";
    }
    return text;
}

void fill(const config& settings, const installation& here)
{
    demonstration::load_settings wanted;
    wanted.owner_conninfo = here.conninfo("manent_owner");
    wanted.data = std::filesystem::path{settings.share} / "data";
    wanted.now = now();
    demonstration::load(wanted, here.master());
}

int serve(const command_line& given)
{
    const auto when_new = [&](const config& settings, installation& here)
    {
        if (given.empty) return;
        std::cerr << "manent: Loading the demonstration…\n";
        fill(settings, here);
    };
    return keep(settings_of(given), when_new,
                [](const installation& here) { return demonstration::sign_ins(here.conninfo("manent_owner")); });
}

int demonstrate(const command_line& given)
{
    const auto settings = settings_of(given);
    installation here{settings, false};
    here.open();
    fill(settings, here);
    std::cout << demonstration::sign_ins(here.conninfo("manent_owner"));
    return 0;
}

int migrate(const command_line& given)
{
    installation here{settings_of(given), false};
    here.open();
    std::cout << "The database is at this program's schema.\n";
    return 0;
}

int print_openapi(const command_line& given)
{
    boost::asio::io_context on;
    const auto app = application::make(on, settings_of(given), secret_key::random());
    std::cout << boost::json::serialize(app->routes().openapi()) << "\n";
    return 0;
}

void add_key(CLI::App& line, command_line& given)
{
    auto& key = *line.add_subcommand("key", "The master key: export it, and try an export");
    key.require_subcommand(1);
    auto& exporting = *key.add_subcommand("export", "Prints the master key, to be kept away from this machine");
    add_common_options(exporting, given);
    exporting.callback([&given] { given.chosen = [&given] { return export_key(settings_of(given)); }; });
    const auto file = std::make_shared<std::string>("-");
    auto& checking = *key.add_subcommand("check", "Whether an exported key is this database's");
    add_common_options(checking, given);
    checking.add_option("FILE", *file, "The export; - reads standard input");
    checking.callback([&given, file]
                      { given.chosen = [&given, file] { return check_key(settings_of(given), *file); }; });
}

CLI::App& add(CLI::App& line, command_line& given, const std::string& name, const std::string& meaning,
              int (*act)(const command_line&))
{
    auto& command = *line.add_subcommand(name, meaning);
    add_common_options(command, given);
    command.callback([&given, act] { given.chosen = [&given, act] { return act(given); }; });
    return command;
}

void add_distant(CLI::App& standby, command_line& given)
{
    const auto other = std::make_shared<add_standby_wish>();
    auto& adding = *standby.add_subcommand("add",
                                           "Opens the primary for a standby on another machine, and prints the "
                                           "command for that machine");
    add_common_options(adding, given);
    adding.add_option("ADDRESS", other->address, "The other machine's")->required();
    adding.add_option("--listen", other->listens_on,
                      "This machine's address for it; without, the one on the way there");
    adding.footer(
        "Starts the primary again, which takes a second or two. Once more for the same address: a new secret.");
    adding.callback([&given, other]
                    { given.chosen = [&given, other] { return add_standby(settings_of(given), *other); }; });
    const auto primary = std::make_shared<join_wish>();
    auto& joining = *standby.add_subcommand("join", "On the other machine: copies the primary, then follows it");
    add_common_options(joining, given);
    joining.add_option("HOST", primary->host, "The primary's address")->required();
    joining.add_option("--port", primary->port)->check(CLI::Range(1, 65535));
    joining.add_option("--name", primary->name, "As manent standby add printed it")->required();
    joining.footer("The secret is read from MANENT_STANDBY_SECRET.");
    joining.callback([&given, primary]
                     { given.chosen = [&given, primary] { return join_as_standby(settings_of(given), *primary); }; });
    add(standby, given, "serve", "On the other machine: follows the primary until Ctrl-C",
        [](const command_line& typed) { return serve_standby(settings_of(typed)); });
}

void add_standby(CLI::App& line, command_line& given)
{
    auto& standby = *line.add_subcommand("standby", "The second copy of the database");
    standby.require_subcommand(1);
    const auto force = std::make_shared<bool>(false);
    add_distant(standby, given);
    auto& promoting = *standby.add_subcommand("promote", "Makes the standby the primary when the primary is lost");
    add_common_options(promoting, given);
    promoting.add_flag("--force", *force,
                       "Also when the primary answers, or the standby lacks words that were called one copy");
    promoting.footer("The former primary's folder is renamed aside and never started again.");
    promoting.callback([&given, force]
                       { given.chosen = [&given, force] { return promote_standby(settings_of(given), *force); }; });
}

void add_practitioner_command(CLI::App& admin, command_line& given)
{
    const auto wish = std::make_shared<practitioner_wish>();
    auto& adding = *admin.add_subcommand("practitioner", "Adds a practitioner with an agenda to a practice");
    add_common_options(adding, given);
    adding.add_option("--practice", wish->practice, "The practice, by identifier or exact name")->required();
    adding.add_option("--number", wish->number, "RPPS or ADELI number");
    adding.add_option("--title", wish->title, "Such as Dr");
    adding.add_option("--given-name", wish->given_name)->required();
    adding.add_option("--family-name", wish->family_name)->required();
    adding.add_option("--specialty", wish->specialty, "Such as general-practice; a wrong one lists all")->required();
    adding.add_option("--sector", wish->sector, "Sector of convention: c1, c2, c3 or nc");
    adding.add_option("--line", wish->lines, "A line of a new site's address; may be repeated")->take_all();
    adding.add_option("--postal-code", wish->postal_code);
    adding.add_option("--city", wish->city);
    adding.add_option("--email", wish->email, "The account in that practice that is theirs");
    adding.footer("Without an address the practice's only site is taken.");
    adding.callback([&given, wish]
                    { given.chosen = [&given, wish] { return add_practitioner(settings_of(given), *wish); }; });
}

void add_operator_command(CLI::App& admin, command_line& given)
{
    const auto email = std::make_shared<std::string>();
    const auto dismiss = std::make_shared<bool>(false);
    auto& naming = *admin.add_subcommand("operator", "Makes an account an operator, who is told of incidents");
    add_common_options(naming, given);
    naming.add_option("EMAIL", *email, "The address that the account signs in with")->required();
    naming.add_flag("--dismiss", *dismiss, "They are no operator any more");
    naming.footer("The account needs an authenticator app in use.");
    naming.callback(
        [&given, email, dismiss]
        { given.chosen = [&given, email, dismiss] { return set_operator(settings_of(given), *email, *dismiss); }; });
}

void add_admin(CLI::App& line, command_line& given)
{
    auto& admin = *line.add_subcommand("admin", "Acts of the installation's administrator");
    admin.require_subcommand(1);
    add_practitioner_command(admin, given);
    add_operator_command(admin, given);
    const auto wish = std::make_shared<identity::first_administrator>();
    auto& creating = *admin.add_subcommand("create", "Makes a practice's first administrator");
    add_common_options(creating, given);
    auto* const practice = creating.add_option("--practice", wish->practice, "Name of a new practice");
    const auto number = std::make_shared<std::string>();
    creating
        .add_option("--practitioner", *number,
                    "RPPS or ADELI number of an imported practitioner, whose practices nobody works in yet: the "
                    "account is theirs and administers them")
        ->excludes(practice);
    creating.add_option("--given-name", wish->given_name, "The administrator's given name");
    creating.add_option("--family-name", wish->family_name, "The administrator's family name");
    creating.add_option("--email", wish->email, "The address to sign in with");
    creating.footer("Asks for what is left out, and always for the password.");
    creating.callback(
        [&given, wish, number]
        {
            given.chosen = [&given, wish, number]
            {
                if (!number->empty()) return claim_practices(settings_of(given), *number, *wish);
                return create_administrator(settings_of(given), *wish);
            };
        });
}

void add_import(CLI::App& line, command_line& given)
{
    auto& importing = *line.add_subcommand("import", "Brings published data into the directory");
    importing.require_subcommand(1);
    const auto wish = std::make_shared<import_wish>();
    auto& sas = *importing.add_subcommand("sas", "A bundle of the service d'accès aux soins (FHIR R4)");
    add_common_options(sas, given);
    sas.add_option("file", wish->file, "The bundle; - reads standard input")->required();
    sas.add_flag("--shift", wish->shift, "Move all slots by whole weeks into the coming ones");
    sas.footer("Ends with 2 when entries were refused: each is listed, and the rest is imported.");
    sas.callback([&given, wish]
                 { given.chosen = [&given, wish] { return import_bundle(settings_of(given), *wish); }; });
}

}  // namespace

void add_common_options(CLI::App& command, command_line& given)
{
    command.add_option("--config", given.config_file, "Configuration file (TOML)")->check(CLI::ExistingFile);
    command.add_option("--data", given.data, "Folder of the database, the keys and the logs");
}

config settings_of(const command_line& given)
{
    const auto file = given.config_file ? std::optional<std::filesystem::path>{*given.config_file} : std::nullopt;
    auto read = read_config(file, [](const char* name) -> const char* { return std::getenv(name); });
    if (const auto* const wrong = std::get_if<config_error>(&read)) throw std::runtime_error(wrong->what);
    auto settings = std::get<config>(read);
    if (given.data) settings.data = *given.data;
    if (given.address) settings.http_address = *given.address;
    if (given.port) settings.http_port = *given.port;
    return settings;
}

void add_commands(CLI::App& line, command_line& given)
{
    auto& serving = add(line, given, "serve", "Runs everything until Ctrl-C", &serve);
    serving.add_option("--port", given.port, "Port to listen on; 0 takes a free one")->check(CLI::Range(0, 65535));
    serving.add_option("--address", given.address, "Address to listen on; loopback unless told otherwise");
    serving.add_flag("--empty", given.empty, "Start a new data folder without the demonstration");
    serving.footer(list_of_settings());
    add(line, given, "migrate", "Brings the database to this program's schema", &migrate);
    add(line, given, "demo", "Fills an empty installation with the demonstration", &demonstrate);
    add_import(line, given);
    add_admin(line, given);
    add_key(line, given);
    add_standby(line, given);
    add_backup(line, given);
    add(line, given, "verify", "Opens every stored revision on every copy and compares it",
        [](const command_line& typed) { return verify_copies(settings_of(typed)); })
        .footer("Ends with 1 when anything does not open or match, or when a copy could not be asked.");
    add(line, given, "openapi", "Prints the description of the API", &print_openapi);
    // Not for people: the keeper starts it.
    auto& answering = *line.add_subcommand("answer", "")->group("");
    answering.callback([&given] { given.chosen = [&given] { return answer_requests(settings_of(given)); }; });
}

}  // namespace manent::serve
