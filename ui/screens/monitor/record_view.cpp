#include "ui/screens/monitor/record_view.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTextBrowser>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

#include "core/storage/aggregate_reader.h"
#include "ui/format.h"
#include "ui/screens/monitor/record_formats.h"
#include "ui/style/fixed_font.h"
#include "ui/style/palette.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

// More than a person reads in one go; the whole can be copied.
constexpr std::size_t kTextMost = 256U << 10;
constexpr std::size_t kHexMost = 32U << 10;
constexpr int kNodesMost = 5'000;
constexpr std::size_t kUnpackedMost = 4U << 20;
constexpr std::size_t kUserRecordsMost = 2'000;
constexpr std::size_t kUserPreview = 400;
constexpr int kDeepMost = 100;

QPlainTextEdit* page(const char* name, const QString& spoken)
{
    auto* edit = new QPlainTextEdit;
    edit->setObjectName(QString::fromLatin1(name));
    edit->setAccessibleName(spoken);
    edit->setReadOnly(true);
    edit->setTabChangesFocus(true);
    edit->setFont(fixedFont(QApplication::font()));
    edit->setFrameShape(QFrame::NoFrame);
    return edit;
}

QTreeWidget* tree(const char* name, const QString& spoken, const QStringList& columns)
{
    auto* made = new QTreeWidget;
    made->setObjectName(QString::fromLatin1(name));
    made->setAccessibleName(spoken);
    made->setHeaderLabels(columns);
    made->setUniformRowHeights(true);
    made->setAlternatingRowColors(true);
    made->setFrameShape(QFrame::NoFrame);
    return made;
}

QString leafText(const QJsonValue& value)
{
    switch (value.type()) {
    case QJsonValue::Null:
        return QStringLiteral("null");
    case QJsonValue::Bool:
        return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
    case QJsonValue::String:
        return value.toString();
    default:
        return value.toVariant().toString();
    }
}

/// Adds a value below `parent`; stops when there are as many as a person can look through.
void addValue(QTreeWidgetItem* parent, const QString& name, const QJsonValue& value, int deep,
              int* left)
{
    if (--*left < 0 || deep > kDeepMost)
        return;
    auto* item = new QTreeWidgetItem(parent, {name});
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        item->setText(1, QStringLiteral("{%1}").arg(object.size()));
        for (auto it = object.begin(); it != object.end() && *left > 0; ++it)
            addValue(item, it.key(), it.value(), deep + 1, left);
    } else if (value.isArray()) {
        const QJsonArray array = value.toArray();
        item->setText(1, QStringLiteral("[%1]").arg(array.size()));
        for (qsizetype i = 0; i < array.size() && *left > 0; ++i)
            addValue(item, QString::number(i), array[i], deep + 1, left);
    } else {
        item->setText(1, leafText(value));
    }
    item->setToolTip(1, item->text(1).left(1'000));
}

} // namespace

