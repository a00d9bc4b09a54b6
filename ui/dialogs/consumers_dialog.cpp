#include "ui/dialogs/consumers_dialog.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

QString statusOf(ConsumerStatus status)
{
    switch (status) {
    case ConsumerStatus::Creating:
        return QStringLiteral("CREATING");
    case ConsumerStatus::Deleting:
        return QStringLiteral("DELETING");
    case ConsumerStatus::Active:
        return QStringLiteral("ACTIVE");
    }
    return {};
}

} // namespace

ConsumersDialog::ConsumersDialog(std::string stream, MonitorDeck deck, QWidget* parent)
    : LiveDialog(tr("Registered consumers"), std::move(stream), std::move(deck), parent)
    , m_list(new QTreeWidget)
    , m_name(new QLineEdit)
    , m_register(new QPushButton(tr("&Register")))
    , m_deregister(new QPushButton(tr("&Deregister")))
{
    setObjectName(QStringLiteral("consumersDialog"));
    m_list->setObjectName(QStringLiteral("consumers"));
    m_list->setAccessibleName(tr("Registered consumers"));
    m_list->setHeaderLabels({tr("Consumer"), tr("Status"), tr("Since, UTC")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setStretchLastSection(false);
    m_name->setObjectName(QStringLiteral("name"));
    m_name->setMaxLength(128);
    m_name->setPlaceholderText(tr("name of a new consumer"));
    m_name->setAccessibleName(tr("Name of a new consumer"));
    m_register->setObjectName(QStringLiteral("register"));
    m_register->setEnabled(false);
    m_register->setAutoDefault(false);
    m_deregister->setObjectName(QStringLiteral("deregister"));
    m_deregister->setEnabled(false);
    m_deregister->setAutoDefault(false);
    auto* add = new QHBoxLayout;
    add->addWidget(m_name, 1);
    add->addWidget(m_register);
    add->addWidget(m_deregister);
    column()->addWidget(m_list, 1);
    column()->addLayout(add);
    connect(m_name, &QLineEdit::textChanged, this,
            [this](const QString& text) { m_register->setEnabled(!text.isEmpty()); });
    connect(m_name, &QLineEdit::returnPressed, this, &ConsumersDialog::registerConsumer);
    connect(m_register, &QPushButton::clicked, this, &ConsumersDialog::registerConsumer);
    connect(m_deregister, &QPushButton::clicked, this, &ConsumersDialog::deregister);
    connect(m_list, &QTreeWidget::currentItemChanged, this,
            [this](const QTreeWidgetItem* item) { m_deregister->setEnabled(item != nullptr); });
    look();
    m_name->setFocus();
}

void ConsumersDialog::present()
{
    const ServedStreamRow* stream = row();
    const std::vector<ConsumerDescription> none;
    const auto& consumers = stream ? stream->consumers : none;
    while (m_list->topLevelItemCount() > static_cast<int>(consumers.size()))
        delete m_list->takeTopLevelItem(m_list->topLevelItemCount() - 1);
    for (std::size_t i = 0; i < consumers.size(); ++i) {
        QTreeWidgetItem* item = m_list->topLevelItem(static_cast<int>(i));
        if (item == nullptr)
            item = new QTreeWidgetItem(m_list);
        item->setText(0, toQt(consumers[i].consumerName));
        item->setText(1, statusOf(consumers[i].status));
        item->setText(2, format::dateTime(consumers[i].createdAt));
    }
}

void ConsumersDialog::registerConsumer()
{
    if (m_name->text().isEmpty())
        return;
    ask(RegisterStreamConsumer {stream(), toStd(m_name->text()), {}},
        tr("Registered %1.").arg(m_name->text()));
    m_name->clear();
}

void ConsumersDialog::deregister()
{
    if (const QTreeWidgetItem* item = m_list->currentItem())
        ask(DeregisterStreamConsumer {stream(), toStd(item->text(0)), 0},
            tr("Deregistered %1.").arg(item->text(0)));
}

} // namespace shardscope::ui
