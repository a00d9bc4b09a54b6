#pragma once

#include <map>
#include <optional>

#include "core/runtime/served_snapshot.h"
#include "ui/dialogs/request_dialog.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

/// Forms for streams of the endpoint: each becomes the API's own requests.
namespace shardscope::ui {

/// DeleteStream; the name must be typed while the stream holds records.
class DeleteStreamDialog : public RequestDialog {
    Q_OBJECT

public:
    DeleteStreamDialog(const ServedStreamRow& stream, MonitorDeck deck, QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] std::vector<ApiRequest> requests() const override;

private:
    ServedStreamRow m_stream;
    QLineEdit* m_name = nullptr; ///< only where it must be typed
    QCheckBox* m_consumers = nullptr; ///< only with registered consumers
};

/// UpdateStreamMode, to the other mode.
class ModeDialog : public RequestDialog {
    Q_OBJECT

public:
    ModeDialog(const ServedStreamRow& stream, MonitorDeck deck, QWidget* parent);

    [[nodiscard]] QString problem() const override { return {}; }
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] std::vector<ApiRequest> requests() const override;

private:
    StreamDescriptionSummary m_stream;
};

/// One figure of a stream: its retention, record size or warm throughput.
class FigureDialog : public RequestDialog {
    Q_OBJECT

public:
    enum class Figure { Retention, RecordSize, WarmThroughput };
    FigureDialog(Figure figure, const StreamDescriptionSummary& stream, MonitorDeck deck,
                 QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] std::vector<ApiRequest> requests() const override;

private:
    Figure m_figure;
    StreamDescriptionSummary m_stream;
    int m_before = 0;
    QSpinBox* m_value;
};

/// EnableEnhancedMonitoring and DisableEnhancedMonitoring.
class MonitoringDialog : public RequestDialog {
    Q_OBJECT

public:
    MonitoringDialog(const StreamDescriptionSummary& stream, MonitorDeck deck, QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] std::vector<ApiRequest> requests() const override;

private:
    [[nodiscard]] std::set<ShardLevelMetric> wanted() const;

    StreamDescriptionSummary m_stream;
    QList<QCheckBox*> m_metrics;
};

/// AddTagsToStream and RemoveTagsFromStream, from a text of lines.
class TagsDialog : public RequestDialog {
    Q_OBJECT

public:
    TagsDialog(const ServedStreamRow& stream, MonitorDeck deck, QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] std::vector<ApiRequest> requests() const override;

private:
    struct Difference {
        std::map<std::string, std::string> added;
        std::vector<std::string> removed;
    };
    [[nodiscard]] Difference difference() const;

    ServedStreamRow m_stream;
    QPlainTextEdit* m_lines;
};

} // namespace shardscope::ui
