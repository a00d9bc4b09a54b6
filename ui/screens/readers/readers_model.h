#pragma once

#include <QIcon>

#include <map>

#include "core/metrics/snapshot.h"
#include "ui/screens/monitor/rows_model.h"
#include "ui/style/palette.h"

namespace shardscope::ui {

/// One reader's line.
struct ReaderLine {
    ConsumerSlot slot;
    std::string name;
    QString way, trend, cost;
    std::int64_t ageMs = 0, lagRecords = 0;
    double recordsPerSecond = 0, bytesPerSecond = 0, costPerHour = 0;
    bool troubled = false; ///< something keeps it from reading, or data is lost
};
/// Those that are there, in the order in which they joined.
[[nodiscard]] std::vector<ReaderLine> readerLines(const Snapshot& snapshot);

/// Readers as a table; each carries the colour it has in the picture of shares.
class ReadersModel : public RowsModel<ReaderLine> {
public:
    explicit ReadersModel(QObject* parent);
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    mutable std::map<QRgb, QIcon> m_chips;
};

} // namespace shardscope::ui
