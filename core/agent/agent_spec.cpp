#include "core/agent/agent_spec.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <span>

#include "core/agent/pattern.h"
#include "core/base/json_writer.h"
#include "core/scenario/json_tree.h"

namespace shardscope {
namespace {

void write(JsonWriter& json, const JsonNode& node)
{
    switch (node.kind) {
    case JsonNode::Kind::Null:
        return json.null();
    case JsonNode::Kind::Bool:
        return json.flag(node.flag);
    case JsonNode::Kind::Text:
        return json.text(node.text);
    case JsonNode::Kind::Number: {
        double value = 0;
        std::from_chars(node.text.data(), node.text.data() + node.text.size(), value);
        return json.number(value);
    }
    case JsonNode::Kind::List:
        json.beginList(JsonWriter::Layout::Line);
        for (const JsonNode& item : node.items)
            write(json, item);
        return json.endList();
    case JsonNode::Kind::Object:
        json.beginObject(JsonWriter::Layout::Line);
        for (const JsonMember& member : node.members) {
            json.name(member.name);
            write(json, member.value);
        }
        return json.endObject();
    }
}

/// Reads the members of one object; the first error stays.
class Members {
public:
    Members(const JsonNode& node, std::string file, std::string path, std::optional<Error>& error)
        : m_node(node)
        , m_file(std::move(file))
        , m_path(std::move(path))
        , m_error(error)
    {
        if (node.kind != JsonNode::Kind::Object)
            wrong(node.line, {}, "must be an object");
    }

