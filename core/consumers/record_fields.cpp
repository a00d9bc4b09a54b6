#include "core/consumers/record_fields.h"

#include <charconv>
#include <cstring>
#include <simdjson.h>

namespace shardscope {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

/// Two digits, or a number below 0 when they are none.
int twoDigits(const char* at)
{
    const auto tens = static_cast<unsigned>(at[0] - '0'), ones = static_cast<unsigned>(at[1] - '0');
    return tens > 9 || ones > 9 ? -1000 : static_cast<int>(tens * 10 + ones);
}

/// A token as it stands in the text, without the blanks behind it.
std::string_view trimmed(std::string_view token)
{
    while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ')
        token.remove_suffix(1);
    return token;
}

bool isText(std::string_view token)
{
    return token.size() >= 2 && token.front() == '"';
}

bool numberOf(std::string_view token, double& value)
{
    const auto read = std::from_chars(token.data(), token.data() + token.size(), value);
    return read.ec == std::errc() && read.ptr == token.data() + token.size();
}

} // namespace

struct RecordFields::Parser {
    simdjson::ondemand::parser json;
};

RecordFields::RecordFields(const AnalyticsSpec& spec)
    : m_keyField(spec.keyBy)
    , m_valueField(spec.value)
    , m_timeField(spec.timeField)
    , m_share(spec.aggregate == AnalyticsSpec::Aggregate::Share)
    , m_threshold(spec.threshold)
    , m_parser(std::make_unique<Parser>())
{
    m_key = spec.keyBy == kWholeStream  ? Key::Whole
        : spec.keyBy == kByPartitionKey ? Key::PartitionKey
        : spec.keyBy == kByShard        ? Key::Shard
                                        : Key::Field;
    m_needsTime = spec.time == AnalyticsSpec::Time::Event && !spec.timeField.empty();
    m_needsValue = !spec.value.empty() && spec.aggregate != AnalyticsSpec::Aggregate::Count;
    m_needsPayload = m_key == Key::Field || m_needsTime || m_needsValue;
}

RecordFields::RecordFields(const RecordFields& o)
    : m_key(o.m_key)
    , m_needsPayload(o.m_needsPayload)
    , m_needsTime(o.m_needsTime)
    , m_needsValue(o.m_needsValue)
    , m_keyField(o.m_keyField)
    , m_valueField(o.m_valueField)
    , m_timeField(o.m_timeField)
    , m_share(o.m_share)
    , m_threshold(o.m_threshold)
    , m_shardText(o.m_shardText)
    , m_day(o.m_day)
    , m_dayMs(o.m_dayMs)
    , m_unreadable(o.m_unreadable)
    , m_parser(std::make_unique<Parser>())
{
}

RecordFields& RecordFields::operator=(const RecordFields& other)
{
    if (this != &other)
        *this = RecordFields(other);
    return *this;
}
RecordFields::RecordFields(RecordFields&&) noexcept = default;
RecordFields& RecordFields::operator=(RecordFields&&) noexcept = default;
RecordFields::~RecordFields() = default;

void RecordFields::read(const Service& service, const Stream& stream, ShardSlot shard,
                        std::uint64_t first, std::uint64_t next, KeyTable& keys, QueryColumns& out)
{
    if (m_key == Key::Shard)
        m_shardText = shardIdText(shard);
    if (!m_needsPayload) {
        readKept(stream, shard, first, next, keys, out);
        return;
    }
    RecordPage page = service.recordsOf(stream, shard, first, next);
    // The parser reads some bytes beyond the last record's end.
    page.bytes.resize(page.bytes.size() + simdjson::SIMDJSON_PADDING,
                      boost::container::default_init);
    for (const RecordPage::Row& row : page.rows) {
        // Of the hash only a query by partition key asks.
        const std::uint64_t hash = m_key == Key::PartitionKey
            ? stream.records(shard, row.number.counter - 1).front().hashHigh
            : 0;
        readData({page.bytes.data() + row.dataAt, row.dataBytes}, page.bytes.size() - row.dataAt,
                 row.arrivalMs, hash, keys, out);
    }
}

void RecordFields::readKept(const Stream& stream, ShardSlot shard, std::uint64_t first,
                            std::uint64_t next, KeyTable& keys, QueryColumns& out)
{
    while (first < next) {
        const auto run = stream.records(shard, first);
        for (std::size_t i = 0; i < run.size() && first < next; ++i, ++first) {
            out.ms.push_back(run[i].arrivalMs);
            out.key.push_back(fixedKey(run[i].hashHigh, keys));
            out.value.push_back(0);
        }
    }
}

std::uint32_t RecordFields::fixedKey(std::uint64_t hashHigh, KeyTable& keys) const
{
    if (m_key != Key::PartitionKey)
        return keys.idOf(m_shardText);
    std::array<char, 16> hex {};
    constexpr std::string_view digits = "0123456789abcdef";
    for (std::size_t i = 0; i < hex.size(); ++i)
        hex[i] = digits[(hashHigh >> (60 - 4 * i)) & 15];
    return keys.idOf({hex.data(), hex.size()});
}