RecordView::RecordView(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel)
    , m_cut(new QLabel)
    , m_tabs(new QTabWidget)
    , m_text(page("recordText", tr("Data as text")))
    , m_hex(page("recordHex", tr("Data in hexadecimal")))
    , m_facts(page("recordFacts", tr("About the record")))
    , m_json(tree("recordJson", tr("Data as JSON"), {tr("Name"), tr("Value")}))
    , m_aggregate(
          tree("recordAggregate", tr("User records of the aggregate"),
               {tr("#"), tr("Partition key"), tr("Explicit hash key"), tr("Size"), tr("Data")}))
    , m_diff(new QTextBrowser)
{
    setObjectName(QStringLiteral("recordView"));
    m_title->setObjectName(QStringLiteral("recordTitle"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_cut->setObjectName(QStringLiteral("recordCut"));
    m_cut->setTextFormat(Qt::PlainText);
    m_cut->setWordWrap(true);
    m_cut->hide();
    m_hex->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_aggregate->setRootIsDecorated(false);
    m_diff->setObjectName(QStringLiteral("recordDiff"));
    m_diff->setAccessibleName(tr("Difference to the record before it with the same key"));
    m_diff->setFrameShape(QFrame::NoFrame);
    m_diff->setTabChangesFocus(true);
    m_tabs->setObjectName(QStringLiteral("recordTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_text, tr("Text"));
    m_tabs->addTab(m_hex, tr("Hex"));
    m_tabs->addTab(m_json, tr("JSON"));
    m_tabs->addTab(m_aggregate, tr("User records"));
    m_tabs->addTab(m_diff, tr("Difference"));
    m_tabs->addTab(m_facts, tr("About"));
    auto* copy = new QPushButton(tr("Copy data"));
    copy->setObjectName(QStringLiteral("copyData"));
    copy->setToolTip(tr("The whole data: text as it is, anything else as base64"));
    connect(copy, &QPushButton::clicked, this, &RecordView::copyData);
    auto* command = new QPushButton(tr("Copy as AWS CLI"));
    command->setObjectName(QStringLiteral("copyCommand"));
    command->setToolTip(tr("The command that reads this record again"));
    connect(command, &QPushButton::clicked, this, &RecordView::copyCommandAsked);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(10, 4, 10, 4);
    row->setSpacing(8);
    row->addWidget(m_title, 1);
    row->addWidget(copy);
    row->addWidget(command);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_tabs, 1);
    column->addWidget(m_cut);
    connect(m_tabs, &QTabWidget::currentChanged, this, &RecordView::fill);
    setEnabled(false);
}

bool RecordView::offers(Tab tab) const
{
    return m_tabs->isTabVisible(static_cast<int>(tab));
}

void RecordView::showTab(Tab tab)
{
    if (offers(tab))
        m_tabs->setCurrentIndex(static_cast<int>(tab));
}

void RecordView::open(const RecordsModel::Record& record,
                      const std::optional<RecordsModel::Record>& before)
{
    m_record = record;
    m_before = before;
    m_unpacked = unpacked(record.data(), kUnpackedMost);
    setEnabled(true);
    const DataKind kind = kindOf(content());
    const auto offer
        = [this](Tab tab, bool on) { m_tabs->setTabVisible(static_cast<int>(tab), on); };
    const auto was = static_cast<Tab>(m_tabs->currentIndex());
    offer(Tab::Json, kind == DataKind::Json);
    offer(Tab::Aggregate, kind == DataKind::Aggregate);
    offer(Tab::Diff, before.has_value());
    // What a person chose stays while the record has it; an aggregate says little as text.
    if (kind == DataKind::Aggregate && was == Tab::Text)
        m_tabs->setCurrentIndex(static_cast<int>(Tab::Aggregate));
    else if (kind == DataKind::Binary && was == Tab::Text)
        m_tabs->setCurrentIndex(static_cast<int>(Tab::Hex));
    const QString title
        = tr("%1 · shard %2 · %3 · %4 of %5%6")
              .arg(format::clockExact(SimTime::fromMillis(record.meta().arrivalMs)))
              .arg(record.meta().number.shard.value)
              .arg(record.meta().keyless ? tr("no key") : preview(record.key(), 60),
                   format::bytes(record.meta().dataBytes),
                   m_unpacked ? tr("gzip (%1 of %2)")
                                    .arg(format::bytes(static_cast<double>(content().size())),
                                         kindText(kind))
                              : kindText(kind),
                   record.meta().encrypted ? tr(" · encrypted at rest") : QString());
    m_title->setText(title);
    m_title->setToolTip(title);
    fill();
}

std::string_view RecordView::content() const
{
    return m_unpacked ? std::string_view(m_unpacked->bytes) : m_record->data();
}

void RecordView::close()
{
    m_record.reset();
    m_before.reset();
    m_unpacked.reset();
    m_title->clear();
    m_cut->hide();
    for (QPlainTextEdit* edit : {m_text, m_hex, m_facts})
        edit->clear();
    m_json->clear();
    m_aggregate->clear();
    m_diff->clear();
    setEnabled(false);
}

void RecordView::fill()
{
    if (!m_record)
        return;
    const auto tab = static_cast<Tab>(m_tabs->currentIndex());
    const std::string_view bytes = tab == Tab::Hex ? m_record->data() : content();
    std::size_t shown = bytes.size();
    switch (tab) {
    case Tab::Text:
        m_text->setPlainText(withShortLines(dataText(bytes, kTextMost)));
        shown = std::min(shown, kTextMost);
        break;
    case Tab::Hex:
        m_hex->setPlainText(hexDump(bytes, kHexMost));
        shown = std::min(shown, kHexMost);
        break;
    case Tab::Json:
        fillJson();
        break;
    case Tab::Aggregate:
        fillAggregate();
        break;
    case Tab::Diff:
        fillDiff();
        break;
    case Tab::Facts:
        m_facts->setPlainText(recordFacts(m_record->meta(), m_record->key()).join(u'\n'));
        break;
    }
    showCut(shown, bytes.size());
}

void RecordView::showCut(std::size_t shown, std::size_t all)
{
    QStringList words;
    if (shown < all)
        words += tr("The first %1 of %2 are shown; “Copy data” takes all of it.")
                     .arg(format::bytes(static_cast<double>(shown)),
                          format::bytes(static_cast<double>(all)));
    using End = endpoint::Inflated::End;
    if (m_unpacked && m_unpacked->end == End::Cut)
        words += tr("There is more in this gzip than the %1 that were unpacked.")
                     .arg(format::bytes(static_cast<double>(kUnpackedMost)));
    if (m_unpacked && m_unpacked->end == End::Damaged)
        words += m_unpacked->bytes.empty()
            ? tr("It begins as a gzip but cannot be unpacked; “Hex” shows its bytes.")
            : tr("The gzip is damaged: what came before that is shown.");
    m_cut->setVisible(!words.isEmpty());
    m_cut->setText(words.join(u' '));
}

void RecordView::fillJson()
{
    m_json->clear();
    const std::string_view bytes = content();
    const QJsonDocument document = QJsonDocument::fromJson(
        QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size())));
    int left = kNodesMost;
    auto* root = m_json->invisibleRootItem();
    if (document.isObject()) {
        const QJsonObject object = document.object();
        for (auto it = object.begin(); it != object.end() && left > 0; ++it)
            addValue(root, it.key(), it.value(), 0, &left);
    } else {
        const QJsonArray array = document.array();
        for (qsizetype i = 0; i < array.size() && left > 0; ++i)
            addValue(root, QString::number(i), array[i], 0, &left);
    }
    m_json->expandToDepth(1);
    m_json->resizeColumnToContents(0);
}

void RecordView::fillAggregate()
{
    m_aggregate->clear();
    const auto opened = readAggregate(content(), kUserRecordsMost);
    if (!opened) {
        new QTreeWidgetItem(
            m_aggregate,
            {QString(),
             tr("It begins as an aggregate, but its checksum or message does not fit.")});
        return;
    }
    QList<QTreeWidgetItem*> items;
    for (std::size_t i = 0; i < opened->size(); ++i) {
        const UserRecordView& record = (*opened)[i];
        auto* item = new QTreeWidgetItem({QString::number(i), preview(record.key, kUserPreview),
                                          preview(record.explicitHashKey, kUserPreview),
                                          format::bytes(static_cast<double>(record.data.size())),
                                          preview(record.data, kUserPreview)});
        item->setTextAlignment(3, Qt::AlignRight | Qt::AlignVCenter);
        item->setToolTip(4, dataText(record.data, kUserPreview));
        items += item;
    }
    m_aggregate->addTopLevelItems(items);
    for (int column = 0; column < 4; ++column)
        m_aggregate->resizeColumnToContents(column);
}

void RecordView::fillDiff()
{
    if (!m_before)
        return;
    const Palette& colours = ui::palette();
    QString html = tr("<p>Against the record of %1 with the same key:</p>")
                       .arg(format::clockExact(SimTime::fromMillis(m_before->meta().arrivalMs)));
    html += QStringLiteral("<pre>");
    bool same = true;
    const auto inside = unpacked(m_before->data(), kUnpackedMost);
    const std::string_view before = inside ? std::string_view(inside->bytes) : m_before->data();
    for (const DiffLine& line : diffLines(before, content())) {
        const QString text = line.text.toHtmlEscaped();
        same = same && line.kind == DiffLine::Kind::Same;
        // The sign says it; the colour only helps.
        if (line.kind == DiffLine::Kind::Gone)
            html += QStringLiteral("<span style='color:%1'>− %2</span>\n")
                        .arg(colours.refused.name(), text);
        else if (line.kind == DiffLine::Kind::New)
            html += QStringLiteral("<b style='color:%1'>+ %2</b>\n")
                        .arg(colours.ingest.name(), text);
        else
            html += QStringLiteral("  %1\n").arg(text);
    }
    html += QStringLiteral("</pre>");
    m_diff->setHtml(same ? html + tr("<p>They do not differ.</p>") : html);
}

void RecordView::copyData()
{
    if (!m_record)
        return;
    const std::string_view bytes = content();
    const QByteArray raw
        = QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size()));
    const DataKind kind = kindOf(bytes);
    const bool text = kind == DataKind::Text || kind == DataKind::Json || kind == DataKind::Empty;
    // Bytes that are no text would not survive as one; so the AWS CLI takes them as data.
    QApplication::clipboard()->setText(text ? QString::fromUtf8(raw)
                                            : QString::fromLatin1(raw.toBase64()));
    emit report(text ? tr("The data is on the clipboard.")
                     : tr("The data is on the clipboard, as base64."));
}

void RecordView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        for (QPlainTextEdit* edit : {m_text, m_hex, m_facts})
            edit->setFont(fixedFont(font()));
    }
    if (event->type() == QEvent::PaletteChange)
        fill();
}

} // namespace shardscope::ui
