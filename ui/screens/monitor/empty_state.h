#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace shardscope::ui {

/// What stands where there is nothing yet: what it would be, and how to come by it.
class EmptyState : public QWidget {
    Q_OBJECT

public:
    EmptyState(const QString& title, const QString& words, QWidget* parent = nullptr);

    void setWords(const QString& words);
    QPushButton* addButton(const QString& text, const QString& tip);
    void addWidget(QWidget* widget); ///< below the words

protected:
    void changeEvent(QEvent* event) override;

private:
    void restyle();

    QVBoxLayout* m_column;
    QLabel* m_title;
    QLabel* m_words;
};

} // namespace shardscope::ui
