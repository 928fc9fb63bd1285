#include "identity/common_passwords.hpp"

#include <algorithm>
#include <array>

namespace manent::identity
{

namespace
{

// Words of three languages and their keyboards' rows; digits and signs after them are taken off before comparing.
constexpr std::array words{
    std::string_view{"password"},       std::string_view{"passw0rd"},      std::string_view{"motdepasse"},
    std::string_view{"mot de passe"},   std::string_view{"contraseña"},    std::string_view{"contrasena"},
    std::string_view{"azertyuiop"},     std::string_view{"qwertyuiop"},    std::string_view{"azerty"},
    std::string_view{"qwerty"},         std::string_view{"qwertz"},        std::string_view{"qwertzuiop"},
    std::string_view{"bonjour"},        std::string_view{"salut"},         std::string_view{"soleil"},
    std::string_view{"doudou"},         std::string_view{"chouchou"},      std::string_view{"loulou"},
    std::string_view{"marseille"},      std::string_view{"iloveyou"},      std::string_view{"jetaime"},
    std::string_view{"je t'aime"},      std::string_view{"tequiero"},      std::string_view{"welcome"},
    std::string_view{"bienvenue"},      std::string_view{"administrator"}, std::string_view{"administrateur"},
    std::string_view{"admin"},          std::string_view{"letmein"},       std::string_view{"football"},
    std::string_view{"basketball"},     std::string_view{"baseball"},      std::string_view{"starwars"},
    std::string_view{"superman"},       std::string_view{"sunshine"},      std::string_view{"princess"},
    std::string_view{"princesse"},      std::string_view{"nicolas"},       std::string_view{"camille"},
    std::string_view{"docteur"},        std::string_view{"medecin"},       std::string_view{"secretaire"},
    std::string_view{"secretariat"},    std::string_view{"cabinet"},       std::string_view{"cabinet medical"},
    std::string_view{"cabinetmedical"}, std::string_view{"manent"},        std::string_view{"doctolib"},
    std::string_view{"changeme"},       std::string_view{"1q2w3e4r5t"},    std::string_view{"1q2w3e4r"},
    std::string_view{"1qaz2wsx3edc"},   std::string_view{"1qaz2wsx"},      std::string_view{"abcdefghij"},
    std::string_view{"abcdefgh"},       std::string_view{"abcd"},          std::string_view{"abc"},
};

std::string_view without_ending(std::string_view password)
{
    const auto last = password.find_last_not_of("0123456789!?.*#@$_- ");
    return last == std::string_view::npos ? std::string_view{} : password.substr(0, last + 1);
}

// 1234567890, 0987654321, aaaaaaaaaa, 1212121212.
bool is_a_pattern(std::string_view password)
{
    for (std::size_t period = 1; period <= 3 && period < password.size(); ++period)
    {
        const bool repeats =
            std::equal(password.begin() + static_cast<std::ptrdiff_t>(period), password.end(), password.begin());
        if (repeats) return true;
    }
    constexpr std::string_view rising = "01234567890123456789";
    constexpr std::string_view falling = "98765432109876543210";
    return rising.find(password) != std::string_view::npos || falling.find(password) != std::string_view::npos;
}

}  // namespace

bool is_common_password(std::string_view password)
{
    if (is_a_pattern(password)) return true;
    const auto word = without_ending(password);
    // Nothing but digits and signs: a date or a telephone number.
    return word.empty() || std::ranges::find(words, password) != words.end() ||
           std::ranges::find(words, word) != words.end();
}

}  // namespace manent::identity
