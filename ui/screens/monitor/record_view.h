#pragma once

#include <QWidget>

#include <optional>
#include <string>

#include "core/endpoint/inflate.h"
#include "ui/screens/monitor/records_model.h"

class QLabel;
class QPlainTextEdit;
class QTabWidget;
class QTextBrowser;
class QTreeWidget;

namespace shardscope::ui {

/// One record opened: text, bytes, JSON, the user records inside a KPL aggregate, the difference to
/// the record before it, and what its sequence number says. Of a gzip all but the bytes speak of
/// what is inside.
class RecordView : public QWidget {
    Q_OBJECT

public:
    enum class Tab { Text, Hex, Json, Aggregate, Diff, Facts };

    explicit RecordView(QWidget* parent = nullptr);

    /// `before`: the previous record of the same key, if one is still known.
    void open(const RecordsModel::Record& record,
              const std::optional<RecordsModel::Record>& before);
    void close();
    [[nodiscard]] const std::optional<RecordsModel::Record>& record() const { return m_record; }
    void showTab(Tab tab);
    [[nodiscard]] bool offers(Tab tab) const;

signals:
    void copyCommandAsked();
    void report(const QString& sentence);

protected:
    void changeEvent(QEvent* event) override;

private:
    /// What is inside a gzip, and the data itself otherwise.
    [[nodiscard]] std::string_view content() const;
    void fill();
    void showCut(std::size_t shown, std::size_t all);
    void fillJson();
    void fillAggregate();
    void fillDiff();
    void copyData();

    std::optional<RecordsModel::Record> m_record, m_before;
    std::optional<endpoint::Inflated> m_unpacked; ///< of a gzip
    QLabel *m_title, *m_cut;
    QTabWidget* m_tabs;
    QPlainTextEdit *m_text, *m_hex, *m_facts;
    QTreeWidget *m_json, *m_aggregate;
    QTextBrowser* m_diff;
};

} // namespace shardscope::ui
