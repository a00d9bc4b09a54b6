#include "ui/dialogs/help_dialogs.h"

#include <QAction>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <optional>

#include "ui/actions.h"
#include "ui/preferences.h"
#include "ui/style/palette.h"

namespace shardscope::ui {

namespace {

constexpr int kIdRole = Qt::UserRole;
constexpr int kGroupRole = Qt::UserRole + 1;
constexpr int kKeysRole = Qt::UserRole + 2;
constexpr int kFoundMost = 12; // rows before the list scrolls

/// Group in muted letters, the action, and its keys at the far end.
class FoundDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex&) const override
    {
        return {100, option.fontMetrics.height() + 12};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const Palette& colours = ui::palette();
        const bool chosen = option.state.testFlag(QStyle::State_Selected);
        painter->fillRect(option.rect, chosen ? option.palette.highlight() : option.palette.base());
        const QColor ink
            = option.palette.color(chosen ? QPalette::HighlightedText : QPalette::Text);
        const QColor soft = chosen ? ink : colours.mutedText;
        const QFontMetrics& metrics = option.fontMetrics;
        const bool mirrored = option.direction == Qt::RightToLeft;
        const auto part = [&](int from, int wide, const QString& text, const QColor& colour,
                              Qt::Alignment side) {
            const QRect box = QStyle::visualRect(
                option.direction, option.rect,
                QRect(option.rect.left() + from, option.rect.top(), wide, option.rect.height()));
            painter->setPen(colour);
            painter->drawText(
                box,
                static_cast<int>(Qt::AlignVCenter
                                 | QStyle::visualAlignment(option.direction, side)),
                metrics.elidedText(text, mirrored ? Qt::ElideLeft : Qt::ElideRight, wide));
        };
        const QString group = index.data(kGroupRole).toString();
        const QString keys = index.data(kKeysRole).toString();
        const int groupWidth = group.isEmpty() ? 0 : metrics.averageCharWidth() * 9;
        const int keysWidth = metrics.horizontalAdvance(keys);
        part(12, groupWidth, group, soft, Qt::AlignLeft);
        part(12 + groupWidth, option.rect.width() - 36 - groupWidth - keysWidth,
             index.data(Qt::DisplayRole).toString(), ink, Qt::AlignLeft);
        part(option.rect.width() - 12 - keysWidth, keysWidth + 2, keys, soft, Qt::AlignRight);
    }
};

QString plain(QString text)
{
    return text.remove(u'&');
}

QString keysText(const QList<QKeySequence>& keys)
{
    QStringList words;
    for (const QKeySequence& key : keys)
        words += key.toString(QKeySequence::NativeText);
    return words.join(QStringLiteral("   "));
}

} // namespace

