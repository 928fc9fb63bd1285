// The passwords that guessers try first, among those long enough to be admitted. A floor, not a judgement of strength.
#pragma once

#include <string_view>

namespace manent::identity
{

// `password` in lower case. Endings such as "123" or "!" do not make a common word uncommon.
bool is_common_password(std::string_view password);

}  // namespace manent::identity
