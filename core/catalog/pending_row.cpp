#include "core/catalog/pending_row.h"

namespace shardscope {
namespace {

/// Fills a row from each kind of change.
struct Fill {
    PendingRow& row;

    void operator()(const change::Created&) const { row.kind = "created"; }
    void operator()(const change::Deleted&) const { row.kind = "deleted"; }
    void operator()(const change::ModeTaken& c) const
    {
        row.kind = "mode";
        row.mode = c.mode;
        row.number = c.warmMiBps;
    }
    void operator()(const change::RecordSizeTaken& c) const
    {
        row.kind = "record-size";
        row.number = c.kib;
    }
    void operator()(const change::EncryptionTaken& c) const
    {
        row.kind = "encryption";
        row.encryption = c.type;
        row.text = c.keyId;
    }
    void operator()(const change::WarmTaken&) const { row.kind = "warm"; }
    void operator()(const change::Reshard& c) const
    {
        row.kind = "reshard";
        row.step = c.step.kind;
        row.shard = c.step.shard;
        row.upper = c.step.upper;
        row.cut = c.step.cut;
        row.level = c.step.level;
        row.cause = c.cause;
    }
    void operator()(const change::PlanDone& c) const
    {
        row.kind = "plan-done";
        row.cause = c.cause;
        row.number = c.shardsMore;
        row.shard = ShardSlot {c.firstNewSlot};
    }
    void operator()(const change::ConsumerReady& c) const
    {
        row.kind = "consumer-ready";
        row.text = c.name;
    }
    void operator()(const change::ConsumerGone& c) const
    {
        row.kind = "consumer-gone";
        row.text = c.name;
    }
};

std::optional<Change> reshardFrom(const PendingRow& row)
{
    if (!row.step || !row.shard || !row.upper || !row.cut || !row.level || !row.cause)
        return std::nullopt;
    return change::Reshard {
        {*row.step, *row.shard, *row.upper, *row.cut, static_cast<int>(*row.level)}, *row.cause};
}

} // namespace

PendingRow toRow(SimTime due, const Change& change)
{
    PendingRow row;
    row.due = due;
    std::visit(Fill {row}, change);
    return row;
}

std::optional<Change> fromRow(const PendingRow& row)
{
    if (row.kind == "created")
        return change::Created {};
    if (row.kind == "deleted")
        return change::Deleted {};
    if (row.kind == "warm")
        return change::WarmTaken {};
    if (row.kind == "mode" && row.mode)
        return change::ModeTaken {*row.mode, row.number};
    if (row.kind == "record-size" && row.number)
        return change::RecordSizeTaken {*row.number};
    if (row.kind == "encryption" && row.encryption && row.text)
        return change::EncryptionTaken {*row.encryption, *row.text};
    if (row.kind == "reshard")
        return reshardFrom(row);
    if (row.kind == "plan-done" && row.cause && row.number && row.shard)
        return change::PlanDone {*row.cause, *row.number, row.shard->value};
    if (row.kind == "consumer-ready" && row.text)
        return change::ConsumerReady {*row.text};
    if (row.kind == "consumer-gone" && row.text)
        return change::ConsumerGone {*row.text};
    return std::nullopt;
}

} // namespace shardscope
