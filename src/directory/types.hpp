// The words of the directory that its rooms share.
#pragma once

#include <boost/describe/enum.hpp>

namespace manent::directory
{

// How a visit takes place.
BOOST_DEFINE_ENUM_CLASS(modality, in_practice, home, video)

// Whom a motive is for: patients that the practice has never seen, those that it knows, or both. The word "new" is the
// language's own: texts and JSON are in admission.hpp.
enum class admission
{
    new_patients,
    known_patients,
    both
};

// The convention sector of the health insurance (TRE_R282): 1, 2, 3, or none.
BOOST_DEFINE_ENUM_CLASS(convention_sector, c1, c2, c3, nc)

// Who may see an opening. Each sees also what those before it see.
BOOST_DEFINE_ENUM_CLASS(audience, everyone, professionals, regulators)

}  // namespace manent::directory
