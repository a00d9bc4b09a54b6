#include "ui/docks/scenarios_panel.h"

#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/docks/roomy_delegate.h"

namespace shardscope::ui {

namespace {

constexpr int kNameRole = Qt::UserRole;
constexpr int kLessonRole = Qt::UserRole + 1;

} // namespace

ScenariosPanel::ScenariosPanel(const std::vector<BundledScenario>& bundled, QWidget* parent)
    : QWidget(parent)
    , m_list(new QListWidget)
    , m_lesson(new QLabel)
    , m_load(new QPushButton(tr("Load")))
{
    auto* heading = new QLabel(tr("SCENARIOS"));
    QFont bold = heading->font();
    bold.setBold(true);
    heading->setFont(bold);
    m_list->setObjectName(QStringLiteral("scenarios"));
    m_list->setAccessibleName(tr("Scenarios"));
    m_list->setUniformItemSizes(true);
    m_list->setItemDelegate(new RoomyDelegate(m_list));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    for (const BundledScenario& scenario : bundled) {
        auto* item = new QListWidgetItem(scenario.title, m_list);
        item->setData(kNameRole, scenario.name);
        item->setData(kLessonRole, scenario.lesson);
        item->setToolTip(scenario.title + u'\n' + scenario.lesson);
    }
    m_lesson->setWordWrap(true);
    m_lesson->setTextFormat(Qt::PlainText);
    m_load->setObjectName(QStringLiteral("loadScenario"));
    m_load->setToolTip(tr("Start the chosen scenario from its beginning"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 4, 6, 6);
    column->setSpacing(4);
    column->addWidget(heading);
    column->addWidget(m_list, 1);
    column->addWidget(m_lesson);
    column->addWidget(m_load);

    const auto load = [this] {
        if (const QListWidgetItem* item = m_list->currentItem())
            emit chosen(item->data(kNameRole).toString());
    };
    connect(m_load, &QPushButton::clicked, this, load);
    connect(m_list, &QListWidget::itemActivated, this, load);
    connect(m_list, &QListWidget::currentItemChanged, this, &ScenariosPanel::showLesson);
    if (m_list->count() > 0)
        m_list->setCurrentRow(0);
    showLesson();
}

void ScenariosPanel::showLesson()
{
    const QListWidgetItem* item = m_list->currentItem();
    m_lesson->setText(item ? item->data(kLessonRole).toString() : QString());
    m_load->setEnabled(item != nullptr);
}

void ScenariosPanel::setRunning(const QString& name)
{
    if (name == m_running)
        return;
    m_running = name;
    for (int i = 0; i < m_list->count(); ++i) {
        QListWidgetItem* item = m_list->item(i);
        const bool runs = item->data(kNameRole).toString() == name;
        QFont font = m_list->font();
        font.setBold(runs);
        item->setFont(font);
        item->setData(Qt::AccessibleTextRole,
                      runs ? tr("%1, running").arg(item->text()) : QVariant());
        if (runs)
            m_list->setCurrentItem(item);
    }
}

void ScenariosPanel::takeFocus()
{
    m_list->setFocus(Qt::ShortcutFocusReason);
}

} // namespace shardscope::ui
