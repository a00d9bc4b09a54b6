#include "ui/screens/monitor/endpoint_pane.h"

#include <QAccessible>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QEvent>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/format.h"
#include "ui/icons.h"
#include "ui/style/palette.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

QString bytes(Bytes n)
{
    return format::bytes(static_cast<double>(n));
}

QLabel* plainLabel(const char* name)
{
    auto* label = new QLabel;
    label->setObjectName(QString::fromLatin1(name));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

void alert(QWidget* label)
{
    QAccessibleEvent event(label, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

} // namespace

EndpointOff::EndpointOff(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel(tr("A stream on your desk")))
    , m_words(plainLabel("offWords"))
    , m_trouble(plainLabel("trouble"))
    , m_listen(new QLineEdit(QStringLiteral("127.0.0.1:4567")))
    , m_tls(new QLineEdit(QStringLiteral("127.0.0.1:4568")))
    , m_folder(new QLineEdit)
    , m_hasTls(new QCheckBox(tr("Also with TLS")))
    , m_hasFolder(new QCheckBox(tr("Keep on disk")))
    , m_choose(new QPushButton(tr("Choose…")))
    , m_on(new QPushButton)
{
    setObjectName(QStringLiteral("endpointOff"));
    m_words->setText(tr(
        "Switch the endpoint on, and this program answers as Amazon Kinesis Data Streams does.\n"
        "Point the AWS CLI, an SDK, the KPL or the KCL at it: limits, refusals and resharding are "
        "the service's own.\n"
        "Here you then watch every stream, client, record and error while it happens."));
    m_listen->setObjectName(QStringLiteral("listen"));
    m_listen->setAccessibleName(tr("Address to listen on"));
    m_tls->setObjectName(QStringLiteral("tlsListen"));
    m_tls->setAccessibleName(tr("Address to listen on with TLS"));
    m_folder->setObjectName(QStringLiteral("dataFolder"));
    m_folder->setAccessibleName(tr("Folder that keeps streams and records"));
    m_folder->setPlaceholderText(tr("a folder of its own"));
    m_choose->setAccessibleName(tr("Choose the folder"));
    m_on->setObjectName(QStringLiteral("switchOn"));
    m_on->setDefault(true);
    m_hasTls->setToolTip(tr("A certificate for localhost is made the first time"));
    m_hasFolder->setToolTip(tr("Without a folder everything is gone when the endpoint stops"));

    auto* form = new QGridLayout;
    form->setHorizontalSpacing(10);
    form->setVerticalSpacing(8);
    form->setColumnStretch(1, 1);
    auto* address = new QLabel(tr("&Address"));
    address->setBuddy(m_listen);
    form->addWidget(address, 0, 0);
    form->addWidget(m_listen, 0, 1, 1, 2);
    form->addWidget(m_hasTls, 1, 0);
    form->addWidget(m_tls, 1, 1, 1, 2);
    form->addWidget(m_hasFolder, 2, 0);
    form->addWidget(m_folder, 2, 1);
    form->addWidget(m_choose, 2, 2);
    const auto enable = [this] {
        m_tls->setEnabled(m_hasTls->isChecked());
        m_folder->setEnabled(m_hasFolder->isChecked());
        m_choose->setEnabled(m_hasFolder->isChecked());
    };
    connect(m_hasTls, &QCheckBox::toggled, this, enable);
    connect(m_hasFolder, &QCheckBox::toggled, this, enable);
    enable();
    connect(m_choose, &QPushButton::clicked, this, &EndpointOff::chooseFolder);
    const auto on = [this] {
        if (m_on->isEnabled())
            emit switchOnAsked(wish());
    };
    connect(m_on, &QPushButton::clicked, this, on);
    for (QLineEdit* field : {m_listen, m_tls, m_folder})
        connect(field, &QLineEdit::returnPressed, this, on);

    auto* inside = new QWidget;
    auto* column = new QVBoxLayout;
    column->setSpacing(14);
    column->addStretch(2);
    column->addWidget(m_title);
    column->addWidget(m_words);
    column->addLayout(form);
    column->addWidget(m_trouble);
    column->addWidget(m_on, 0, Qt::AlignLeft);
    column->addStretch(3);
    auto* row = new QHBoxLayout(inside);
    row->addStretch(1);
    row->addLayout(column, 4);
    row->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(inside);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
    present({});
    restyle();
}

EndpointWish EndpointOff::wish() const
{
    EndpointWish wish;
    wish.listen = toStd(m_listen->text().trimmed());
    if (m_hasTls->isChecked())
        wish.tlsListen = toStd(m_tls->text().trimmed());
    if (m_hasFolder->isChecked())
        wish.dataFolder = toStd(m_folder->text().trimmed());
    return wish;
}

void EndpointOff::present(const EndpointState& state)
{
    const QString trouble = toQt(state.trouble);
    if (trouble != m_trouble->text()) {
        m_trouble->setText(trouble);
        if (!trouble.isEmpty())
            alert(m_trouble);
    }
    m_trouble->setVisible(!trouble.isEmpty());
    m_on->setText(state.switching ? tr("Starting…") : tr("Switch the endpoint on"));
    m_on->setEnabled(!state.switching);
}

void EndpointOff::chooseFolder()
{
    auto* dialog
        = new QFileDialog(this, tr("Folder that keeps streams and records"), m_folder->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
    dialog->open();
}

void EndpointOff::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_on->setFocus();
}

void EndpointOff::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        restyle();
}

void EndpointOff::restyle()
{
    m_title->setStyleSheet(QStringLiteral("font-weight: bold; font-size: %1pt;")
                               .arg(QApplication::font().pointSizeF() * 1.6));
    m_trouble->setStyleSheet(
        QStringLiteral("font-weight: bold; color: %1;").arg(ui::palette().refused.name()));
}

EndpointBar::EndpointBar(QWidget* parent)
    : QFrame(parent)
    , m_urls(new QHBoxLayout)
    , m_sign(new QLabel(QStringLiteral("▲ ") + tr("Endpoint on")))
    , m_facts(plainLabel("endpointFacts"))
    , m_trouble(plainLabel("endpointTrouble"))
    , m_banner(new QWidget)
    , m_connect(new QPushButton(tr("Connect a client…")))
    , m_off(new QPushButton(tr("Switch off…")))
    , m_dismiss(new QPushButton(tr("Put away")))
{
    setObjectName(QStringLiteral("endpointBar"));
    setAccessibleName(tr("Endpoint"));
    m_sign->setObjectName(QStringLiteral("endpointSign"));
    m_connect->setObjectName(QStringLiteral("connectClient"));
    m_connect->setToolTip(tr("The lines to paste for the AWS CLI, Python, JavaScript and Java"));
    m_off->setObjectName(QStringLiteral("switchOff"));
    m_off->setToolTip(tr("Stop answering"));
    connect(m_connect, &QPushButton::clicked, this, &EndpointBar::connectAsked);
    connect(m_off, &QPushButton::clicked, this, &EndpointBar::switchOffAsked);
    connect(m_dismiss, &QPushButton::clicked, this, &EndpointBar::dismissFindings);
    m_facts->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_facts->setWordWrap(false);
    auto* where = new QHBoxLayout;
    where->setSpacing(10);
    where->addWidget(m_sign);
    where->addLayout(m_urls);
    where->addStretch(1);
    auto* what = new QHBoxLayout;
    what->setSpacing(10);
    what->addWidget(m_facts, 1);
    what->addWidget(m_connect);
    what->addWidget(m_off);
    m_halves = new QBoxLayout(QBoxLayout::LeftToRight);
    m_halves->setSpacing(10);
    m_halves->addLayout(where);
    m_halves->addLayout(what, 1);
    auto* banner = new QHBoxLayout(m_banner);
    banner->setContentsMargins(10, 4, 6, 4);
    banner->addWidget(m_trouble, 1);
    banner->addWidget(m_dismiss);
    m_banner->setObjectName(QStringLiteral("troubleBanner"));
    m_banner->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 6, 10, 6);
    column->setSpacing(6);
    column->addLayout(m_halves);
    column->addWidget(m_banner);
    restyle();
}

