#pragma once

#include "core/consumers/firehose_names.h"
#include "core/consumers/firehose_spec.h"
#include "core/scenario/words.h"

namespace shardscope::scenario_format {

/// The fields of a Firehose stream; see scenario_fields.h.
template <typename Io> void fields(Io& io, FirehoseSpec& s)
{
    const SimDuration day = SimDuration::days(1);
    io.text("target", s.target, 0, 1'000);
    io.bytes("bufferSize", s.bufferSize, 1_MiB, 128_MiB);
    io.duration("bufferInterval", s.bufferInterval, {}, SimDuration::seconds(900));
    io.text("prefix", s.prefix, 0, 1'024);
    io.text("fileExtension", s.fileExtension, 0, 128);
    io.choice("compression", s.compression);
    io.flag("newLine", s.newLine);
    io.duration("retryFor", s.retryFor, {}, day);
    io.duration("targetDownAfter", s.targetDownAfter, {}, day * 365);
    io.duration("targetDownFor", s.targetDownFor, {}, day * 365);
    io.number("answerLostShare", s.answerLostShare, 0, 0.9);
    io.check(firehosePrefix(s.prefix, kDefaultStart, "abcdefghijk").has_value(), "prefix",
             "must be text in which !{timestamp:yyyy/MM/dd/HH} and !{firehose:random-string} are "
             "the only expressions, of 512 characters at most when they are evaluated");
    io.check(s.fileExtension.empty() || s.fileExtension.front() == '.', "fileExtension",
             "must begin with a dot");
}

} // namespace shardscope::scenario_format
