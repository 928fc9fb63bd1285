#include "core/json.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace manent
{

void json_errors::refuse(std::string_view code, std::optional<std::int64_t> limit)
{
    // A hostile body could break every one of its members; a hundred answers are help enough.
    constexpr std::size_t errors_max = 100;
    if (errors_.size() < errors_max) errors_.push_back({path_.empty() ? "/" : path_, std::string{code}, limit});
}

json_errors::step::step(json_errors& errors, std::string_view member)
    : errors_{errors}, length_before_{errors.path_.size()}
{
    errors_.path_ += '/';
    for (const char c : member.substr(0, 100))
    {
        // RFC 6901 escapes these two.
        if (c == '~') errors_.path_ += "~0";
        else if (c == '/') errors_.path_ += "~1";
        else errors_.path_ += c;
    }
}

json_errors::step::step(json_errors& errors, std::size_t item) : errors_{errors}, length_before_{errors.path_.size()}
{
    errors_.path_ += '/';
    errors_.path_ += std::to_string(item);
}

json_errors::step::~step()
{
    errors_.path_.resize(length_before_);
}

namespace json_detail
{

const json::string* expect_string(const json::value& from, json_errors& errors)
{
    if (!from.is_string()) errors.refuse("not_a_string");
    return from.if_string();
}

const json::object* expect_object(const json::value& from, json_errors& errors)
{
    if (!from.is_object()) errors.refuse("not_an_object");
    return from.if_object();
}

const json::array* expect_array(const json::value& from, std::size_t max, json_errors& errors)
{
    const auto* const array = from.if_array();
    if (array == nullptr)
    {
        errors.refuse("not_a_list");
        return nullptr;
    }
    if (array->size() > max)
    {
        errors.refuse("too_many_items", static_cast<std::int64_t>(max));
        return nullptr;
    }
    return array;
}

bool read_text(const json::value& from, std::size_t min, std::size_t max, bool nul_allowed, std::string& into,
               json_errors& errors)
{
    const auto* const string = expect_string(from, errors);
    if (string == nullptr) return false;
    const std::string_view view{string->data(), string->size()};
    const auto length = count_code_points(view);
    if (!length)
    {
        errors.refuse("invalid_utf8");
        return false;
    }
    if (*length > max)
    {
        errors.refuse("too_long", static_cast<std::int64_t>(max));
        return false;
    }
    if (*length < min || (min > 0 && trim(view).empty()))
    {
        errors.refuse(min <= 1 ? "required" : "too_short", static_cast<std::int64_t>(min));
        return false;
    }
    if (!nul_allowed && view.find('\0') != std::string_view::npos)
    {
        errors.refuse("control_character");
        return false;
    }
    into.assign(view);
    return true;
}

bool read_integer(const json::value& from, std::int64_t min, std::int64_t max, std::int64_t& into, json_errors& errors)
{
    const bool fits = from.is_int64() || (from.is_uint64() && from.as_uint64() <= std::uint64_t{INT64_MAX});
    if (!fits)
    {
        errors.refuse("not_an_integer");
        return false;
    }
    const auto value = from.is_int64() ? from.as_int64() : static_cast<std::int64_t>(from.as_uint64());
    if (value < min) errors.refuse("too_small", min);
    if (value > max) errors.refuse("too_large", max);
    into = value;
    return value >= min && value <= max;
}

namespace
{

bool looks_like_an_address(std::string_view address)
{
    const auto at = address.find('@');
    if (at == std::string_view::npos || at == 0 || address.find('@', at + 1) != std::string_view::npos) return false;
    const auto domain = address.substr(at + 1);
    const bool dotted = domain.find('.') != std::string_view::npos || domain == "localhost";
    const bool whole = !domain.empty() && domain.front() != '.' && domain.back() != '.' && domain.front() != '-' &&
                       domain.find("..") == std::string_view::npos;
    const auto printable = [](char c)
    { return c > ' ' && c < '\x7f' && std::string_view{"<>()[],;:\\\""}.find(c) == std::string_view::npos; };
    return dotted && whole && std::ranges::all_of(address, printable);
}

}  // namespace

bool read_email(const json::value& from, std::string& into, json_errors& errors)
{
    constexpr std::size_t bytes_max = 254;
    if (!read_text(from, 1, bytes_max, false, into, errors)) return false;
    into = std::string{trim(into)};
    if (!looks_like_an_address(into))
    {
        errors.refuse("not_an_email");
        return false;
    }
    const auto lower = [](unsigned char c) { return static_cast<char>(std::tolower(c)); };
    const auto at = static_cast<std::ptrdiff_t>(into.find('@'));
    std::transform(into.begin() + at, into.end(), into.begin() + at, lower);
    return true;
}

json::object text_schema(std::size_t min, std::size_t max)
{
    json::object schema{{"type", "string"}, {"maxLength", max}};
    if (min > 0) schema.emplace("minLength", min);
    return schema;
}

json::object format_schema(std::string_view format)
{
    return {{"type", "string"}, {"format", format}};
}

result<json::value> parse(std::string_view body)
{
    json::parse_options options;
    options.max_depth = 16;
    boost::system::error_code failure;
    json::stream_parser parser{{}, options};
    parser.write_some(body.data(), body.size(), failure);
    if (!failure) parser.finish(failure);
    if (failure && !count_code_points(body)) return refusal(problem_kind::invalid, "invalid_utf8");
    if (failure) return refusal(problem_kind::invalid, "invalid_json");
    return parser.release();
}

std::string schema_name(std::string_view type_name)
{
    std::string whole{type_name};
    for (const std::string_view silent : {"manent::", "(anonymous namespace)::"})
        for (auto at = whole.find(silent); at != std::string::npos; at = whole.find(silent))
            whole.erase(at, silent.size());
    std::string name;
    for (const char c : whole)
    {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain) name += c;
        else if (!name.empty() && name.back() != '_') name += '_';
    }
    while (!name.empty() && name.back() == '_') name.pop_back();
    return name;
}

}  // namespace json_detail

json::object field<email_address>::schema()
{
    return {{"type", "string"}, {"format", "email"}, {"maxLength", 254}};
}

void field<bool>::read(const json::value& from, bool& into, json_errors& errors)
{
    if (from.is_bool()) into = from.get_bool();
    else errors.refuse("not_a_boolean");
}

namespace
{

template <class T>
void read_parsed(const json::value& from, std::optional<T> (*parse)(std::string_view), std::string_view code, T& into,
                 json_errors& errors)
{
    const auto* const string = json_detail::expect_string(from, errors);
    if (string == nullptr) return;
    const auto parsed = parse(std::string_view{string->data(), string->size()});
    if (parsed) into = *parsed;
    else errors.refuse(code);
}

}  // namespace

void field<uuid>::read(const json::value& from, uuid& into, json_errors& errors)
{
    read_parsed(from, &parse_uuid, "not_a_uuid", into, errors);
}

void field<instant>::read(const json::value& from, instant& into, json_errors& errors)
{
    read_parsed(from, &parse_instant, "not_an_instant", into, errors);
}

void field<local_date>::read(const json::value& from, local_date& into, json_errors& errors)
{
    read_parsed(from, &parse_date, "not_a_date", into, errors);
}

void field<local_time>::read(const json::value& from, local_time& into, json_errors& errors)
{
    read_parsed(from, &parse_local_time, "not_a_time", into, errors);
}

}  // namespace manent