    void allow(std::initializer_list<std::string_view> known)
    {
        for (const JsonMember& member : m_node.members) {
            if (std::find(known.begin(), known.end(), member.name) == known.end())
                wrong(member.line, member.name, "is not a setting of the agent");
        }
    }
    [[nodiscard]] bool has(const char* name) const { return m_node.find(name) != nullptr; }
    void text(const char* name, std::string& value)
    {
        if (const JsonNode* node = m_node.find(name)) {
            if (node->kind != JsonNode::Kind::Text || node->text.empty())
                return wrong(node->line, name, "must be a text");
            value = node->text;
        }
    }
    /// As a number or, as the agent also takes it, as its digits in a text.
    void integer(const char* name, std::int64_t& value, std::int64_t least, std::int64_t most)
    {
        const JsonNode* node = m_node.find(name);
        if (node == nullptr)
            return;
        std::int64_t read = 0;
        const char* const end = node->text.data() + node->text.size();
        const auto [at, code] = std::from_chars(node->text.data(), end, read);
        if (node->text.empty() || code != std::errc {} || at != end || read < least || read > most)
            return wrong(node->line, name,
                         "must be a whole number from " + std::to_string(least) + " to "
                             + std::to_string(most));
        value = read;
    }
    void millis(const char* name, SimDuration& value, std::int64_t least, std::int64_t most)
    {
        std::int64_t ms = value.inMillis();
        integer(name, ms, least, most);
        value = SimDuration::millis(ms);
    }
    void flag(const char* name, bool& value)
    {
        if (const JsonNode* node = m_node.find(name)) {
            if (node->kind == JsonNode::Kind::Bool)
                value = node->flag;
            else if (node->text == "true" || node->text == "false")
                value = node->text == "true";
            else
                wrong(node->line, name, "must be true or false");
        }
    }
    template <typename E> struct Word {
        const char* word;
        E value;
    };
    template <typename E>
    void choice(const char* name, E& value, std::initializer_list<Word<E>> words)
    {
        std::string given;
        text(name, given);
        if (given.empty())
            return;
        std::string all;
        for (const auto& [word, meant] : words) {
            if (given == word) {
                value = meant;
                return;
            }
            all += (all.empty() ? "" : ", ") + std::string(word);
        }
        wrong(m_node.find(name)->line, name, "must be one of " + all);
    }
    void pattern(const char* name, std::string& value)
    {
        text(name, value);
        if (value.empty() || !has(name))
            return;
        if (const auto made = Pattern::compile(value, Pattern::Match::AtStart); !made)
            wrong(m_node.find(name)->line, name, made.error().message);
    }
    void texts(const char* name, std::vector<std::string>& values)
    {
        const JsonNode* node = m_node.find(name);
        if (node == nullptr)
            return;
        for (const JsonNode& item : node->items) {
            if (item.kind == JsonNode::Kind::Text && !item.text.empty())
                values.push_back(item.text);
        }
        if (node->items.empty() || values.size() != node->items.size())
            wrong(node->line, name, "must be a list of texts");
    }
    [[nodiscard]] const JsonNode* list(const char* name)
    {
        const JsonNode* node = m_node.find(name);
        if (node != nullptr && node->kind != JsonNode::Kind::List) {
            wrong(node->line, name, "must be a list");
            return nullptr;
        }
        return node;
    }
    [[nodiscard]] const JsonNode* find(const char* name) const { return m_node.find(name); }
    [[nodiscard]] Members of(const JsonNode& node, const char* name, std::size_t index)
    {
        return {node, m_file, m_path + name + '[' + std::to_string(index) + "].", m_error};
    }
    void wrong(int line, std::string_view name, const std::string& otherwise)
    {
        if (m_error)
            return;
        const std::string place = m_path + std::string(name);
        m_error = {ErrorCode::BadInput,
                   m_file + ':' + std::to_string(line) + ": " + (place.empty() ? "it" : place) + ' '
                       + otherwise + '.'};
    }
    void wrong(const char* name, const std::string& otherwise)
    {
        const JsonNode* node = m_node.find(name);
        wrong(node == nullptr ? m_node.line : node->line, name, otherwise);
    }

private:
    const JsonNode& m_node;
    std::string m_file, m_path;
    std::optional<Error>& m_error;
};

/// Without them, or with a pattern of one's own, nobody could name the fields.
void checkFields(Members& in, const DataProcessing& step)
{
    if (step.kind == DataProcessing::Kind::CsvToJson && step.fieldNames.empty())
        in.wrong("customFieldNames", "must name the columns");
    if (!step.matchPattern.empty() && step.fieldNames.empty())
        in.wrong("customFieldNames", "must name the groups of matchPattern");
    if (step.kind == DataProcessing::Kind::LogToJson && !in.has("logFormat")
        && step.matchPattern.empty())
        in.wrong("logFormat", "or matchPattern must say how a line is read");
}

DataProcessing readProcessing(Members in)
{
    using Kind = DataProcessing::Kind;
    using Format = DataProcessing::LogFormat;
    in.allow({"optionName", "customFieldNames", "delimiter", "logFormat", "matchPattern",
              "metadata", "timestamp", "jsonFormat"});
    DataProcessing step;
    if (!in.has("optionName"))
        in.wrong("optionName", "must say what is done");
    in.choice<Kind>("optionName", step.kind,
                    {{"SINGLELINE", Kind::SingleLine},
                     {"CSVTOJSON", Kind::CsvToJson},
                     {"LOGTOJSON", Kind::LogToJson},
                     {"ADDMETADATA", Kind::AddMetadata},
                     {"ADDBRACKETS", Kind::AddBrackets}});
    in.choice<Format>("logFormat", step.format,
                      {{"COMMONAPACHELOG", Format::CommonApache},
                       {"COMBINEDAPACHELOG", Format::CombinedApache},
                       {"APACHEERRORLOG", Format::ApacheError},
                       {"SYSLOG", Format::Syslog},
                       {"RFC3339SYSLOG", Format::Rfc3339Syslog}});
    in.choice<bool>("jsonFormat", step.pretty, {{"COMPACT", false}, {"PRETTYPRINT", true}});
    in.pattern("matchPattern", step.matchPattern);
    in.texts("customFieldNames", step.fieldNames);
    in.flag("timestamp", step.timestamp);
    std::string delimiter(1, step.delimiter);
    in.text("delimiter", delimiter);
    if (delimiter == "\\t")
        delimiter = "\t";
    if (delimiter.size() != 1)
        in.wrong("delimiter", "must be one character");
    else
        step.delimiter = delimiter[0];
    if (const JsonNode* metadata = in.find("metadata")) {
        if (metadata->kind != JsonNode::Kind::Object)
            in.wrong("metadata", "must be an object");
        JsonWriter json;
        write(json, *metadata);
        step.metadata = json.take();
        step.metadata.pop_back(); // the newline behind a document
    }
    checkFields(in, step);
    return step;
}

AgentFlowSpec readFlow(Members in)
{
    using Position = AgentFlowSpec::Position;
    using Key = AgentFlowSpec::PartitionKey;
    in.allow({"filePattern", "kinesisStream", "deliveryStream", "initialPosition",
              "maxBufferAgeMillis", "maxBufferSizeRecords", "maxBufferSizeBytes",
              "partitionKeyOption", "minTimeBetweenFilePollsMillis",
              "maxTimeBetweenFileTrackerRefreshMillis", "multiLineStartPattern", "skipHeaderLines",
              "fileFooterPattern", "truncatedRecordTerminator", "retryInitialBackoffMillis",
              "retryMaxBackoffMillis", "publishQueueCapacity", "dataProcessingOptions"});
    constexpr std::int64_t kHour = 3'600'000;
    AgentFlowSpec flow;
    in.text("filePattern", flow.filePattern);
    in.text("kinesisStream", flow.stream);
    if (flow.filePattern.empty() || flow.filePattern.back() == '/')
        in.wrong("filePattern", "must name files, such as /var/log/app.log*");
    if (in.has("deliveryStream"))
        in.wrong("deliveryStream", "cannot be served: name a kinesisStream");
    else if (flow.stream.empty())
        in.wrong("kinesisStream", "must name the stream");
    in.choice<Position>(
        "initialPosition", flow.initialPosition,
        {{"END_OF_FILE", Position::EndOfFile}, {"START_OF_FILE", Position::StartOfFile}});
    in.choice<Key>("partitionKeyOption", flow.partitionKey,
                   {{"RANDOM", Key::Random}, {"DETERMINISTIC", Key::Deterministic}});
    in.millis("maxBufferAgeMillis", flow.maxBufferAge, 1'000, 900'000);
    in.integer("maxBufferSizeRecords", flow.maxBufferRecords, 1, 500);
    in.integer("maxBufferSizeBytes", flow.maxBufferBytes, 1, 5_MiB);
    in.millis("minTimeBetweenFilePollsMillis", flow.pollEvery, 1, kHour);
    in.millis("maxTimeBetweenFileTrackerRefreshMillis", flow.refreshEvery, 1, kHour);
    in.pattern("multiLineStartPattern", flow.multiLineStart);
    in.integer("skipHeaderLines", flow.skipHeaderLines, 0, 1'000'000);
    in.pattern("fileFooterPattern", flow.fileFooter);
    in.text("truncatedRecordTerminator", flow.truncatedTerminator);
    in.millis("retryInitialBackoffMillis", flow.retryInitial, 1, kHour);
    in.millis("retryMaxBackoffMillis", flow.retryMost, 1, kHour);
    if (const JsonNode* steps = in.list("dataProcessingOptions")) {
        for (std::size_t i = 0; i < steps->items.size(); ++i)
            flow.processing.push_back(
                readProcessing(in.of(steps->items[i], "dataProcessingOptions", i)));
    }
    return flow;
}

} // namespace

Result<AgentSpec> parseAgentSpec(std::string_view text, const std::string& fileName)
{
    const auto document = parseJson(text, fileName);
    if (!document)
        return tl::unexpected(document.error());
    std::optional<Error> error;
    Members in(*document, fileName, {}, error);
    AgentSpec spec {.checkpointFile = fileName + ".checkpoints"};
    in.text("checkpointFile", spec.checkpointFile);
    std::int64_t days = spec.checkpointsKept / SimDuration::days(1);
    in.integer("checkpointTimeToLiveDays", days, 1, 3'650);
    spec.checkpointsKept = SimDuration::days(days);
    if (const JsonNode* flows = in.list("flows")) {
        for (std::size_t i = 0; i < flows->items.size(); ++i)
            spec.flows.push_back(readFlow(in.of(flows->items[i], "flows", i)));
    }
    if (spec.flows.empty())
        in.wrong("flows", "must list one flow at least");
    if (error)
        return tl::unexpected(*error);
    return spec;
}

} // namespace shardscope