ShortcutsSheet::ShortcutsSheet(Actions& actions, Preferences& preferences, QWidget* parent)
    : QDialog(parent)
    , m_actions(actions)
    , m_preferences(preferences)
    , m_table(new QTreeWidget)
    , m_words(new QLabel(tr("Double-click a row, or press Enter on it, to give it another key.")))
{
    setObjectName(QStringLiteral("shortcutsSheet"));
    setWindowTitle(tr("Keyboard"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_table->setObjectName(QStringLiteral("keys"));
    m_table->setAccessibleName(tr("Actions and their keys"));
    m_table->setHeaderLabels({tr("Action"), tr("Keys"), tr("What it does")});
    m_table->setUniformRowHeights(true);
    m_table->setAlternatingRowColors(true);
    fill();
    connect(m_table, &QTreeWidget::itemActivated, this, &ShortcutsSheet::change);
    m_words->setObjectName(QStringLiteral("problem"));
    m_words->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto* reset = buttons->addButton(tr("All keys as at first"), QDialogButtonBox::ResetRole);
    connect(reset, &QPushButton::clicked, this, [this] {
        // Twice: a key may only become free once another row has gone back.
        for (int pass = 0; pass < 2; ++pass)
            for (const ActionSpec& spec : actionTable()) {
                m_preferences.setKeys(spec.id, std::nullopt);
                m_actions.setKeys(spec.id, std::nullopt);
            }
        fill();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_table, 1);
    column->addWidget(m_words);
    column->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 120, fontMetrics().height() * 34);
}

void ShortcutsSheet::fill()
{
    m_table->clear();
    QTreeWidgetItem* group = nullptr;
    for (const ActionSpec& spec : actionTable()) {
        const QString title = plain(groupText(spec.group));
        if (group == nullptr || group->text(0) != title) {
            group = new QTreeWidgetItem(m_table, {title});
            group->setFirstColumnSpanned(true);
            group->setFlags(Qt::ItemIsEnabled);
            QFont bold = m_table->font();
            bold.setBold(true);
            group->setFont(0, bold);
        }
        auto* row = new QTreeWidgetItem(
            group, {plain(spec.text), keysText(m_actions.keys(spec.id)), spec.tip});
        row->setData(0, kIdRole, spec.id);
        row->setToolTip(2, spec.tip);
    }
    addPlotKeys();
    m_table->expandAll();
    m_table->resizeColumnToContents(0);
    m_table->resizeColumnToContents(1);
}

void ShortcutsSheet::addPlotKeys()
{
    // These belong to the plot that has the focus, not to the window, and cannot be changed.
    auto* group = new QTreeWidgetItem(m_table, {tr("On a plot that has the focus")});
    group->setFirstColumnSpanned(true);
    group->setFlags(Qt::ItemIsEnabled);
    QFont bold = m_table->font();
    bold.setBold(true);
    group->setFont(0, bold);
    const auto row = [group](const QString& text, const QString& keys, const QString& tip) {
        (new QTreeWidgetItem(group, {text, keys, tip}))->setToolTip(2, tip);
    };
    row(tr("Table of the last minute"), QKeySequence(Qt::Key_T).toString(QKeySequence::NativeText),
        tr("Show the plot's figures as a table, and the plot again"));
    row(tr("Move the cross-hair"), tr("Left   Right"), tr("A sixtieth of the plot's width"));
    row(tr("Explain the mark"), QKeySequence(Qt::Key_Return).toString(QKeySequence::NativeText),
        tr("Why the record under the cross-hair was refused"));
}

void ShortcutsSheet::change(QTreeWidgetItem* row)
{
    const QString id = row->data(0, kIdRole).toString();
    if (id.isEmpty())
        return;
    auto* editor = new QKeySequenceEdit(m_table);
    editor->setAccessibleName(tr("New key for %1").arg(row->text(0)));
    m_table->setItemWidget(row, 1, editor);
    editor->setFocus();
    m_words->setText(
        tr("Press the new key for “%1”; Backspace takes its key away.").arg(row->text(0)));
    connect(editor, &QKeySequenceEdit::editingFinished, this, [this, editor, id] {
        const QKeySequence key = editor->keySequence();
        // The table is made anew, and with it the editor goes: not inside its own signal.
        QTimer::singleShot(0, this, [this, id, key] { setKeys(id, key); });
    });
}

void ShortcutsSheet::setKeys(const QString& id, const QKeySequence& key)
{
    const bool none = key.isEmpty() || key == QKeySequence(Qt::Key_Backspace);
    const QList<QKeySequence> keys = none ? QList<QKeySequence>() : QList<QKeySequence> {key};
    if (const auto taken = m_actions.setKeys(id, keys)) {
        m_words->setText(*taken);
    } else {
        m_preferences.setKeys(id, keys);
        m_words->setText(tr("Kept."));
    }
    fill();
}

FindAction::FindAction(const Actions& actions, QWidget* parent)
    : QDialog(parent)
    , m_actions(actions)
    , m_query(new QLineEdit)
    , m_list(new QListWidget)
{
    setObjectName(QStringLiteral("findActionDialog"));
    setWindowTitle(tr("Find an action"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_query->setObjectName(QStringLiteral("query"));
    m_query->setPlaceholderText(tr("What do you want to do?"));
    m_query->setAccessibleName(tr("What do you want to do?"));
    m_query->setClearButtonEnabled(true);
    m_list->setObjectName(QStringLiteral("found"));
    m_list->setAccessibleName(tr("Matching actions"));
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setItemDelegate(new FoundDelegate(m_list));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWindowFlag(Qt::FramelessWindowHint);
    // A light edge outside a strong one stands in for a shadow, which a plain window has not.
    const Palette& colours = ui::palette();
    setStyleSheet(QStringLiteral("#findActionDialog { background: %1; border: 2px solid %2; }"
                                 "#query { padding: 6px; border: 1px solid %3; }")
                      .arg(colours.panel.name(), colours.accent.name(), colours.border.name()));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    column->addWidget(m_query);
    column->addWidget(m_list);
    m_query->installEventFilter(this);
    connect(m_query, &QLineEdit::textChanged, this, &FindAction::filter);
    connect(m_query, &QLineEdit::returnPressed, this, &FindAction::run);
    connect(m_list, &QListWidget::itemActivated, this, &FindAction::run);
    setFixedWidth(std::min(fontMetrics().averageCharWidth() * 76,
                           parent ? parent->width() - 32 : fontMetrics().averageCharWidth() * 76));
    filter({});
    if (parent != nullptr)
        move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, parent->height() / 8)));
}

bool FindAction::matches(const QString& query, const QString& text)
{
    const QStringList words = text.toLower().split(u' ', Qt::SkipEmptyParts);
    const QStringList wanted = query.toLower().split(u' ', Qt::SkipEmptyParts);
    for (const QString& want : wanted)
        if (std::none_of(words.begin(), words.end(),
                         [&want](const QString& word) { return word.startsWith(want); }))
            return false;
    return true;
}

void FindAction::filter(const QString& query)
{
    m_list->clear();
    for (const QAction* action : m_actions.all()) {
        const ActionSpec& spec = m_actions.specOf(action);
        if (!action->isEnabled() || spec.id == u"help.find")
            continue;
        const QString group = plain(groupText(spec.group));
        const QString title = plain(spec.text);
        if (!matches(query, group + u' ' + title + u' ' + spec.tip))
            continue;
        const QString keys = keysText(m_actions.keys(spec.id));
        auto* item = new QListWidgetItem(title, m_list);
        item->setData(kIdRole, spec.id);
        item->setData(kGroupRole, group);
        item->setData(kKeysRole, keys);
        item->setData(Qt::AccessibleTextRole, tr("%1, %2, keys: %3").arg(group, title, keys));
        item->setToolTip(spec.tip);
    }
    if (m_list->count() > 0) {
        m_list->setCurrentRow(0);
    } else {
        auto* nothing = new QListWidgetItem(tr("Nothing is called “%1”.").arg(query), m_list);
        nothing->setFlags(Qt::NoItemFlags);
    }
    m_list->setFixedHeight(std::min(m_list->count(), kFoundMost) * m_list->sizeHintForRow(0));
    adjustSize();
}

void FindAction::run()
{
    const QListWidgetItem* item = m_list->currentItem();
    const QString id = item ? item->data(kIdRole).toString() : QString();
    if (id.isEmpty())
        return;
    QAction* action = m_actions[id];
    accept();
    action->trigger();
}

bool FindAction::eventFilter(QObject* watched, QEvent* event)
{
    // Up and down choose in the list while the person goes on typing.
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        if (step != 0 && m_list->count() > 0) {
            m_list->setCurrentRow(qBound(0, m_list->currentRow() + step, m_list->count() - 1));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

AboutDialog::AboutDialog(QWidget* parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("aboutDialog"));
    setWindowTitle(tr("About Shardscope"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* text = new QLabel(
        tr("<h2>Shardscope %1</h2><p>for Amazon Kinesis Data Streams</p>"
           "<p>A simulator with a real shard engine inside: every shard against its limits.</p>"
           "<p>Not affiliated with Amazon Web Services. “Amazon Kinesis” is a trademark of "
           "Amazon.com, Inc. or its affiliates.</p>"
           "<p>Free software under the GNU General Public License, version 3 or later; it comes "
           "without any warranty.</p><p>Made with Qt %2.</p>")
            .arg(QCoreApplication::applicationVersion().toHtmlEscaped(),
                 QString::fromLatin1(qVersion())));
    text->setObjectName(QStringLiteral("aboutText"));
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addWidget(text, 1);
    column->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 64, sizeHint().height());
}

} // namespace shardscope::ui
