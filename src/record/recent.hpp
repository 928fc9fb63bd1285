// A bounded memory of what was used lately: two generations, the older one forgotten when the younger is full. For what
// can be looked up again; a miss costs one question.
#pragma once

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>

namespace manent::record
{

template <class Key, class Value, class Hash = std::hash<Key>>
class recent
{
public:
    explicit recent(std::size_t generation_max) : generation_max_{generation_max} {}

    [[nodiscard]] std::optional<Value> find(const Key& key)
    {
        if (const auto young = young_.find(key); young != young_.end()) return young->second;
        const auto old = old_.find(key);
        if (old == old_.end()) return std::nullopt;
        auto value = old->second;
        keep(key, value);
        return value;
    }

    void keep(const Key& key, const Value& value)
    {
        if (young_.size() >= generation_max_)
        {
            old_ = std::move(young_);
            young_.clear();
        }
        young_.insert_or_assign(key, value);
    }

    [[nodiscard]] std::size_t size() const { return young_.size() + old_.size(); }

private:
    std::size_t generation_max_;
    std::unordered_map<Key, Value, Hash> young_;
    std::unordered_map<Key, Value, Hash> old_;
};

}  // namespace manent::record
