#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/scenario/scenario_fields.h"

namespace shardscope::scenario_format {

/// Walks the format and writes down the fields' names: of one object (`Shallow`), or of everything
/// below it as paths such as `producers[].rate.curve`, with the words that a field may hold as
/// `producers[].rate.curve=daily` (`Deep`).
class FieldNames {
public:
    enum class Depth { Shallow, Deep };
    explicit FieldNames(Depth depth, std::string path = {})
        : m_depth(depth)
        , m_path(std::move(path))
    {
        add("comment");
    }

    [[nodiscard]] const std::vector<std::string>& names() const { return m_names; }

    void ignored(const char* name) { add(name); }
    void require(const char*) { }
    void check(bool, const char*, const char*) { }
    void checkItem(bool, const char*, std::size_t, const char*) { }
    template <typename T> void usually(const char*, const T&, T) { }
    void startFrom(const ProducerSpec&) { }
    void startFrom(const ConsumerSpec&) { }

    void text(const char* name, const std::string&, std::size_t, std::size_t) { add(name); }
    void path(const char* name, const std::string&) { add(name); }
    void texts(const char* name, const std::map<std::string, std::string>&) { add(name); }
    void texts(const char* name, const std::vector<std::string>&, std::size_t, std::size_t)
    {
        add(name);
    }
    template <typename T> void objectOf(bool, const char* name, const char*, const T& value)
    {
        object(name, value);
    }
    void consumerName(const char* name, const std::string&) { add(name); }
    void integer(const char* name, std::int64_t, std::int64_t, std::int64_t) { add(name); }
    void natural(const char* name, std::uint64_t) { add(name); }
    void number(const char* name, double, double, double) { add(name); }
    void size(const char* name, double, double, double) { add(name); }
    template <typename E> void estimate(const char* name, const E&, double, double) { add(name); }
    template <typename E> void sizeEstimate(const char* name, const E&, double, double)
    {
        add(name);
    }
    void flag(const char* name, bool) { add(name); }
    void duration(const char* name, SimDuration, SimDuration, SimDuration) { add(name); }
    void time(const char* name, SimTime) { add(name); }
    void bytes(const char* name, Bytes, Bytes, Bytes) { add(name); }
    void shard(const char* name, const std::string&) { add(name); }
    void hashKey(const char* name, const std::string&) { add(name); }
    void nullableInteger(const char* name, const std::optional<std::int64_t>&, std::int64_t,
                         std::int64_t)
    {
        add(name);
    }
    void nullableNumber(const char* name, const std::optional<double>&, double, double)
    {
        add(name);
    }
    void oneOf(const char* name, const std::string&, std::span<const std::string> words)
    {
        add(name);
        for (const std::string& word : words)
            addWord(name, word);
    }
    template <typename E> void choice(const char* name, E value)
    {
        add(name);
        for (const auto& w : wordsOf(value))
            addWord(name, w.word);
    }
    template <typename E> void choices(const char* name, const std::vector<E>&)
    {
        choice(name, E {});
    }
    template <typename T> void object(const char* name, const T&) { below(name, "", T {}); }
    template <typename T> void nullableObject(const char* name, const std::optional<T>&)
    {
        below(name, "", T {});
    }
    template <typename T> void list(const char* name, const std::vector<T>&)
    {
        below(name, "[]", T {});
    }

    void streamOf(const Act&) { add("stream"); }
    void actsDone() { }
    template <typename T> void act(const char* name, const Act&) { below(name, "", T {}); }
    template <typename T>
    void actInteger(const char* name, const Act&, std::int64_t T::*, std::int64_t, std::int64_t)
    {
        add(name);
    }
    template <typename T> void actText(const char* name, const Act&, std::string T::*)
    {
        add(name);
    }
    template <typename T> void actFlag(const char* name, const Act&, bool T::*) { add(name); }
    template <typename T>
    void actChoices(const char* name, const Act&, std::set<ShardLevelMetric> T::*)
    {
        choice(name, ShardLevelMetric {});
    }
    template <typename T> void actSpec(const char* name, const Act&)
    {
        if constexpr (std::is_same_v<T, SetAccountLimits>)
            below(name, "", AccountLimits {});
        else
            below(name, "", decltype(T::spec) {});
    }
    template <typename T> void actPause(const char* name, const Act&, bool) { add(name); }
    void actPolicy(const char* name, const Act&) { below(name, "", ScalingPolicySpec {}); }

private:
    void add(const std::string& name) { m_names.push_back(m_path + name); }
    void addWord(const std::string& name, const std::string& word)
    {
        if (m_depth == Depth::Deep)
            m_names.push_back(m_path + name + '=' + word);
    }
    template <typename T> void below(const std::string& name, const char* list, T value)
    {
        add(name);
        if (m_depth == Depth::Shallow)
            return;
        FieldNames names(m_depth, m_path + name + list + '.');
        fields(names, value);
        m_names.insert(m_names.end(), names.m_names.begin(), names.m_names.end());
    }

    Depth m_depth;
    std::string m_path;
    std::vector<std::string> m_names;
};

/// Fields of one object of type T.
template <typename T> [[nodiscard]] std::vector<std::string> fieldNamesOf()
{
    FieldNames names(FieldNames::Depth::Shallow);
    T value {};
    fields(names, value);
    return names.names();
}

} // namespace shardscope::scenario_format
