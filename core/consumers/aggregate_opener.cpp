#include "core/consumers/aggregate_opener.h"

#include <algorithm>
#include <limits>

#include "core/base/md5.h"
#include "core/engine/service.h"
#include "core/storage/aggregate_reader.h"

namespace shardscope {
namespace {

/// Records whose payloads are looked at together.
constexpr std::uint64_t kBatch = 1024;

bool belongs(const UserRecordView& record, const HashKeyRange& range)
{
    if (record.explicitHashKey.empty())
        return range.contains(md5(record.key));
    const Result<HashKey> given = parseHashKey(record.explicitHashKey);
    return given && range.contains(*given);
}

void openOne(std::string_view data, const HashKeyRange& range, AggregatesOpened& out)
{
    const auto records = readAggregate(data, std::numeric_limits<std::size_t>::max());
    if (!records) {
        ++out.userRecords;
        return;
    }
    const auto inside = static_cast<std::int64_t>(records->size());
    if (std::all_of(records->begin(), records->end(),
                    [&](const UserRecordView& record) { return belongs(record, range); })) {
        out.userRecords += inside;
    } else {
        ++out.droppedAggregates;
        out.droppedUserRecords += inside;
    }
}

/// Whether only its payload tells what becomes of a record.
bool needsPayload(const RecordMeta& meta, const Shard& shard)
{
    if (meta.producer() == RecordMeta::kRealPayload)
        return true;
    return meta.userRecords > 1 && shard.parent
        && meta.arrivalMs <= (shard.openedAt + kMapMayBeOld).inMillis();
}

} // namespace

AggregatesOpened& AggregatesOpened::operator+=(const AggregatesOpened& o)
{
    userRecords += o.userRecords;
    droppedAggregates += o.droppedAggregates;
    droppedUserRecords += o.droppedUserRecords;
    return *this;
}

AggregatesOpened openAggregates(const Service& service, const Stream& stream, ShardSlot shard,
                                std::uint64_t first, std::uint64_t next)
{
    AggregatesOpened out;
    const Shard& of = stream.shards()[shard.index()];
    // Stretches that need their payloads are fetched together, no more than kBatch at once.
    std::uint64_t stretch = first;
    const auto look = [&](std::uint64_t end) {
        if (stretch == end)
            return;
        const RecordPage page = service.recordsOf(stream, shard, stretch, end);
        for (std::size_t row = 0; row < page.rows.size(); ++row)
            openOne(page.data(row), of.range, out);
        stretch = end;
    };
    for (std::uint64_t at = first; at < next;) {
        for (const RecordMeta& meta : stream.records(shard, at)) {
            if (at == next)
                break;
            if (needsPayload(meta, of)) {
                if (at - stretch == kBatch)
                    look(at);
            } else {
                look(at);
                out.userRecords += meta.userRecords;
                stretch = at + 1;
            }
            ++at;
        }
    }
    look(next);
    return out;
}

} // namespace shardscope