void EndpointBar::showUrls(const EndpointState& state)
{
    if (state.urls == m_shownUrls)
        return;
    m_shownUrls = state.urls;
    while (QLayoutItem* item = m_urls->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const std::string& url : state.urls) {
        const QString words = toQt(url);
        auto* button = new QToolButton;
        button->setObjectName(QStringLiteral("copyUrl"));
        button->setText(words);
        button->setIcon(icon(Sign::Copy));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setMinimumHeight(26);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(tr("Copy %1").arg(words));
        button->setToolTip(url.starts_with("https") && !state.fingerprint.empty()
                               ? tr("Copy this address.\nCertificate %1\nSHA-256 %2")
                                     .arg(toQt(state.certificateFile), toQt(state.fingerprint))
                               : tr("Copy this address"));
        connect(button, &QToolButton::clicked, this, [this, words] {
            QApplication::clipboard()->setText(words);
            emit report(tr("%1 is on the clipboard.").arg(words));
        });
        m_urls->addWidget(button);
    }
}

QString EndpointBar::factsText(const EndpointState& state, const ServedSnapshot* service)
{
    QStringList facts;
    if (service != nullptr)
        facts += tr("%1 of %2 in memory")
                     .arg(bytes(service->memoryRecords), bytes(service->memoryBudget));
    if (service != nullptr && service->store) {
        const StoreRow& store = *service->store;
        facts += tr("%1 on disk").arg(bytes(store.bytesOnDisk));
        if (store.bytesPerSecond > 0)
            facts += tr("writing %1, commit %2 ms")
                         .arg(format::bytesPerSecond(store.bytesPerSecond),
                              QLocale().toString(store.commitMillis, 'f', 1));
    } else if (state.dataFolder.empty()) {
        facts += tr("nothing kept on disk");
    }
    facts += state.checksSignatures ? tr("signatures checked") : tr("signatures not checked");
    return facts.join(QStringLiteral(" · "));
}

