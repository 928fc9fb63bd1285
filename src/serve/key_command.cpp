#include "serve/key_command.hpp"

#include "core/text.hpp"
#include "serve/installation.hpp"
#include "store/keyring.hpp"

#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

namespace manent::serve
{

namespace
{

std::string read_all(const std::string& file)
{
    std::stringstream content;
    if (file == "-")
    {
        content << std::cin.rdbuf();
        return content.str();
    }
    std::ifstream in{file};
    if (!in) throw std::runtime_error("cannot read " + file);
    content << in.rdbuf();
    return content.str();
}

}  // namespace

secret_key read_exported_key(const std::string& file)
{
    // The first line that is 32 bytes in base64url; the words around it are for people.
    std::istringstream lines{read_all(file)};
    for (std::string line; std::getline(lines, line);)
    {
        const auto material = from_base64url(trim(line));
        if (const auto key = material ? secret_key::from(*material) : std::nullopt) return *key;
    }
    throw std::runtime_error(
        "there is no key in it: a key is one line of 43 characters, as manent key export prints it");
}

int export_key(const config& settings)
{
    const installation here{settings, false};
    const auto key = store::load_master_key(here.key_file(), false);
    std::cout << "Master key of this Manent installation. Whoever holds it and the database reads every note;\n"
                 "without it nobody does. Keep it away from this machine, and try it: manent key check FILE\n\n"
              << to_base64url(key.view()) << "\n\ncheck value " << store::check_value(key) << "\n";
    return 0;
}

int check_key(const config& settings, const std::string& file)
{
    const auto key = read_exported_key(file);
    installation here{settings, false};
    here.open();
    const bool same = store::check_value(key) == store::check_value(here.master());
    std::cout << (same ? "This is the key that the database was written with.\n"
                       : "This is another key: it opens nothing in this database.\n");
    return same ? 0 : 1;
}

}  // namespace manent::serve
