#include "core/endpoint/actions/actions.h"
#include "core/endpoint/actions/common.h"

namespace shardscope::endpoint::actions {
namespace {

constexpr Member kMembers[] {{"Limit", &shapes::kUpTo10000},
                             {"ExclusiveStartStreamName", &shapes::kName},
                             {"NextToken", &shapes::kNextToken}};
constexpr Shape kInput {.members = kMembers};

Result<ApiRequest> read(const Input& in, const ArnScope&)
{
    return ListStreams {.limit = in.integer("Limit"),
                        .exclusiveStartStreamName = in.text("ExclusiveStartStreamName"),
                        .nextToken = in.text("NextToken")};
}

void writeSummary(WireWriter& out, const StreamDescriptionSummary& stream)
{
    out.beginMap();
    out.member("StreamName", stream.streamName);
    out.member("StreamARN", stream.streamArn);
    out.member("StreamStatus", words::of(words::kStreamStatus, stream.status));
    writeMode(out, stream.mode);
    out.member("StreamCreationTimestamp", stream.createdAt);
    out.endMap();
}

void write(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    const auto& list = std::get<ListStreamsResult>(answer);
    out.beginMap();
    out.beginList("StreamNames");
    for (const auto& stream : list.streams)
        out.text(stream.streamName);
    out.endList();
    out.flag("HasMoreStreams", list.hasMoreStreams);
    if (list.nextToken)
        out.member("NextToken", *list.nextToken);
    out.beginList("StreamSummaries");
    for (const auto& stream : list.streams)
        writeSummary(out, stream);
    out.endList();
    out.endMap();
}

} // namespace

const Action kListStreams {.name = "ListStreams", .input = &kInput, .read = read, .write = write};

} // namespace shardscope::endpoint::actions
