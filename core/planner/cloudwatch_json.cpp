#include "core/planner/cloudwatch_json.h"

#include <algorithm>
#include <array>

#include "core/base/json_writer.h"
#include "core/planner/metrics_time.h"

namespace shardscope {
namespace {

namespace ondemand = simdjson::ondemand;

/// Texts of a result that are kept; what is longer is cut.
constexpr std::size_t kShownText = 200;

class AnswerReader {
public:
    AnswerReader(const std::string& path, MetricsCollector& collector)
        : m_path(path)
        , m_collector(collector)
    {
    }

    Result<void> read(ondemand::document& document, const char* begin);

private:
    Result<void> readAnswer(ondemand::object& answer);
    Result<void> readResults(ondemand::value& value);
    Result<void> readResult(ondemand::object& result);
    Result<void> readTimes(ondemand::value& value);
    Result<void> readValues(ondemand::value& value);
    Result<void> readDatapoints(ondemand::value& value);
    Result<void> readDatapoint(ondemand::object& point);
    Result<void> addDatapoints();
    Result<void> noteMessages(ondemand::value& value, const std::string& of);
    Result<void> take(ondemand::value& value, std::string& text, const char* field);
    Result<ReadMoment> momentOf(ondemand::value& value);
    Result<double> amountOf(ondemand::value& value, const char* field, std::size_t index);

    [[nodiscard]] std::string place() const;
    [[nodiscard]] tl::unexpected<Error> bad(const std::string& what) const
    {
        return fail(ErrorCode::BadInput, m_path + ": " + what);
    }
    /// Text that is no JSON; read() says where.
    tl::unexpected<Error> broken(simdjson::error_code error)
    {
        m_broken = error;
        return bad("");
    }
    [[nodiscard]] std::optional<MetricName> metric() const
    {
        auto name = metricNameIn(m_label);
        const auto other = metricNameIn(m_id);
        if (!name)
            return other;
        if (!name->shard && other)
            name->shard = other->shard;
        return name;
    }
    [[nodiscard]] std::string shownName() const { return m_label.empty() ? m_id : m_label; }

    const std::string& m_path;
    MetricsCollector& m_collector;
    TimeReader m_times;
    simdjson::error_code m_broken = simdjson::SUCCESS;
    std::size_t m_result = 0; ///< number of the result that is read, from 1; 0: statistics
    std::string m_id, m_label, m_status;
    MetricPoints m_points;
    /// Of statistics: what each point has.
    std::vector<double> m_maxima;
    bool m_sums = false, m_hasMaxima = false, m_averages = false;
};

std::string AnswerReader::place() const
{
    const std::string name = shownName();
    if (m_result == 0)
        return name.empty() ? "Datapoints" : name;
    return "result " + std::to_string(m_result) + (name.empty() ? "" : " (" + name + ")");
}

Result<void> AnswerReader::take(ondemand::value& value, std::string& text, const char* field)
{
    std::string_view read;
    if (value.get_string().get(read) != simdjson::SUCCESS)
        return bad(place() + ": " + field + " must be a text");
    text = read.substr(0, kShownText);
    return {};
}

Result<ReadMoment> AnswerReader::momentOf(ondemand::value& value)
{
    const std::size_t point = m_points.at.size() + 1;
    ondemand::json_type type {};
    if (const auto error = value.type().get(type))
        return broken(error);
    std::string shown(value.raw_json_token());
    std::optional<ReadMoment> moment;
    if (type == ondemand::json_type::number) {
        double number = 0;
        if (value.get_double().get(number) == simdjson::SUCCESS)
            moment = TimeReader::fromNumber(number);
    } else if (type == ondemand::json_type::string) {
        std::string_view text;
        if (const auto error = value.get_string().get(text))
            return broken(error);
        moment = m_times.read(text);
        shown.assign(1, '"').append(text.substr(0, kShownText)) += '"';
    }
    if (!moment)
        return bad(place() + ", point " + std::to_string(point) + ": time "
                   + shown.substr(0, kShownText) + " cannot be read; " + kTimeForms);
    if (!moment->zoned)
        m_collector.unzoned();
    return *moment;
}

/// The moment of a token `"2026-11-01T10:06:00+00:00"` or the same with Z; none for other forms.
std::optional<ReadMoment> usualMoment(std::string_view token, TimeReader& times)
{
    constexpr std::size_t kLocal = 20; // with the quotation mark
    if (token.size() < kLocal + 2 || token[0] != '"')
        return std::nullopt;
    const std::string_view zone = token.substr(kLocal);
    if (zone.substr(0, 2) == "Z\"")
        return times.read(token.substr(1, kLocal));
    if (zone.substr(0, 7) == "+00:00\"")
        return times.read(token.substr(1, kLocal + 5));
    return std::nullopt;
}

Result<void> AnswerReader::readTimes(ondemand::value& value)
{
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS)
        return bad(place() + ": Timestamps must be a list");
    for (auto item : array) {
        ondemand::value time;
        if (const auto error = std::move(item).get(time))
            return broken(error);
        if (const auto usual = usualMoment(time.raw_json_token(), m_times)) {
            ondemand::raw_json_string passed;
            if (const auto error = time.get_raw_json_string().get(passed))
                return broken(error);
            m_points.at.push_back(usual->seconds);
            continue;
        }
        const auto moment = momentOf(time);
        if (!moment)
            return tl::unexpected(moment.error());
        m_points.at.push_back(moment->seconds);
    }
    return {};
}

Result<double> AnswerReader::amountOf(ondemand::value& value, const char* field, std::size_t index)
{
    const auto where
        = [&] { return place() + ", point " + std::to_string(index + 1) + ": " + field + ' '; };
    double amount = 0;
    if (value.get_double().get(amount) != simdjson::SUCCESS)
        return bad(where() + std::string(value.raw_json_token().substr(0, kShownText))
                   + " is no number");
    if (amount < 0)
        return bad(where() + "is " + numberText(amount) + "; 0 or more would be right");
    return amount;
}

Result<void> AnswerReader::readValues(ondemand::value& value)
{
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS)
        return bad(place() + ": Values must be a list");
    for (auto item : array) {
        ondemand::value number;
        if (const auto error = std::move(item).get(number))
            return broken(error);
        const auto amount = amountOf(number, "value", m_points.values.size());
        if (!amount)
            return tl::unexpected(amount.error());
        m_points.values.push_back(*amount);
    }
    return {};
}

