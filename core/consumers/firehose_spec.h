#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/units.h"
#include "core/clock/sim_time.h"

namespace shardscope {

/// A Firehose stream that delivers a Kinesis stream to S3. Defaults and ranges:
/// facts/clients.md 5.2 to 5.4.
struct FirehoseSpec {
    /// A folder, or `s3+http(s)://…` with the bucket as the path's first part; empty: modelled,
    /// nothing is written.
    std::string target;
    Bytes bufferSize = 5_MiB; ///< 1 … 128 MiB
    SimDuration bufferInterval = SimDuration::seconds(300); ///< 0 … 900 s
    std::string prefix; ///< empty: yyyy/MM/dd/HH/ in UTC
    /// Of objects with what could not be delivered; empty: !{firehose:error-output-type}/ and the
    /// time.
    std::string errorPrefix;
    std::string fileExtension; ///< begins with a dot, or empty
    enum class Compression {
        None,
        Gzip,
        Zstd ///< ours; the service has none
    };
    Compression compression = Compression::None;
    bool newLine = true; ///< AppendDelimiterToRecord: a line feed behind each record
    SimDuration retryFor = SimDuration::hours(24); ///< afterwards an object is given up
    /// Transformation: a command, or an address that takes Lambda invokes; empty: none.
    std::string transform;
    Bytes transformBuffer = 1_MiB; ///< of an invocation, 0.2 … 3 MiB
    SimDuration transformInterval = SimDuration::seconds(60); ///< 0 … 900 s
    /// Dynamic partitioning: values of JSON fields that the prefix names.
    struct PartitionKey {
        std::string name; ///< in !{partitionKeyFromQuery:name}
        std::string path; ///< `.customer.id`
        friend bool operator==(const PartitionKey&, const PartitionKey&) = default;
    };
    std::vector<PartitionKey> partitionBy;
    /// For trying out: the target is gone for so long, beginning so long after the reader began.
    SimDuration targetDownAfter, targetDownFor;
    /// For trying out: of all objects, so many are taken without an answer, and written again.
    double answerLostShare = 0;
    friend bool operator==(const FirehoseSpec&, const FirehoseSpec&) = default;
};

} // namespace shardscope
