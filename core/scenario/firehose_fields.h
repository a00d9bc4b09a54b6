#pragma once

#include "core/consumers/firehose_names.h"
#include "core/consumers/firehose_partition.h"
#include "core/consumers/firehose_spec.h"
#include "core/scenario/words.h"

namespace shardscope::scenario_format {

template <typename Io> void fields(Io& io, FirehoseSpec::PartitionKey& s)
{
    io.require("name");
    io.require("path");
    io.text("name", s.name, 1, 100);
    io.text("path", s.path, 2, 1'000);
    io.check(isFieldPath(s.path), "path", "must name a field, such as .customer.id");
}

/// The fields of a Firehose stream; see scenario_fields.h.
template <typename Io> void fields(Io& io, FirehoseSpec& s)
{
    const SimDuration day = SimDuration::days(1);
    io.text("target", s.target, 0, 1'000);
    io.bytes("bufferSize", s.bufferSize, 1_MiB, 128_MiB);
    io.duration("bufferInterval", s.bufferInterval, {}, SimDuration::seconds(900));
    io.text("prefix", s.prefix, 0, 1'024);
    io.text("errorPrefix", s.errorPrefix, 0, 1'024);
    io.text("fileExtension", s.fileExtension, 0, 128);
    io.choice("compression", s.compression);
    io.flag("newLine", s.newLine);
    io.duration("retryFor", s.retryFor, {}, day);
    io.text("transform", s.transform, 0, 4'000);
    io.bytes("transformBuffer", s.transformBuffer, 200_KiB, 3_MiB);
    io.duration("transformInterval", s.transformInterval, {}, SimDuration::seconds(900));
    io.list("partitionBy", s.partitionBy);
    io.duration("targetDownAfter", s.targetDownAfter, {}, day * 365);
    io.duration("targetDownFor", s.targetDownFor, {}, day * 365);
    io.number("answerLostShare", s.answerLostShare, 0, 0.9);

    const FirehoseTrouble wrong = troubleOf(s);
    io.check(wrong.field != FirehoseTrouble::Field::Prefix, "prefix", wrong.otherwise);
    io.check(wrong.field != FirehoseTrouble::Field::ErrorPrefix, "errorPrefix", wrong.otherwise);
    io.check(wrong.field != FirehoseTrouble::Field::PartitionBy, "partitionBy", wrong.otherwise);
    io.check(wrong.field != FirehoseTrouble::Field::BufferInterval, "bufferInterval",
             wrong.otherwise);
    io.check(s.fileExtension.empty() || s.fileExtension.front() == '.', "fileExtension",
             "must begin with a dot");
}

} // namespace shardscope::scenario_format