Result<void> AnswerReader::noteMessages(ondemand::value& value, const std::string& of)
{
    ondemand::array messages;
    if (value.get_array().get(messages) != simdjson::SUCCESS)
        return bad("Messages must be a list");
    for (auto item : messages) {
        ondemand::object message;
        if (std::move(item).get_object().get(message) != simdjson::SUCCESS)
            return bad("a message must be an object with Code and Value");
        std::string code, text;
        for (auto field : message) {
            std::string_view key;
            ondemand::value part;
            if (const auto error = field.unescaped_key().get(key))
                return broken(error);
            if (const auto error = field.value().get(part))
                return broken(error);
            if (key == "Code" || key == "Value")
                if (auto taken = take(part, key == "Code" ? code : text, "a message"); !taken)
                    return taken;
        }
        m_collector.note("CloudWatch says" + of + ": " + code + (text.empty() ? "" : ", " + text)
                         + (text.ends_with('.') ? "" : "."));
    }
    return {};
}

Result<void> AnswerReader::readResult(ondemand::object& result)
{
    m_id.clear();
    m_label.clear();
    m_status.clear();
    m_points.clear();
    for (auto member : result) {
        std::string_view key;
        ondemand::value value;
        if (const auto error = member.unescaped_key().get(key))
            return broken(error);
        if (const auto error = member.value().get(value))
            return broken(error);
        Result<void> read;
        if (key == "Id")
            read = take(value, m_id, "Id");
        else if (key == "Label")
            read = take(value, m_label, "Label");
        else if (key == "StatusCode")
            read = take(value, m_status, "StatusCode");
        else if (key == "Timestamps")
            read = readTimes(value);
        else if (key == "Values")
            read = readValues(value);
        else if (key == "Messages")
            read = noteMessages(value, shownName().empty() ? "" : " of " + shownName());
        if (!read)
            return read;
    }
    if (m_points.at.size() != m_points.values.size())
        return bad(place() + " has " + std::to_string(m_points.at.size()) + " Timestamps and "
                   + std::to_string(m_points.values.size())
                   + " Values; one value for each time would be right");
    if (m_status == "Forbidden" || m_status == "InternalError")
        return bad(place() + " has the status " + m_status + ", so its points are missing; "
                   + (m_status == "Forbidden" ? "ask with the permission cloudwatch:GetMetricData"
                                              : "ask again"));
    if (m_status == "PartialData")
        m_collector.note(shownName()
                         + " has the status PartialData: points may be missing, and they count as "
                           "zero.");
    const auto name = metric();
    if (!name) {
        m_collector.leaveOut(shownName());
        return {};
    }
    return m_collector.add(*name, m_points, place());
}

Result<void> AnswerReader::readResults(ondemand::value& value)
{
    ondemand::array results;
    if (value.get_array().get(results) != simdjson::SUCCESS)
        return bad("MetricDataResults must be a list");
    for (auto item : results) {
        ++m_result;
        ondemand::object result;
        if (std::move(item).get_object().get(result) != simdjson::SUCCESS)
            return bad("result " + std::to_string(m_result)
                       + " must be an object with Label, Timestamps and Values");
        if (auto read = readResult(result); !read)
            return read;
    }
    if (m_result == 0)
        return bad("MetricDataResults is empty; ask for IncomingBytes and IncomingRecords of the "
                   "stream");
    return {};
}

