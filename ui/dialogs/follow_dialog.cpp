#include "ui/dialogs/follow_dialog.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTimer>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>
#include <utility>

#include "ui/format.h"
#include "ui/style/palette.h"
#include "ui/text.h"

namespace shardscope::ui {
namespace {

using namespace std::chrono_literals;

enum Column { Files, Into, Followed, Sent, Refused, LeftOut, Waiting };

} // namespace

FollowDialog::FollowDialog(FollowDeck deck, QWidget* parent)
    : QDialog(parent)
    , m_deck(std::move(deck))
    , m_list(new QTreeWidget)
    , m_intro(
          new QLabel(tr("The records of log files, as the Kinesis Agent makes them of the lines "
                        "that come. Choose an agent.json whose kinesisStream is the stream that "
                        "is simulated; run it at 1× to have them when they are written.")))
    , m_trouble(new QLabel)
    , m_stop(new QPushButton(tr("&Stop following")))
{
    setObjectName(QStringLiteral("followDialog"));
    setWindowTitle(tr("Followed log files"));
    m_intro->setWordWrap(true);
    m_list->setObjectName(QStringLiteral("flows"));
    m_list->setAccessibleName(tr("Followed log files"));
    m_list->setHeaderLabels({tr("Files"), tr("Into"), tr("Followed"), tr("Sent"), tr("Refused"),
                             tr("Left out"), tr("Waiting")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(Files, QHeaderView::Stretch);
    m_list->header()->setStretchLastSection(false);
    for (int column = Followed; column <= Waiting; ++column)
        m_list->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    m_trouble->setObjectName(QStringLiteral("trouble"));
    m_trouble->setWordWrap(true);
    m_trouble->setTextFormat(Qt::PlainText);
    m_trouble->setStyleSheet(QStringLiteral("color: %1;").arg(ui::palette().refused.name()));
    m_stop->setObjectName(QStringLiteral("stop"));
    m_stop->setAutoDefault(false);
    auto* choose = new QPushButton(tr("&Follow…"));
    choose->setObjectName(QStringLiteral("follow"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->addButton(choose, QDialogButtonBox::ActionRole);
    buttons->addButton(m_stop, QDialogButtonBox::ActionRole);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_intro);
    column->addWidget(m_list, 1);
    column->addWidget(m_trouble);
    column->addWidget(buttons);
    connect(choose, &QPushButton::clicked, this, &FollowDialog::choose);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        m_deck.stop();
        m_refusal.clear();
        look();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &FollowDialog::look);
    timer->start(500ms);
    resize(820, 320);
    look();
}

void FollowDialog::choose()
{
    auto* dialog = new QFileDialog(this, tr("Follow log files"), {},
                                   tr("Kinesis Agent settings (*.json);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &FollowDialog::follow);
    dialog->open();
}

void FollowDialog::follow(const QString& agentFile)
{
    const Result<void> done = m_deck.follow(toStd(agentFile));
    m_refusal = done ? QString() : toQt(done.error().message);
    look();
}

void FollowDialog::look()
{
    const std::vector<FollowedFlow> flows = m_deck.flows();
    while (m_list->topLevelItemCount() > static_cast<int>(flows.size()))
        delete m_list->takeTopLevelItem(m_list->topLevelItemCount() - 1);
    QStringList troubles;
    if (!m_refusal.isEmpty())
        troubles << m_refusal;
    for (std::size_t i = 0; i < flows.size(); ++i) {
        const AgentFlowState& flow = flows[i].state;
        QTreeWidgetItem* item = m_list->topLevelItem(static_cast<int>(i));
        if (item == nullptr)
            item = new QTreeWidgetItem(m_list);
        item->setText(Files, toQt(flow.filePattern));
        item->setText(Into,
                      flows[i].served ? tr("%1, served").arg(toQt(flow.stream))
                                      : tr("%1, simulated").arg(toQt(flow.stream)));
        const std::pair<Column, std::int64_t> numbers[] {{Followed, flow.files},
                                                         {Sent, flow.recordsSent},
                                                         {Refused, flow.recordSendErrors},
                                                         {LeftOut, flow.skippedRecords},
                                                         {Waiting, flow.buffered}};
        for (const auto& [column, number] : numbers) {
            item->setText(column, format::exact(number));
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        }
        if (!flow.trouble.empty())
            troubles << toQt(flow.trouble);
    }
    m_trouble->setText(troubles.join(QLatin1Char('\n')));
    m_trouble->setVisible(!troubles.isEmpty());
    m_stop->setEnabled(std::any_of(flows.begin(), flows.end(),
                                   [](const FollowedFlow& flow) { return !flow.served; }));
}

} // namespace shardscope::ui
