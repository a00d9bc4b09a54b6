#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/scenario/field_names.h"
#include "core/scenario/json_tree.h"
#include "core/scenario/scenario_fields.h"

namespace shardscope::scenario_format {

/// What all objects of one document share while it is read.
struct ReadState {
    std::string file; ///< for messages
    std::string folder; ///< with a slash at its end, or empty: trace paths begin here
    std::optional<Error> error; ///< the first one
    std::vector<ProducerSpec> producers; ///< as they stand after the acts read so far
    std::vector<ConsumerSpec> consumers;
};

/// Reads one object of a scenario document into a value. Walks on after an error so that the code
/// stays plain, but keeps the first error only; values read after it are of no use.
class FieldReader {
public:
    /// Whether a producer or consumer is new in this world or one that is there takes new fields.
    enum class Spec { New, Changed };

    FieldReader(ReadState& state, const JsonNode& node, std::string path, Spec spec = Spec::New)
        : m_state(state)
        , m_node(node)
        , m_path(std::move(path))
        , m_spec(spec)
    {
    }

    /// Reads `node`, which must be an object with known fields only.
    template <typename T>
    static void read(ReadState& state, const JsonNode& node, const std::string& path, T& value,
                     Spec spec = Spec::New)
    {
        FieldReader reader(state, node, path, spec);
        if (!reader.isObject() || !reader.knowsFields(fieldNamesOf<T>()))
            return;
        fields(reader, value);
    }

    void ignored(const char*) { }
    void require(const char* name);
    void check(bool holds, const char* name, const char* otherwise);
    void checkItem(bool holds, const char* name, std::size_t index, const char* otherwise);
    void startFrom(ProducerSpec& spec);
    void startFrom(ConsumerSpec& spec);

    void text(const char* name, std::string& value, std::size_t least, std::size_t most);
    void path(const char* name, std::string& value);
    void texts(const char* name, std::map<std::string, std::string>& values);
    /// A list of no more than `most` texts of up to `longest` bytes.
    void texts(const char* name, std::vector<std::string>& values, std::size_t most,
               std::size_t longest);
    void integer(const char* name, std::int64_t& value, std::int64_t least, std::int64_t most);
    void natural(const char* name, std::uint64_t& value);
    void number(const char* name, double& value, double least, double most);
    void size(const char* name, double& value, double least, double most);
    /// A number, or a list of two: the least and the most it may be. E has `low` and `high`.
    template <typename E> void estimate(const char* name, E& value, double least, double most)
    {
        range(name, value.low, value.high, least, most, Amount::Number);
    }
    /// Likewise in bytes, which may be texts such as "40KiB".
    template <typename E> void sizeEstimate(const char* name, E& value, double least, double most)
    {
        range(name, value.low, value.high, least, most, Amount::Bytes);
    }
    void flag(const char* name, bool& value);
    void duration(const char* name, SimDuration& value, SimDuration least, SimDuration most);
    void time(const char* name, SimTime& value);
    void bytes(const char* name, Bytes& value, Bytes least, Bytes most);
    void shard(const char* name, std::string& value);
    void hashKey(const char* name, std::string& value);
    void nullableInteger(const char* name, std::optional<std::int64_t>& value, std::int64_t least,
                         std::int64_t most);
    void nullableNumber(const char* name, std::optional<double>& value, double least, double most);
    /// The name of a consumer that stands at this point of the document.
    void consumerName(const char* name, std::string& value)
    {
        text(name, value, 1, 100);
        known(name, value, m_state.consumers);
    }
    void oneOf(const char* name, std::string& value, std::span<const std::string> words);

