#pragma once

#include <memory>

#include "core/metrics/replay_forecast.h"
#include "ui/dialogs/act_dialog.h"

class QComboBox;
class QLineEdit;
class QSpinBox;

namespace shardscope::ui {

/// Where a reader goes on from. It says what will be read again and how long that takes before it
/// is done.
class ReplayDialog : public ActDialog {
    Q_OBJECT

public:
    ReplayDialog(std::shared_ptr<const Snapshot> snapshot, const ConsumerRow& reader, Deck deck,
                 QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] Act act() const override;
    [[nodiscard]] static QString forecastText(const ReplayForecast& forecast,
                                              const ConsumerRow& reader);

private:
    [[nodiscard]] ReplayPoint point() const;
    void showFields();

    std::shared_ptr<const Snapshot> m_snapshot;
    ConsumerRow m_reader;
    QComboBox* m_place;
    QSpinBox* m_back;
    QComboBox* m_unit;
    QWidget* m_backRow;
    QLineEdit* m_sequenceNumber;
};

/// A KCL application's worker fails, for good or for a while.
class CrashDialog : public ActDialog {
    Q_OBJECT

public:
    CrashDialog(const ConsumerRow& reader, Deck deck, QWidget* parent);

    [[nodiscard]] QString problem() const override { return {}; }
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] Act act() const override;

private:
    ConsumerRow m_reader;
    QComboBox* m_worker;
    QSpinBox* m_returns; ///< s; 0: it stays away
};

} // namespace shardscope::ui
