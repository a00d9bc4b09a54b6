#include "ui/screens/monitor/change_dialog.h"

#include "core/engine/limits.h"
#include "ui/dialogs/consumers_dialog.h"
#include "ui/dialogs/encryption_dialog.h"
#include "ui/dialogs/put_record_dialog.h"
#include "ui/dialogs/reshard_dialogs.h"
#include "ui/dialogs/served_dialogs.h"
#include "ui/screens/monitor/served_deck.h"

namespace shardscope::ui {

namespace {

/// The stream's board, or as much of it as the list knows.
std::shared_ptr<const Snapshot> boardOf(const ServedStreamRow& stream,
                                        const ServedSnapshot& service)
{
    if (service.board && service.board->stream.summary.streamName == stream.summary.streamName)
        return service.board;
    auto made = std::make_shared<Snapshot>();
    made->stream.summary = stream.summary;
    made->stream.shardCountUpdatesLeft = limits::kShardCountUpdatesPerDay;
    return made;
}

} // namespace

QDialog* changeDialog(StreamChange change, const ServedStreamRow& stream,
                      const ServedSnapshot& service, const MonitorDeck& deck, QWidget* parent)
{
    const StreamDescriptionSummary& summary = stream.summary;
    const std::string& name = summary.streamName;
    switch (change) {
    case StreamChange::Mode:
        return new ModeDialog(stream, deck, parent);
    case StreamChange::ShardCount:
        return new ShardCountDialog(boardOf(stream, service), servedDeck(deck, name), parent);
    case StreamChange::Retention:
        return new FigureDialog(FigureDialog::Figure::Retention, summary, deck, parent);
    case StreamChange::RecordSize:
        return new FigureDialog(FigureDialog::Figure::RecordSize, summary, deck, parent);
    case StreamChange::WarmThroughput:
        return new FigureDialog(FigureDialog::Figure::WarmThroughput, summary, deck, parent);
    case StreamChange::Encryption:
        return new EncryptionDialog(name, deck, parent);
    case StreamChange::Consumers:
        return new ConsumersDialog(name, deck, parent);
    case StreamChange::Tags:
        return new TagsDialog(stream, deck, parent);
    case StreamChange::Monitoring:
        return new MonitoringDialog(summary, deck, parent);
    case StreamChange::PutRecord:
        return new PutRecordDialog(name, summary.maxRecordSizeKiB * 1'024, deck, parent);
    case StreamChange::Delete:
        return new DeleteStreamDialog(stream, deck, parent);
    }
    return nullptr;
}

} // namespace shardscope::ui
