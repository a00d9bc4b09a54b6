#include "ui/screens/monitor/connect_pane.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QVBoxLayout>

#include "core/endpoint/connect_lines.h"
#include "ui/style/fixed_font.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

constexpr int kLinesShown = 8;

std::vector<endpoint::ConnectLine> linesFor(const EndpointState& state, const QString& region)
{
    return endpoint::connectLines(
        {.url = state.urls.empty() ? "http://127.0.0.1:4567" : state.urls.front(),
         .region = toStd(region),
         .certificateFile = state.certificateFile,
         .anyKey = !state.checksSignatures});
}

} // namespace

ConnectPane::ConnectPane(QWidget* parent)
    : QWidget(parent)
    , m_tabs(new QTabBar)
    , m_text(new QPlainTextEdit)
    , m_note(new QLabel)
{
    m_tabs->setObjectName(QStringLiteral("clientTabs"));
    m_tabs->setAccessibleName(tr("Kind of client"));
    for (const endpoint::ConnectLine& line : linesFor({}, {}))
        m_tabs->addTab(toQt(line.client));
    m_tabs->setExpanding(false);
    m_text->setObjectName(QStringLiteral("connectLines"));
    m_text->setAccessibleName(tr("Lines to paste"));
    m_text->setReadOnly(true);
    m_text->setFont(fixedFont(font()));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTabChangesFocus(true);
    m_text->setMinimumHeight(fontMetrics().height() * kLinesShown);
    auto* copy = new QPushButton(tr("&Copy the lines"));
    copy->setObjectName(QStringLiteral("copyLines"));
    m_note->setWordWrap(true);
    auto* below = new QHBoxLayout;
    below->addWidget(m_note, 1);
    below->addWidget(copy);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_tabs);
    column->addWidget(m_text, 1);
    column->addLayout(below);
    connect(m_tabs, &QTabBar::currentChanged, this, &ConnectPane::fill);
    connect(copy, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_text->toPlainText());
        emit report(tr("The lines for %1 are on the clipboard.")
                        .arg(m_tabs->tabText(m_tabs->currentIndex())));
    });
}

void ConnectPane::present(const EndpointState& endpoint, const QString& region)
{
    if (endpoint.urls == m_endpoint.urls && region == m_region
        && endpoint.checksSignatures == m_endpoint.checksSignatures
        && endpoint.certificateFile == m_endpoint.certificateFile)
        return; // whoever is selecting text goes on doing so
    m_endpoint = endpoint;
    m_region = region;
    fill();
}

void ConnectPane::fill()
{
    const auto lines = linesFor(m_endpoint, m_region);
    m_text->setPlainText(toQt(lines[static_cast<std::size_t>(m_tabs->currentIndex())].program));
    m_note->setText(m_endpoint.checksSignatures
                        ? tr("Signatures are checked: use a key of the credentials file.")
                        : tr("Signatures are not checked: any key will do."));
}

} // namespace shardscope::ui
