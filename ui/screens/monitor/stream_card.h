#pragma once

#include <QScrollArea>

#include "core/runtime/served_snapshot.h"

class QGridLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace shardscope::ui {

/// What a person may want to do to a stream.
enum class StreamChange {
    Mode,
    ShardCount,
    Retention,
    RecordSize,
    WarmThroughput,
    Encryption,
    Consumers,
    Tags,
    Monitoring,
    PutRecord,
    Delete,
};

/// One stream in words: every setting on a line with the button that changes it.
class StreamCard : public QScrollArea {
    Q_OBJECT

public:
    explicit StreamCard(QWidget* parent = nullptr);

    /// `keys` give names to key ids.
    void present(const ServedStreamRow& stream, const ServedSnapshot& service);
    void restyle();

    /// "alias/aws/kinesis", or the key's id where no alias names it.
    [[nodiscard]] static QString keyName(const ServedSnapshot& service, const std::string& keyId);

signals:
    void changeAsked(shardscope::ui::StreamChange change);
    void boardAsked();
    void recordsAsked();

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Line {
        QLabel* name = nullptr;
        QLabel* value = nullptr;
        QToolButton* change = nullptr;
    };
    Line addLine(const QString& name, const QString& verb, StreamChange change);
    static void say(const Line& line, const QString& words);

    QGridLayout* m_lines;
    QLabel *m_name, *m_arn, *m_state;
    Line m_mode, m_shards, m_retention, m_recordSize, m_warm, m_encryption, m_consumers, m_tags,
        m_monitoring;
    Line m_channels; ///< without a button
    QPushButton* m_delete;
};

} // namespace shardscope::ui
