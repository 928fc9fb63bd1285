// The words of the directory that its rooms share.
#pragma once

#include <boost/describe/enum.hpp>

namespace manent::directory
{

// How a visit takes place.
BOOST_DEFINE_ENUM_CLASS(modality, in_practice, home, video)

// Who may see an opening. Each sees also what those before it see.
BOOST_DEFINE_ENUM_CLASS(audience, everyone, professionals, regulators)

}  // namespace manent::directory
