#include <algorithm>
#include <string>

#include "core/base/check.h"
#include "core/engine/constraints.h"
#include "core/engine/limits.h"
#include "core/engine/sequence_number.h"
#include "core/engine/service.h"

namespace shardscope {
namespace {

/// How a row's members are named in errors: a batch's by their row.
enum class Naming { Single, Batch };

std::string pathOf(Naming naming, std::size_t row)
{
    return naming == Naming::Single ? std::string()
                                    : "records." + std::to_string(row + 1) + ".member.";
}

Bytes sizeOf(const RecordBatch::Row& row)
{
    return Bytes {row.dataBytes} + row.keyBytes;
}

/// What a look at every row shows: nearly always that none needs a closer one.
struct Sizes {
    Bytes total = 0, largest = 0; ///< data + key
    bool keyless = false; ///< at least one
    bool oddKey = false; ///< at least one may break the constraints of a partition key
};

Sizes sizesOf(const RecordBatch& batch)
{
    Sizes sizes;
    for (const RecordBatch::Row& row : batch.rows) {
        sizes.total += sizeOf(row);
        sizes.largest = std::max(sizes.largest, sizeOf(row));
        sizes.keyless |= row.keyless;
        // A key has at most as many characters as bytes.
        sizes.oddKey |= row.keyBytes == 0 || row.keyBytes > limits::kPartitionKeyChars;
    }
    return sizes;
}

/// What the model says of every stream's records.
Result<void> checkModel(const RecordBatch& batch, const Sizes& sizes, Naming naming)
{
    if (!sizes.oddKey && sizes.largest <= limits::kMaxRecordLargest)
        return {};
    constraints::Violations violations;
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        const std::string path = pathOf(naming, i);
        if (!batch.rows[i].keyless)
            violations.length(path + "partitionKey", batch.key(i), 1, limits::kPartitionKeyChars);
        if (Bytes {batch.rows[i].dataBytes} > limits::kMaxRecordLargest)
            violations.add(path + "data",
                           "have length less than or equal to "
                               + std::to_string(limits::kMaxRecordLargest));
    }
    return violations.result();
}

/// Data alone above the stream's limit is what the service was seen to refuse with this text; data
/// and key together above it are documented as illegal with no text known, so ours names both.
Result<void> checkSizes(const RecordBatch& batch, Bytes most, Naming naming)
{
    constraints::Violations violations;
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        const RecordBatch::Row& row = batch.rows[i];
        if (sizeOf(row) <= most)
            continue;
        std::string must = "have length less than or equal to " + std::to_string(most);
        if (Bytes {row.dataBytes} <= most)
            must
                += " together with its partition key of " + std::to_string(row.keyBytes) + " bytes";
        violations.add(pathOf(naming, i) + "data", std::move(must));
    }
    return violations.result();
}

/// Only AUTO distribution lets the key be left out; how the service words it is not known.
Result<void> checkKeysGiven(const RecordBatch& batch, Naming naming)
{
    constraints::Violations violations;
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        if (batch.rows[i].keyless)
            violations.add(pathOf(naming, i) + "partitionKey", "not be null");
    }
    return violations.result();
}

Result<Stream*> passOn(const Result<void>& refusal)
{
    return tl::unexpected(refusal.error());
}

} // namespace

