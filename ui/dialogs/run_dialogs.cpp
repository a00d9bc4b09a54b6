#include "ui/dialogs/run_dialogs.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "ui/format.h"
#include "ui/style/palette.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

using Kind = RunCondition::Kind;

} // namespace

RunUntilDialog::RunUntilDialog(const ClockRow& clock, ShardSlot shard, Kind kind, Deck deck,
                               QWidget* parent)
    : QDialog(parent)
    , m_clock(clock)
    , m_deck(std::move(deck))
    , m_kind(new QComboBox)
    , m_figure(new QLineEdit(QStringLiteral("1m")))
    , m_shard(new QSpinBox)
    , m_label(new QLabel)
    , m_problem(new QLabel)
{
    setObjectName(QStringLiteral("runUntilDialog"));
    setWindowTitle(tr("Run until"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_kind->setObjectName(QStringLiteral("condition"));
    m_figure->setObjectName(QStringLiteral("figure"));
    m_problem->setObjectName(QStringLiteral("problem"));
    m_kind->addItem(tr("this much time has passed"), static_cast<int>(Kind::Time));
    m_kind->addItem(tr("a record is refused"), static_cast<int>(Kind::NextRefusal));
    m_kind->addItem(tr("a record is refused on the shard"),
                    static_cast<int>(Kind::NextRefusalOnShard));
    m_kind->addItem(tr("the stream is ACTIVE"), static_cast<int>(Kind::ShardsActive));
    m_kind->addItem(tr("the iterator age is above"), static_cast<int>(Kind::AgeAbove));
    m_kind->addItem(tr("the lag is drained"), static_cast<int>(Kind::LagDrained));
    m_kind->addItem(tr("the next event"), static_cast<int>(Kind::NextEvent));
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(static_cast<int>(kind))));
    m_shard->setRange(0, 1'000'000);
    m_shard->setValue(static_cast<int>(shard.value));
    m_shard->setAccessibleName(tr("Shard"));
    m_problem->setWordWrap(true);
    m_problem->setStyleSheet(
        QStringLiteral("font-weight: bold; color: %1;").arg(ui::palette().refused.name()));
    auto* form = new QFormLayout;
    form->addRow(tr("Run until"), m_kind);
    m_label->setBuddy(m_figure);
    form->addRow(m_label, m_figure);
    form->addRow(tr("Shard"), m_shard);
    auto* buttons = new QDialogButtonBox;
    buttons->addButton(tr("Run"), QDialogButtonBox::AcceptRole);
    buttons->addButton(QDialogButtonBox::Cancel);
    connect(buttons, &QDialogButtonBox::accepted, this, &RunUntilDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &RunUntilDialog::reject);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &RunUntilDialog::refresh);
    connect(m_figure, &QLineEdit::textChanged, this, &RunUntilDialog::refresh);
    auto* column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(m_problem);
    column->addStretch(1);
    column->addWidget(buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 50);
    refresh();
}

void RunUntilDialog::refresh()
{
    const auto kind = static_cast<Kind>(m_kind->currentData().toInt());
    m_label->setText(kind == Kind::AgeAbove ? tr("Age") : tr("Time"));
    m_figure->setEnabled(kind == Kind::Time || kind == Kind::AgeAbove);
    m_shard->setEnabled(kind == Kind::NextRefusalOnShard);
    const QString wrong = problem();
    m_problem->setText(wrong);
    m_problem->setVisible(!wrong.isEmpty());
}

QString RunUntilDialog::problem() const
{
    if (!m_figure->isEnabled())
        return {};
    const auto read = parseDuration(toStd(m_figure->text().trimmed()));
    if (!read)
        return tr("%1: %2").arg(m_label->text(), toQt(read.error().message));
    if (*read <= SimDuration())
        return tr("%1: it must be longer than nothing, e.g. 30s.").arg(m_label->text());
    return {};
}

RunCondition RunUntilDialog::condition() const
{
    RunCondition made;
    made.kind = static_cast<Kind>(m_kind->currentData().toInt());
    made.shard = ShardSlot(static_cast<std::uint32_t>(m_shard->value()));
    const auto figure = parseDuration(toStd(m_figure->text().trimmed()));
    if (figure && made.kind == Kind::Time)
        made.time = m_clock.now + *figure;
    if (figure && made.kind == Kind::AgeAbove)
        made.age = *figure;
    return made;
}

void RunUntilDialog::accept()
{
    if (!problem().isEmpty())
        return;
    m_deck.send(RunUntil {condition()}, [self = QPointer(this)](const Result<void>& reply) {
        if (!self)
            return;
        if (reply)
            return self->QDialog::accept();
        self->m_problem->setText(toQt(reply.error().message));
        self->m_problem->show();
    });
}

NoteDialog::NoteDialog(SimTime now, Deck deck, QWidget* parent)
    : ActDialog(tr("Note"), tr("Write down"), std::move(deck), parent)
    , m_now(now)
    , m_text(new QLineEdit)
{
    setObjectName(QStringLiteral("noteDialog"));
    m_text->setObjectName(QStringLiteral("text"));
    m_text->setMaxLength(200);
    form()->addRow(tr("Note"), m_text);
    connect(m_text, &QLineEdit::textChanged, this, &NoteDialog::refresh);
    begin();
}

QString NoteDialog::problem() const
{
    return m_text->text().trimmed().isEmpty() ? tr("Note: write at least a word.") : QString();
}

QString NoteDialog::summary() const
{
    return tr("Stands on the time line at %1.").arg(format::clock(m_now));
}

Act NoteDialog::act() const
{
    return Note {toStd(m_text->text().trimmed())};
}

} // namespace shardscope::ui
