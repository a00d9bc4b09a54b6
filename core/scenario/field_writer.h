#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/base/json_writer.h"
#include "core/scenario/scenario_fields.h"

namespace shardscope::scenario_format {

/// `40KiB` where that is exact, otherwise empty.
[[nodiscard]] std::string bytesText(Bytes bytes);

/// Writes every field in the format's order; nothing is left to a default, so that a file means
/// the same when a default changes. Only an absent policy is left out.
class FieldWriter {
public:
    explicit FieldWriter(JsonWriter& json)
        : m_json(json)
    {
    }

    void ignored(const char*) { }
    void require(const char*) { }
    void check(bool, const char*, const char*) { }
    void checkItem(bool, const char*, std::size_t, const char*) { }
    template <typename T> void usually(const char*, const T&, T) { }
    void startFrom(const ProducerSpec&) { }
    void startFrom(const ConsumerSpec&) { }

    void text(const char* name, const std::string& value, std::size_t, std::size_t)
    {
        put(name).text(value);
    }
    void consumerName(const char* name, const std::string& value) { put(name).text(value); }
    void path(const char* name, const std::string& value) { put(name).text(value); }
    void texts(const char* name, const std::map<std::string, std::string>& values)
    {
        put(name).beginObject(JsonWriter::Layout::Line);
        for (const auto& [key, value] : values)
            put(key.c_str()).text(value);
        m_json.endObject();
    }
    void texts(const char* name, const std::vector<std::string>& values, std::size_t, std::size_t)
    {
        put(name).beginList(JsonWriter::Layout::Line);
        for (const std::string& value : values)
            m_json.text(value);
        m_json.endList();
    }
    void integer(const char* name, std::int64_t value, std::int64_t, std::int64_t)
    {
        put(name).integer(value);
    }
    void natural(const char* name, std::uint64_t value) { put(name).natural(value); }
    void number(const char* name, double value, double, double) { put(name).number(value); }
    void size(const char* name, double value, double, double) { put(name).number(value); }
    template <typename E> void estimate(const char* name, const E& value, double, double)
    {
        put(name);
        if (value.low == value.high)
            return m_json.number(value.low);
        m_json.beginList(JsonWriter::Layout::Line);
        m_json.number(value.low);
        m_json.number(value.high);
        m_json.endList();
    }
    template <typename E>
    void sizeEstimate(const char* name, const E& value, double least, double most)
    {
        estimate(name, value, least, most);
    }
    void flag(const char* name, bool value) { put(name).flag(value); }
    void duration(const char* name, SimDuration value, SimDuration, SimDuration)
    {
        put(name).text(toText(value));
    }
    void time(const char* name, SimTime value) { put(name).text(toIso(value)); }
    void bytes(const char* name, Bytes value, Bytes, Bytes)
    {
        const std::string text = bytesText(value);
        text.empty() ? put(name).integer(value) : put(name).text(text);
    }
    void shard(const char* name, const std::string& value) { put(name).text(value); }
    void hashKey(const char* name, const std::string& value)
    {
        put(name).text(value.empty() ? "middle" : value);
    }
    void nullableInteger(const char* name, const std::optional<std::int64_t>& value, std::int64_t,
                         std::int64_t)
    {
        value ? put(name).integer(*value) : put(name).null();
    }
    void nullableNumber(const char* name, const std::optional<double>& value, double, double)
    {
        value ? put(name).number(*value) : put(name).null();
    }
    void oneOf(const char* name, const std::string& value, std::span<const std::string>)
    {
        put(name).text(value);
    }
    template <typename E> void choice(const char* name, E value) { put(name).text(wordOf(value)); }
    template <typename Values> void choices(const char* name, const Values& values)
    {
        put(name).beginList(JsonWriter::Layout::Line);
        for (const auto value : values)
            m_json.text(wordOf(value));
        m_json.endList();
    }
    template <typename T> void object(const char* name, const T& value)
    {
        put(name);
        write(value);
    }
    /// Only where `meant`.
    template <typename T> void objectOf(bool meant, const char* name, const char*, const T& value)
    {
        if (meant)
            object(name, value);
    }
    template <typename T> void nullableObject(const char* name, const std::optional<T>& value)
    {
        if (value)
            object(name, *value);
    }
    template <typename T> void list(const char* name, const std::vector<T>& values)
    {
        put(name).beginList();
        for (const T& value : values)
            write(value);
        m_json.endList();
    }

    void streamOf(Act& act)
    {
        if (const std::string* stream = streamNameOf(act); stream != nullptr && !stream->empty())
            put("stream").text(*stream);
    }
    void actsDone() { }
    template <typename T> void act(const char* name, const Act& act)
    {
        if (const T* value = actAs<T>(act))
            object(name, *value);
    }
    template <typename T>
    void actInteger(const char* name, const Act& act, std::int64_t T::*member, std::int64_t,
                    std::int64_t)
    {
        if (const T* value = actAs<T>(act))
            put(name).integer(value->*member);
    }
    template <typename T> void actText(const char* name, const Act& act, std::string T::*member)
    {
        if (const T* value = actAs<T>(act))
            put(name).text(value->*member);
    }
    template <typename T> void actFlag(const char* name, const Act& act, bool T::*member)
    {
        if (const T* value = actAs<T>(act))
            put(name).flag(value->*member);
    }
    template <typename T>
    void actChoices(const char* name, const Act& act, std::set<ShardLevelMetric> T::*member)
    {
        const T* value = actAs<T>(act);
        if (value == nullptr)
            return;
        put(name).beginList(JsonWriter::Layout::Line);
        for (const auto metric : value->*member)
            m_json.text(wordOf(metric));
        m_json.endList();
    }
    template <typename T> void actSpec(const char* name, const Act& act)
    {
        const T* value = actAs<T>(act);
        if (value == nullptr)
            return;
        if constexpr (std::is_same_v<T, SetAccountLimits>)
            object(name, value->limits);
        else
            object(name, value->spec);
    }
    template <typename T> void actPause(const char* name, const Act& act, bool paused)
    {
        if (const T* value = actAs<T>(act); value != nullptr && value->paused == paused)
            put(name).text(value->name);
    }
    void actPolicy(const char* name, const Act& act)
    {
        const auto* value = actAs<AttachPolicy>(act);
        if (value == nullptr)
            return;
        if (value->policy)
            object(name, *value->policy);
        else
            put(name).null();
    }

    /// One object, fields and all; short ones on one line.
    template <typename T> void write(T value)
    {
        constexpr bool line
            = kIsIn<T,
                    std::variant<Expectation, RateSpec::Step, SizeSpec, SplitShard, MergeShards,
                                 UpdateStreamMode, AccountLimits, ReplayConsumer, CrashConsumer>>;
        m_json.beginObject(line ? JsonWriter::Layout::Line : JsonWriter::Layout::Block);
        fields(*this, value);
        m_json.endObject();
    }

private:
    JsonWriter& put(const char* name)
    {
        m_json.name(name);
        return m_json;
    }
    JsonWriter& m_json;
};

} // namespace shardscope::scenario_format