/// Everything that may be wrong with rows to be put, in the service's order: what the model says,
/// the stream, then what the stream says.
Result<Stream*> Service::putTarget(const std::string& streamName, const RecordBatch& batch,
                                   bool single, SimTime now)
{
    const Naming naming = single ? Naming::Single : Naming::Batch;
    const Sizes sizes = sizesOf(batch);
    if (auto ok = constraints::name("streamName", streamName); !ok)
        return passOn(ok);
    if (auto ok = checkModel(batch, sizes, naming); !ok)
        return passOn(ok);
    auto stream = readable(streamName);
    if (!stream)
        return stream;
    if (auto ok = permit(**stream, single ? "PutRecord" : "PutRecords"); !ok)
        return passOn(ok);
    const StreamDescriptionSummary& summary = (*stream)->m_summary;
    if (const Bytes most = summary.maxRecordSizeKiB * 1_KiB; sizes.largest > most)
        return passOn(checkSizes(batch, most, naming));
    if (sizes.keyless && summary.recordDistribution != RecordDistributionStrategy::Auto)
        return passOn(checkKeysGiven(batch, naming));
    if (!single && sizes.total > limits::kPutRecordsBytes)
        return fail(ErrorCode::InvalidArgument, "Records size exceeds 10 MB limit");
    if ((*stream)->encryptionAt(now) == EncryptionType::Kms) {
        if (auto ok = allowKey(summary.keyId, now); !ok)
            return passOn(ok);
        // The master key that wraps the data key may be gone while another answers to its name:
        // then nothing is written rather than plain text.
        if ((*stream)->m_log.file() && !(*stream)->m_dataKey)
            return fail(ErrorCode::KmsNotFound,
                        "The master key that wraps the data key of stream " + under(**stream)
                            + " is not in the key file; put the file back, or stop and start the "
                              "stream's encryption.");
    }
    return stream;
}

Result<void> Service::checkOrdering(const Stream& stream, const std::string& number,
                                    SimTime now) const
{
    if (stream.m_summary.recordDistribution == RecordDistributionStrategy::Auto)
        return fail(ErrorCode::InvalidArgument,
                    "SequenceNumberForOrdering cannot be used on stream " + under(stream)
                        + ": its record distribution strategy is AUTO, which keeps no order.");
    const auto parsed = SequenceNumber::parse(number);
    const bool known = parsed && parsed->shard.index() < stream.m_shards.size()
        && stream.m_shards[parsed->shard.index()].openedAt.inSeconds() == parsed->shardCreatedAt
        && parsed->counter <= stream.m_columns.logs[parsed->shard.index()].end()
        && parsed->recordAt <= now.inSeconds();
    if (known)
        return {};
    return fail(ErrorCode::InvalidArgument,
                "ExclusiveMinimumSequenceNumber " + number + " used in PutRecord on stream "
                    + under(stream) + " is invalid.");
}

Result<PutResult> Service::putRecord(const PutRecord& request, SimTime now)
{
    SHARDSCOPE_CHECK(request.record.rows.size() == 1);
    if (request.sequenceNumberForOrdering) {
        if (auto ok = constraints::sequenceNumber("sequenceNumberForOrdering",
                                                  *request.sequenceNumberForOrdering);
            !ok)
            return tl::unexpected(std::move(ok.error()));
    }
    const auto found = putTarget(request.streamName, request.record, true, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    if (request.sequenceNumberForOrdering) {
        if (auto ok = checkOrdering(stream, *request.sequenceNumberForOrdering, now); !ok)
            return tl::unexpected(std::move(ok.error()));
    }
    if (request.dryRun)
        return dryRunPassed();
    PutResult result;
    result.encryption = stream.encryptionAt(now);
    if (stream.put(request.record, now, {&result.number, 1}) > 0)
        return fail(ErrorCode::ProvisionedThroughputExceeded,
                    "Rate exceeded for shard " + shardIdText(result.number.shard) + " in stream "
                        + under(stream) + ".");
    wakeReaders(stream, {&result.number, 1}, now);
    return result;
}

Result<PutRecordsResult> Service::putRecords(const PutRecords& request, SimTime now)
{
    const std::size_t rows = request.records.rows.size();
    if (auto ok = constraints::size("records", rows, 1, limits::kPutRecordsRecords); !ok)
        return tl::unexpected(std::move(ok.error()));
    const auto found = putTarget(request.streamName, request.records, false, now);
    if (!found)
        return tl::unexpected(found.error());
    if (request.dryRun)
        return dryRunPassed();
    PutRecordsResult result;
    result.encryption = (*found)->encryptionAt(now);
    result.records.resize(rows);
    result.failedRecordCount = (*found)->put(request.records, now, result.records);
    wakeReaders(**found, result.records, now);
    return result;
}

} // namespace shardscope
