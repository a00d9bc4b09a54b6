#include "ui/dialogs/form_dialog.h"

#include <QAccessible>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "ui/style/palette.h"
#include "ui/text.h"

namespace shardscope::ui {

FormDialog::FormDialog(const QString& title, const QString& verb, QWidget* parent)
    : QDialog(parent)
    , m_summary(new QLabel)
    , m_problem(new QLabel)
    , m_buttons(new QDialogButtonBox)
{
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    auto* inside = new QWidget;
    m_form = new QFormLayout(inside);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setSizeConstraint(QLayout::SetMinAndMaxSize);
    // Large fonts on small screens: the form scrolls, its buttons stay in sight.
    auto* scroll = new QScrollArea;
    scroll->setWidget(inside);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
    scroll->setFocusPolicy(Qt::NoFocus);
    m_summary->setObjectName(QStringLiteral("summary"));
    m_problem->setObjectName(QStringLiteral("problem"));
    for (QLabel* label : {m_summary, m_problem}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    QFont bold = font();
    bold.setBold(true);
    m_problem->setFont(bold);
    m_problem->setStyleSheet(QStringLiteral("color: %1;").arg(ui::palette().refused.name()));
    m_problem->hide();
    m_verb = m_buttons->addButton(verb, QDialogButtonBox::AcceptRole);
    m_buttons->addButton(QDialogButtonBox::Cancel);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &FormDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &FormDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addWidget(scroll, 1);
    column->addWidget(m_summary);
    column->addWidget(m_problem);
    column->addWidget(m_buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 60);
}

void FormDialog::showEvent(QShowEvent* event)
{
    // The buttons were made before the fields, yet come after them by Tab; typing can begin at
    // once.
    QWidget* first = nullptr;
    QWidget* last = nullptr;
    for (int row = 0; row < m_form->rowCount(); ++row) {
        const QLayoutItem* item = m_form->itemAt(row, QFormLayout::FieldRole);
        QWidget* field = item != nullptr ? item->widget() : nullptr;
        if (field == nullptr || (field->focusPolicy() & Qt::TabFocus) == 0)
            continue;
        if (first == nullptr && field->isEnabled() && !field->isHidden())
            first = field;
        last = field;
    }
    for (QAbstractButton* button : m_buttons->buttons()) {
        if (last != nullptr)
            setTabOrder(last, button);
        last = button;
    }
    if (first != nullptr && (focusWidget() == nullptr || m_buttons->isAncestorOf(focusWidget())))
        first->setFocus();
    QDialog::showEvent(event);
}

void FormDialog::showProblem(const QString& sentence)
{
    m_problem->setText(sentence);
    m_problem->setVisible(!sentence.isEmpty());
    if (sentence.isEmpty())
        return;
    QAccessibleEvent alert(m_problem, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void FormDialog::refresh()
{
    const QString wrong = problem();
    m_summary->setText(wrong.isEmpty() ? summary() : QString());
    showProblem(wrong);
}

void FormDialog::begin()
{
    m_summary->setText(summary());
}

void FormDialog::accept()
{
    const QString wrong = problem();
    if (!wrong.isEmpty()) {
        showProblem(wrong);
        return;
    }
    m_verb->setEnabled(false); // once is enough
    send([self = QPointer(this)](const Result<void>& reply) {
        if (!self)
            return;
        self->m_verb->setEnabled(true);
        if (reply)
            self->QDialog::accept();
        else
            self->showProblem(toQt(reply.error().message));
    });
}

} // namespace shardscope::ui
