#include "directory/routes.hpp"

#include <charconv>

namespace manent::directory
{

namespace
{

constexpr std::size_t page_max = 20;

// What a search asks for, and around which place.
struct asked_search
{
    search_wish wish;
    const place* around = nullptr;
};

// Reads query parameters and keeps every refusal.
class search_reader
{
public:
    search_reader(const http::call& asked, const reference_data& data) : asked_{asked}, data_{data} {}

    result<asked_search> read()
    {
        read_who();
        read_where();
        read_page();
        if (refused_.fields.empty()) return search_;
        return refused_;
    }

private:
    // The parameter as T, or nothing when it is absent, empty or refused.
    template <class T>
    std::optional<T> take(std::string_view name)
    {
        auto value = http::read_query<T>(asked_, name);
        if (value) return *value;
        for (auto& field : value.error().fields) refused_.fields.push_back(std::move(field));
        return std::nullopt;
    }

    void refuse(std::string_view name, std::string_view code)
    {
        refused_.fields.push_back({"/" + std::string{name}, std::string{code}, std::nullopt});
    }

    std::optional<double> degrees(std::string_view name, double size_max)
    {
        const auto given = asked_.query(name);
        if (!given || given->empty()) return std::nullopt;
        double value = 0;
        const auto* const end = given->data() + given->size();
        const auto read = std::from_chars(given->data(), end, value);
        // Written so that not-a-number is refused too.
        if (read.ec == std::errc{} && read.ptr == end && value >= -size_max && value <= size_max) return value;
        refuse(name, "not_a_number");
        return std::nullopt;
    }

    void read_who()
    {
        if (auto slug = take<text<1, 60>>("specialty"))
        {
            if (data_.specialties.find(slug->value) == nullptr) refuse("specialty", "unknown_value");
            search_.wish.specialty = std::move(slug->value);
        }
        if (auto words = take<text<1, 100>>("name")) search_.wish.words = std::move(words->value);
        search_.wish.modality = take<modality>("modality");
        search_.wish.known = take<bool>("known");
        if (auto code = take<text<2, 3>>("language")) search_.wish.language = std::move(code->value);
        search_.wish.sector = take<convention_sector>("sector");
    }

    void read_where()
    {
        if (const auto insee = take<text<1, 5>>("place"))
        {
            search_.around = data_.places.of_insee(insee->value);
            if (search_.around == nullptr) refuse("place", "unknown_value");
            else search_.wish.near = search_.around->position;
        }
        const auto latitude = degrees("latitude", 90);
        const auto longitude = degrees("longitude", 180);
        // Where the person stands is finer than the commune's middle.
        if (latitude && longitude) search_.wish.near = point{*latitude, *longitude};
        else if (latitude) refuse("longitude", "required");
        else if (longitude) refuse("latitude", "required");
    }

    void read_page()
    {
        if (const auto offset = take<integer<0, 100'000>>("offset"))
            search_.wish.offset = static_cast<std::size_t>(offset->value);
        search_.wish.limit = page_max;
        if (const auto limit = take<integer<1, page_max>>("limit"))
            search_.wish.limit = static_cast<std::size_t>(limit->value);
    }

    const http::call& asked_;
    const reference_data& data_;
    asked_search search_;
    problem refused_{problem_kind::invalid, "invalid_request", {}, {}};
};

task<http::response> list_specialties(const http::call& asked, const service& acts)
{
    co_return http::answer(specialties_answer{acts.specialties(asked.language)})
        .with("Cache-Control", "public, max-age=3600")
        .with("Vary", "Accept-Language");
}

task<http::response> find_places(const http::call& asked, const service& acts)
{
    const auto words = http::read_query<text<1, 100>>(asked, "q");
    if (!words) co_return http::refuse(asked, words.error());
    const auto typed = *words ? (*words)->value : std::string{};
    co_return http::answer(places_answer{acts.places(typed)});
}

task<http::response> show_practitioner(const http::call& asked, service& acts)
{
    const auto id = asked.id("practitioner");
    if (!id) co_return http::refuse(asked, id.error());
    const auto found = co_await acts.practitioner(*id, asked.language);
    if (!found) co_return http::refuse(asked, found.error());
    co_return http::answer(*found);
}

task<http::response> show_organisation(const http::call& asked, service& acts)
{
    const auto id = asked.id("practice");
    if (!id) co_return http::refuse(asked, id.error());
    const auto found = co_await acts.organisation(*id, asked.language);
    if (!found) co_return http::refuse(asked, found.error());
    co_return http::answer(*found);
}

}  // namespace

void add_routes(http::router& routes, service& acts)
{
    routes.add(http::verb::get, "/specialties", "list_specialties", "Specialties and professions as patients know them")
        .answers<specialties_answer>()
        .handle([&acts](http::call& asked) { return list_specialties(asked, acts); });
    routes.add(http::verb::get, "/places", "find_places", "Communes by the beginning of a name or postal code")
        .asks({"q"})
        .answers<places_answer>()
        .handle([&acts](http::call& asked) { return find_places(asked, acts); });
    routes
        .add(http::verb::get, "/organisations/{practice}", "show_organisation",
             "The page of a practice whose agendas belong to no practitioner")
        .answers<practitioner_answer>()
        .handle([&acts](http::call& asked) { return show_organisation(asked, acts); });
    routes.add(http::verb::get, "/practitioners/{practitioner}", "show_practitioner", "A practitioner's page")
        .answers<practitioner_answer>()
        .handle([&acts](http::call& asked) { return show_practitioner(asked, acts); });
}

void add_search_route(http::router& routes, service& acts, next_starts free)
{
    routes.add(http::verb::get, "/practitioners", "find_practitioners", "Practitioners, nearest first, with free times")
        .asks({"specialty", "name", "place", "latitude", "longitude", "modality", "known", "language", "sector",
               "offset", "limit"})
        .answers<search_answer>()
        .handle(
            [&acts, free = std::move(free)](http::call& asked) -> task<http::response>
            {
                const auto search = search_reader{asked, acts.data()}.read();
                if (!search) co_return http::refuse(asked, search.error());
                co_return http::answer(acts.answer_search(search->wish, search->around, asked.language, free));
            });
}

}  // namespace manent::directory