    /// What a field of a new participant holds when the document does not say.
    template <typename T> void usually(const char* name, T& value, T usual)
    {
        if (m_spec == Spec::New && m_node.find(name) == nullptr)
            value = usual;
    }
    template <typename E> void choice(const char* name, E& value)
    {
        if (const JsonNode* node = m_node.find(name))
            choiceOf(*node, pathOf(name), value);
    }
    template <typename Values> void choices(const char* name, Values& values)
    {
        const JsonNode* node = listNode(name);
        if (node == nullptr)
            return;
        values.clear();
        for (std::size_t i = 0; i < node->items.size(); ++i) {
            typename Values::value_type value {};
            choiceOf(node->items[i], itemPath(name, i), value);
            values.insert(values.end(), value);
        }
    }
    template <typename T> void object(const char* name, T& value)
    {
        if (const JsonNode* node = m_node.find(name))
            read(m_state, *node, pathOf(name), value);
    }
    /// An object that only one kind has: `otherwise` says of which.
    template <typename T>
    void objectOf(bool meant, const char* name, const char* otherwise, T& value)
    {
        check(meant || m_node.find(name) == nullptr, name, otherwise);
        object(name, value);
    }
    template <typename T> void nullableObject(const char* name, std::optional<T>& value)
    {
        const JsonNode* node = m_node.find(name);
        if (node == nullptr)
            return;
        value.reset();
        if (node->kind != JsonNode::Kind::Null)
            read(m_state, *node, pathOf(name), value.emplace());
    }
    template <typename T> void list(const char* name, std::vector<T>& values)
    {
        const JsonNode* node = listNode(name);
        if (node == nullptr)
            return;
        values.clear();
        for (std::size_t i = 0; i < node->items.size() && !m_state.error; ++i) {
            read(m_state, node->items[i], itemPath(name, i), values.emplace_back());
            remember(values.back());
        }
    }

