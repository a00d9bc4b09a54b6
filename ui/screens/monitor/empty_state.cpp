#include "ui/screens/monitor/empty_state.h"

#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/style/palette.h"

namespace shardscope::ui {

EmptyState::EmptyState(const QString& title, const QString& words, QWidget* parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout)
    , m_title(new QLabel(title))
    , m_words(new QLabel(words))
{
    m_title->setWordWrap(true);
    m_title->setAlignment(Qt::AlignCenter);
    m_words->setWordWrap(true);
    m_words->setAlignment(Qt::AlignCenter);
    m_words->setTextFormat(Qt::PlainText);
    m_column->setSpacing(12);
    m_column->addStretch(1);
    m_column->addWidget(m_title);
    m_column->addWidget(m_words);
    m_column->addStretch(2);
    auto* row = new QHBoxLayout(this);
    row->addStretch(1);
    row->addLayout(m_column, 8);
    row->addStretch(1);
    restyle();
}

void EmptyState::setWords(const QString& words)
{
    m_words->setText(words);
}

QPushButton* EmptyState::addButton(const QString& text, const QString& tip)
{
    auto* button = new QPushButton(text);
    button->setToolTip(tip);
    m_column->insertWidget(m_column->count() - 1, button, 0, Qt::AlignCenter);
    return button;
}

void EmptyState::addWidget(QWidget* widget)
{
    m_column->insertWidget(m_column->count() - 1, widget);
}

void EmptyState::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)
        restyle();
}

void EmptyState::restyle()
{
    const QString title = QStringLiteral("font-weight: bold; font-size: %1pt;")
                              .arg(QApplication::font().pointSizeF() * 1.3);
    const QString words = QStringLiteral("color: %1;").arg(ui::palette().mutedText.name());
    // Setting a style changes the palette of the label, and asks again.
    if (m_title->styleSheet() != title)
        m_title->setStyleSheet(title);
    if (m_words->styleSheet() != words)
        m_words->setStyleSheet(words);
}

} // namespace shardscope::ui