QString EndpointBar::troubleText(const EndpointState& state, const ServedSnapshot* service)
{
    QStringList lines;
    if (!state.trouble.empty())
        lines += toQt(state.trouble);
    if (service != nullptr && service->store) {
        if (!service->store->trouble.empty())
            lines += toQt(service->store->trouble);
        for (const std::string& finding : service->store->findings)
            lines += tr("At the last start: %1").arg(toQt(finding));
    }
    constexpr qsizetype kLinesMost = 3;
    if (lines.size() > kLinesMost) {
        const int more = static_cast<int>(lines.size() - kLinesMost + 1);
        lines = lines.mid(0, kLinesMost - 1) << tr("and %n more finding(s)", nullptr, more);
    }
    return lines.join(u'\n');
}

void EndpointBar::present(const EndpointState& state, const ServedSnapshot* service)
{
    showUrls(state);
    const QString facts = factsText(state, service);
    m_facts->setText(m_facts->fontMetrics().elidedText(facts, Qt::ElideRight, m_facts->width()));
    QString tip = facts;
    if (service != nullptr && service->store)
        tip += u'\n'
            + tr("%1: %n segment(s)", nullptr, static_cast<int>(service->store->segments))
                  .arg(toQt(service->store->folder));
    if (!state.fingerprint.empty())
        tip += u'\n' + tr("TLS certificate SHA-256 %1").arg(toQt(state.fingerprint));
    m_facts->setToolTip(tip);
    m_facts->setAccessibleName(tip);
    const QString trouble = troubleText(state, service);
    const bool says = !trouble.isEmpty() && trouble != m_dismissed;
    if (says && trouble != m_trouble->text())
        alert(m_trouble);
    m_trouble->setText(trouble);
    m_banner->setVisible(says);
    m_off->setEnabled(!state.switching);
    m_off->setText(state.switching ? tr("Stopping…") : tr("Switch off…"));
}

void EndpointBar::dismissFindings()
{
    m_dismissed = m_trouble->text();
    m_banner->hide();
}

void EndpointBar::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    // Large letters: what it holds moves below where it listens.
    int needed = m_halves->spacing();
    for (int half = 0; half < m_halves->count(); ++half)
        needed += m_halves->itemAt(half)->sizeHint().width();
    const QMargins edges = layout()->contentsMargins();
    m_halves->setDirection(needed + edges.left() + edges.right() > width()
                               ? QBoxLayout::TopToBottom
                               : QBoxLayout::LeftToRight);
}

void EndpointBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        restyle();
}

void EndpointBar::restyle()
{
    const Palette& colours = ui::palette();
    setStyleSheet(QStringLiteral("#endpointBar { background: %1; border: 0;"
                                 " border-bottom: 1px solid %2; }"
                                 "#endpointFacts { color: %3; }"
                                 "#endpointSign { font-weight: bold; }"
                                 "#troubleBanner { border: 2px solid %4; border-radius: 4px; }"
                                 "#endpointTrouble { font-weight: bold; }")
                      .arg(colours.panel.name(), colours.border.name(), colours.mutedText.name(),
                           colours.refused.name()));
    for (auto* button : findChildren<QToolButton*>(QStringLiteral("copyUrl")))
        button->setIcon(icon(Sign::Copy));
}

} // namespace shardscope::ui