    // An act is the one field beside `at` and `stream` that names what is done.
    void streamOf(const Act&) { }
    void actsDone();
    template <typename T> void act(const char* name, Act& act)
    {
        T value {};
        if (const JsonNode* node = actNode(name)) {
            read(m_state, *node, pathOf(name), value);
            set(act, std::move(value));
        }
    }
    template <typename T>
    void actInteger(const char* name, Act& act, std::int64_t T::*member, std::int64_t least,
                    std::int64_t most)
    {
        T value {};
        if (actNode(name) != nullptr) {
            integer(name, value.*member, least, most);
            set(act, std::move(value));
        }
    }
    template <typename T> void actText(const char* name, Act& act, std::string T::*member)
    {
        T value {};
        if (actNode(name) != nullptr) {
            text(name, value.*member, 1, 10'000);
            if constexpr (std::is_same_v<T, RemoveProducer>)
                forget(name, value.name, m_state.producers);
            if constexpr (std::is_same_v<T, RemoveConsumer>)
                forget(name, value.name, m_state.consumers);
            set(act, std::move(value));
        }
    }
    template <typename T> void actFlag(const char* name, Act& act, bool T::*member)
    {
        T value {};
        if (actNode(name) != nullptr) {
            flag(name, value.*member);
            set(act, std::move(value));
        }
    }
    template <typename T>
    void actChoices(const char* name, Act& act, std::set<ShardLevelMetric> T::*member)
    {
        T value {};
        if (actNode(name) != nullptr) {
            choices(name, value.*member);
            set(act, std::move(value));
        }
    }
    template <typename T> void actSpec(const char* name, Act& act)
    {
        const JsonNode* node = actNode(name);
        if (node == nullptr)
            return;
        T value {};
        if constexpr (std::is_same_v<T, SetAccountLimits>) {
            read(m_state, *node, pathOf(name), value.limits);
        } else {
            constexpr bool changed
                = std::is_same_v<T, ChangeProducer> || std::is_same_v<T, ChangeConsumer>;
            read(m_state, *node, pathOf(name), value.spec, changed ? Spec::Changed : Spec::New);
            remember(value.spec);
        }
        set(act, std::move(value));
    }
    template <typename T> void actPause(const char* name, Act& act, bool paused)
    {
        if (actNode(name) == nullptr)
            return;
        T value {{}, paused};
        text(name, value.name, 1, 100);
        if constexpr (std::is_same_v<T, PauseProducer>)
            known(name, value.name, m_state.producers);
        else
            known(name, value.name, m_state.consumers);
        set(act, std::move(value));
    }
    void actPolicy(const char* name, Act& act)
    {
        const JsonNode* node = actNode(name);
        if (node == nullptr)
            return;
        AttachPolicy value;
        if (node->kind != JsonNode::Kind::Null)
            read(m_state, *node, pathOf(name), value.policy.emplace());
        set(act, std::move(value));
    }

private:
    [[nodiscard]] std::string pathOf(std::string_view name) const;
    [[nodiscard]] std::string itemPath(std::string_view name, std::size_t index) const;
    [[nodiscard]] bool isObject();
    [[nodiscard]] bool knowsFields(const std::vector<std::string>& names);
    void fail(int line, const std::string& path, const std::string& otherwise);
    [[nodiscard]] const JsonNode* textNode(const char* name, const char* expected);
    [[nodiscard]] const JsonNode* listNode(const char* name);
    [[nodiscard]] const JsonNode* actNode(const char* name);
    [[nodiscard]] bool integerOf(const JsonNode& node, const std::string& path, std::int64_t least,
                                 std::int64_t most, std::int64_t& value);
    [[nodiscard]] bool numberOf(const JsonNode& node, const std::string& path, double least,
                                double most, double& value);
    enum class Amount { Number, Bytes };
    [[nodiscard]] bool amountOf(const JsonNode& node, const std::string& path, double least,
                                double most, Amount amount, double& value);
    void range(const char* name, double& low, double& high, double least, double most,
               Amount amount);
    void unknownWord(const JsonNode& node, const std::string& path,
                     std::span<const std::string> words);

    template <typename E> void choiceOf(const JsonNode& node, const std::string& path, E& value)
    {
        std::vector<std::string> words;
        for (const auto& w : wordsOf(value)) {
            if (node.kind == JsonNode::Kind::Text && node.text == w.word) {
                value = w.value;
                return;
            }
            words.emplace_back(w.word);
        }
        unknownWord(node, path, words);
    }

    /// Puts the request into the act, with the stream that the act names.
    template <typename T> void set(Act& act, T value)
    {
        if constexpr (kIsIn<T, ControlRequest>)
            act = ControlRequest {std::move(value)};
        else
            act = std::move(value);
        if (m_node.find("stream") == nullptr)
            return;
        if (std::string* stream = streamNameOf(act))
            text("stream", *stream, 1, 128);
        else
            check(false, "stream", "has no meaning for this act; leave it out");
    }

    // Names of producers and consumers that stand at this point of the document.
    template <typename T> void remember(const T&) { }
    void remember(const ProducerSpec& spec) { put(m_state.producers, spec); }
    void remember(const ConsumerSpec& spec) { put(m_state.consumers, spec); }
    template <typename S> static void put(std::vector<S>& specs, const S& spec)
    {
        std::erase_if(specs, [&](const S& s) { return s.name == spec.name; });
        specs.push_back(spec);
    }
    template <typename S>
    const S* known(const char* field, const std::string& name, const std::vector<S>& specs)
    {
        std::vector<std::string> names;
        for (const S& s : specs) {
            if (s.name == name)
                return &s;
            names.push_back(s.name);
        }
        unknownName(field, name, names);
        return nullptr;
    }
    template <typename S>
    void forget(const char* field, const std::string& name, std::vector<S>& specs)
    {
        if (known(field, name, specs) != nullptr)
            std::erase_if(specs, [&](const S& s) { return s.name == name; });
    }
    void unknownName(const char* field, const std::string& name,
                     const std::vector<std::string>& names);
    template <typename S> void startFrom(S& spec, const std::vector<S>& specs);

    ReadState& m_state;
    const JsonNode& m_node;
    std::string m_path;
    Spec m_spec;
    int m_acts = 0;
};

} // namespace shardscope::scenario_format
