#include "core/runtime/channel_object.h"

#include <simdjson.h>

#include "core/base/compression.h"
#include "core/endpoint/wire_json.h"
#include "core/runtime/json_check.h"

namespace shardscope {
namespace {

struct Problem {
    const char* code;
    const char* message;
};

constexpr Problem kNoJson {"InvalidJson", "The record is not a JSON value."};
constexpr Problem kNoText {"InvalidString", "The record is not UTF-8 text."};
constexpr Problem kLost {"RecordUnreadable", "The record cannot be read from the stream any more."};

const Problem* problemOf(std::string_view data, std::string_view format)
{
    if (format == "JSON")
        return isJson(data) ? nullptr : &kNoJson;
    if (format == "STRING")
        return simdjson::validate_utf8(data.data(), data.size()) ? nullptr : &kNoText;
    return nullptr;
}

void addError(std::string& out, const ChannelSpec& spec, const RecordPage::Row& row,
              const Problem& problem)
{
    endpoint::JsonWriter json(out);
    json.beginMap();
    json.member("channelName", spec.channelName);
    json.member("streamName", spec.streamName);
    json.member("shardId", shardIdText(row.number.shard));
    json.member("sequenceNumber", row.number.text());
    json.member("approximateArrivalTimestamp", SimTime::fromMillis(row.arrivalMs));
    json.member("errorCode", problem.code);
    json.member("errorMessage", problem.message);
    json.endMap();
    out += '\n';
}

} // namespace

Result<ObjectText> makeObject(const ChannelDescription& channel, const ObjectRecords& records)
{
    const ChannelSpec& spec = channel.spec;
    const bool lines = spec.recordFormat != "BYTE_ARRAY";
    ObjectText made;
    std::string text;
    for (const RecordPage& page : records.pages) {
        for (std::size_t i = 0; i < page.rows.size(); ++i) {
            const std::string_view data = page.data(i);
            made.bytesIn += static_cast<Bytes>(data.size());
            if (const Problem* problem = problemOf(data, spec.recordFormat)) {
                addError(made.errors, spec, page.rows[i], *problem);
                ++made.failed;
                continue;
            }
            text += data;
            if (lines)
                text += '\n';
            made.bytesPassed += static_cast<Bytes>(data.size());
            ++made.records;
        }
    }
    for (const RecordPage::Row& row : records.lost) {
        addError(made.errors, spec, row, kLost);
        ++made.failed;
    }
    if (made.records == 0)
        return made;
    auto object = compressed(std::move(text), spec.compression);
    if (!object)
        return tl::unexpected(object.error());
    made.object = std::move(*object);
    return made;
}

} // namespace shardscope
