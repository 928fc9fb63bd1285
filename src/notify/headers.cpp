#include "notify/headers.hpp"

#include "core/text.hpp"

#include <date/date.h>
#include <sodium.h>

#include <algorithm>

namespace manent::notify
{

namespace
{

// RFC 2047: 75 characters a word, of which "=?UTF-8?B?" and "?=" take 12; base64 makes 4 of 3.
constexpr std::size_t bytes_a_word_max = (75 - 12) / 4 * 3;
constexpr std::size_t plain_length_max = 70;

std::string base64(std::string_view data)
{
    constexpr int variant = sodium_base64_VARIANT_ORIGINAL;
    std::string text(sodium_base64_encoded_len(data.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(data.data()), data.size(),
                      variant);
    text.pop_back();  // the terminating zero
    return text;
}

bool is_plain(char c)
{
    return c >= ' ' && c <= '~';
}

bool begins_character(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

std::string without_controls(std::string_view text)
{
    std::string line{text};
    std::ranges::replace_if(
        line, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, ' ');
    return line;
}

std::string encoded_words(std::string_view line)
{
    std::string words;
    while (!line.empty())
    {
        auto size = std::min(line.size(), bytes_a_word_max);
        while (size < line.size() && size > 1 && !begins_character(line[size])) --size;
        if (!words.empty()) words += "\r\n ";
        words += "=?UTF-8?B?" + base64(line.substr(0, size)) + "?=";
        line.remove_prefix(size);
    }
    return words;
}

bool is_address(std::string_view text)
{
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '<' && c != '>'; });
}

}  // namespace

std::string header_text(std::string_view utf8)
{
    const auto line = without_controls(utf8);
    // What looks like an encoded word would be read as one.
    const bool plain =
        line.size() <= plain_length_max && std::ranges::all_of(line, is_plain) && line.find("=?") == std::string::npos;
    return plain ? line : encoded_words(line);
}

std::optional<mailbox> parse_mailbox(std::string_view text)
{
    text = trim(text);
    mailbox read;
    const auto open = text.rfind('<');
    if (open == std::string_view::npos)
    {
        read.address = text;
    }
    else
    {
        if (!text.ends_with('>')) return std::nullopt;
        auto name = trim(text.substr(0, open));
        if (name.size() >= 2 && name.starts_with('"') && name.ends_with('"')) name = name.substr(1, name.size() - 2);
        read.name = name;
        read.address = text.substr(open + 1, text.size() - open - 2);
    }
    if (!is_address(read.address)) return std::nullopt;
    return read;
}

std::string header_mailbox(const mailbox& from)
{
    const auto name = without_controls(from.name);
    if (name.empty()) return from.address;
    const bool atoms = std::ranges::all_of(
        name,
        [](char c) { return is_plain(c) && std::string_view{"()<>[]:;@\\,.\""}.find(c) == std::string_view::npos; });
    return (atoms ? name : encoded_words(name)) + " <" + from.address + ">";
}

std::string header_date(instant at)
{
    return date::format("%a, %d %b %Y %T +0000", date::floor<std::chrono::seconds>(at));
}

std::string message_id(const uuid& id, const mailbox& sender)
{
    return "<" + to_string(id) + sender.address.substr(sender.address.find('@')) + ">";
}

std::string calendar_type(std::string_view file)
{
    std::string type = "text/calendar; charset=utf-8";
    constexpr std::string_view property = "\nMETHOD:";
    const auto at = file.find(property);
    if (at == std::string_view::npos) return type;
    const auto value = file.substr(at + property.size());
    const auto method = value.substr(0, value.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
    return type + "; method=" + std::string{method};
}

}  // namespace manent::notify