void RecordFields::readData(std::string_view data, std::size_t readable, std::int64_t arrivalMs,
                            std::uint64_t hashHigh, KeyTable& keys, QueryColumns& out)
{
    std::int64_t ms = arrivalMs;
    double value = 0;
    std::string_view key;
    std::string unescaped;
    bool needsKey = m_key == Key::Field, needsTime = m_needsTime, needsValue = m_needsValue;
    simdjson::ondemand::document document;
    simdjson::ondemand::object object;
    bool json = m_parser->json.iterate(data.data(), data.size(), readable).get(document)
            == simdjson::SUCCESS
        && document.get_object().get(object) == simdjson::SUCCESS;
    if (json)
        for (auto each : object) {
            simdjson::ondemand::field field;
            if (std::move(each).get(field) != simdjson::SUCCESS) {
                json = false;
                break;
            }
            const simdjson::ondemand::raw_json_string name = field.key();
            const bool isKey = needsKey && name.unsafe_is_equal(m_keyField);
            const bool isTime = needsTime && name.unsafe_is_equal(m_timeField);
            const bool isValue = needsValue && name.unsafe_is_equal(m_valueField);
            if (!isKey && !isTime && !isValue)
                continue;
            const std::string_view token = trimmed(field.value().raw_json_token());
            if (isTime)
                needsTime = !timeOf(token, ms);
            if (isValue)
                needsValue = !numberOf(token, value);
            if (isKey && !token.empty() && token.front() != '{' && token.front() != '[') {
                needsKey = false;
                key = isText(token) ? token.substr(1, token.size() - 2) : token;
                std::string_view text;
                if (isText(token) && token.find('\\') != std::string_view::npos
                    && field.value().get_string().get(text) == simdjson::SUCCESS) {
                    unescaped = text;
                    key = unescaped;
                }
            }
            if (!needsKey && !needsTime && !needsValue)
                break;
        }
    if (!json || needsKey || needsTime || needsValue) {
        ++m_unreadable.records;
        ++(!json           ? m_unreadable.notJson
               : needsTime ? m_unreadable.withoutTime
               : needsKey  ? m_unreadable.withoutKey
                           : m_unreadable.withoutValue);
        return;
    }
    out.ms.push_back(ms);
    out.key.push_back(m_key == Key::Field ? keys.idOf(key) : fixedKey(hashHigh, keys));
    out.value.push_back(m_share ? (value >= m_threshold ? 100 : 0) : value);
}

/// Records come in the order of time, so the date is nearly always the one before.
bool RecordFields::timeOf(std::string_view token, std::int64_t& ms)
{
    if (!isText(token)) {
        const auto read = std::from_chars(token.data(), token.data() + token.size(), ms);
        return read.ec == std::errc() && read.ptr == token.data() + token.size();
    }
    const std::string_view text = token.substr(1, token.size() - 2);
    if (text.size() == 24 && std::memcmp(text.data(), m_day.data(), m_day.size()) == 0
        && text[10] == 'T' && text[13] == ':' && text[16] == ':' && text[19] == '.'
        && text[23] == 'Z') {
        const int hour = twoDigits(text.data() + 11), minute = twoDigits(text.data() + 14),
                  second = twoDigits(text.data() + 17), hundredth = twoDigits(text.data() + 20);
        const auto last = static_cast<unsigned>(text[22] - '0');
        if (hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60
            && hundredth >= 0 && last <= 9) {
            ms = m_dayMs + ((hour * 60 + minute) * 60 + second) * std::int64_t {1000}
                + hundredth * 10 + static_cast<int>(last);
            return true;
        }
    }
    const auto time = parseIso(text);
    if (!time)
        return false;
    ms = time->inMillis();
    std::memcpy(m_day.data(), text.data(), m_day.size());
    m_dayMs = ms - ((ms % kDayMs) + kDayMs) % kDayMs;
    return true;
}

std::string RecordFields::trouble() const
{
    const auto records = [](std::int64_t n) {
        return n == 1 ? "1 record has" : std::to_string(n) + " records have";
    };
    const Unreadable& u = m_unreadable;
    const std::string left
        = "; the query leaves " + std::string(u.records == 1 ? "it" : "them") + " out.";
    if (u.notJson > 0)
        return records(u.notJson) + " data that is no JSON object" + left;
    if (u.withoutKey > 0)
        return records(u.withoutKey) + " no field \"" + m_keyField + "\" to key by" + left;
    if (u.withoutValue > 0)
        return records(u.withoutValue) + " no number in a field \"" + m_valueField + '"' + left;
    if (u.withoutTime > 0)
        return records(u.withoutTime) + " no time in a field \"" + m_timeField
            + "\", as ISO 8601 text in UTC or in milliseconds" + left;
    return {};
}

} // namespace shardscope