Result<void> AnswerReader::readDatapoint(ondemand::object& point)
{
    const std::size_t index = m_points.values.size();
    constexpr double kMissing = -1;
    double sum = kMissing, maximum = kMissing;
    bool timed = false;
    for (auto member : point) {
        std::string_view key;
        ondemand::value value;
        if (const auto error = member.unescaped_key().get(key))
            return broken(error);
        if (const auto error = member.value().get(value))
            return broken(error);
        if (key == "Timestamp") {
            const auto moment = momentOf(value);
            if (!moment)
                return tl::unexpected(moment.error());
            m_points.at.push_back(moment->seconds);
            timed = true;
        } else if (key == "Sum" || key == "Maximum") {
            const bool isSum = key == "Sum";
            const auto amount = amountOf(value, isSum ? "Sum" : "Maximum", index);
            if (!amount)
                return tl::unexpected(amount.error());
            (isSum ? sum : maximum) = *amount;
        } else if (key == "Average") {
            m_averages = true;
        }
    }
    if (!timed)
        return bad(place() + ", point " + std::to_string(index + 1) + " has no Timestamp");
    m_sums = m_sums && sum != kMissing;
    m_hasMaxima = m_hasMaxima && maximum != kMissing;
    m_points.values.push_back(sum);
    m_maxima.push_back(maximum);
    return {};
}

Result<void> AnswerReader::readDatapoints(ondemand::value& value)
{
    ondemand::array points;
    if (value.get_array().get(points) != simdjson::SUCCESS)
        return bad("Datapoints must be a list");
    m_sums = m_hasMaxima = true;
    for (auto item : points) {
        ondemand::object point;
        if (std::move(item).get_object().get(point) != simdjson::SUCCESS)
            return bad("point " + std::to_string(m_points.values.size() + 1)
                       + " must be an object with Timestamp and Sum");
        if (auto read = readDatapoint(point); !read)
            return read;
    }
    return {};
}

Result<void> AnswerReader::addDatapoints()
{
    const auto name = metric();
    if (!name) {
        m_collector.leaveOut(m_label.empty() ? "a metric without a Label" : m_label);
        return {};
    }
    if (name->metric == MeasuredMetric::IteratorAge) {
        if (!m_hasMaxima)
            return bad(place()
                       + " needs its Maximum in every point; ask with --statistics Maximum");
        m_points.values = m_maxima;
    } else if (!m_sums && name->metric != MeasuredMetric::Other) {
        return bad(place() + " needs its Sum in every point"
                   + (m_averages ? ", for its Average is per call" : "")
                   + "; ask with --statistics Sum");
    }
    return m_collector.add(*name, m_points, place());
}

Result<void> AnswerReader::readAnswer(ondemand::object& answer)
{
    bool results = false, points = false, goesOn = false;
    for (auto member : answer) {
        std::string_view key;
        ondemand::value value;
        if (const auto error = member.unescaped_key().get(key))
            return broken(error);
        if (const auto error = member.value().get(value))
            return broken(error);
        Result<void> read;
        if (key == "MetricDataResults") {
            results = true;
            read = readResults(value);
        } else if (key == "Datapoints") {
            points = true;
            read = readDatapoints(value);
        } else if (key == "Label") {
            read = take(value, m_label, "Label");
        } else if (key == "Messages") {
            read = noteMessages(value, "");
        } else if (key == "NextToken") {
            goesOn = !value.is_null();
        }
        if (!read)
            return read;
    }
    if (results) {
        m_collector.page(goesOn);
        return {};
    }
    if (points)
        return addDatapoints();
    return bad("is JSON of another kind; an answer of aws cloudwatch get-metric-data, with "
               "MetricDataResults, or of get-metric-statistics, with Datapoints, would be right");
}

Result<void> AnswerReader::read(ondemand::document& document, const char* begin)
{
    ondemand::object answer;
    ondemand::json_type type {};
    auto error = document.type().get(type);
    if (error == simdjson::SUCCESS && type != ondemand::json_type::object)
        return bad("is JSON of another kind; one object, the answer of aws cloudwatch "
                   "get-metric-data, would be right");
    if (error == simdjson::SUCCESS)
        error = document.get_object().get(answer);
    Result<void> read = error == simdjson::SUCCESS ? readAnswer(answer) : broken(error);
    const char* at = nullptr;
    const bool inside = document.current_location().get(at) == simdjson::SUCCESS;
    if (read && inside)
        return bad("goes on after the end of its object; one answer a file would be right");
    if (m_broken == simdjson::SUCCESS)
        return read;
    return bad("is not whole JSON" + (inside ? " near byte " + std::to_string(at - begin) : "")
               + " (" + simdjson::error_message(m_broken) + "); a whole answer would be right");
}

} // namespace

Result<void> readCloudWatchJson(const std::string& path, simdjson::padded_string_view json,
                                MetricsCollector& collector)
{
    ondemand::parser parser;
    ondemand::document document;
    if (const auto error = parser.iterate(json).get(document))
        return fail(ErrorCode::BadInput,
                    path + ": is not whole JSON (" + simdjson::error_message(error)
                        + "); a whole answer would be right");
    return AnswerReader(path, collector).read(document, json.data());
}

} // namespace shardscope
