#include "core/engine/events.h"

#include <cstdlib>

namespace shardscope {

const char* kindText(EventKind kind)
{
    switch (kind) {
    case EventKind::StreamCreated:
        return "streamCreated";
    case EventKind::SplitStarted:
        return "splitStarted";
    case EventKind::Split:
        return "split";
    case EventKind::MergeStarted:
        return "mergeStarted";
    case EventKind::Merge:
        return "merge";
    case EventKind::ScalingStarted:
        return "scalingStarted";
    case EventKind::Scaled:
        return "scaled";
    case EventKind::ModeChanged:
        return "modeChanged";
    case EventKind::RetentionChanged:
        return "retentionChanged";
    case EventKind::MaxRecordSizeChanged:
        return "maxRecordSizeChanged";
    case EventKind::WarmThroughputChanged:
        return "warmThroughputChanged";
    case EventKind::MonitoringChanged:
        return "monitoringChanged";
    case EventKind::EncryptionChanged:
        return "encryptionChanged";
    case EventKind::AccountChanged:
        return "accountChanged";
    case EventKind::FirstRefusal:
        return "firstRefusal";
    case EventKind::ReadRefusal:
        return "readRefusal";
    case EventKind::ShardExpired:
        return "shardExpired";
    case EventKind::DataLost:
        return "dataLost";
    case EventKind::BudgetTrim:
        return "budgetTrim";
    case EventKind::ProducerAdded:
        return "producerAdded";
    case EventKind::ProducerChanged:
        return "producerChanged";
    case EventKind::ProducerPaused:
        return "producerPaused";
    case EventKind::ProducerResumed:
        return "producerResumed";
    case EventKind::ProducerRemoved:
        return "producerRemoved";
    case EventKind::ConsumerAdded:
        return "consumerAdded";
    case EventKind::ConsumerChanged:
        return "consumerChanged";
    case EventKind::ConsumerPaused:
        return "consumerPaused";
    case EventKind::ConsumerResumed:
        return "consumerResumed";
    case EventKind::ConsumerRemoved:
        return "consumerRemoved";
    case EventKind::ConsumerReplayed:
        return "consumerReplayed";
    case EventKind::ConsumerCrashed:
        return "consumerCrashed";
    case EventKind::PolicyAttached:
        return "policyAttached";
    case EventKind::PolicyDetached:
        return "policyDetached";
    case EventKind::HotKeyAdvice:
        return "hotKeyAdvice";
    case EventKind::Note:
        return "note";
    case EventKind::Refused:
        return "refused";
    }
    std::abort();
}

} // namespace shardscope
