// `manent key export` and `manent key check`: without the master key every note is gone, so a copy belongs elsewhere,
// and the restore drill asks whether that copy is the right one.
#pragma once

#include "core/config.hpp"
#include "core/crypto.hpp"

#include <string>

namespace manent::serve
{

// The key in `file` ("-" for standard input), as export_key printed it or as its bare line. Throws std::runtime_error.
secret_key read_exported_key(const std::string& file);

// Prints the master key, for paper or a safe: the key's one line, its check value and what to do with them.
int export_key(const config& settings);

// Whether the key in `file` is the one that this installation's database was written with: 0, or 1 and the difference.
int check_key(const config& settings, const std::string& file);

}  // namespace manent::serve
