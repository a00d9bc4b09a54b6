#pragma once

#include <QFrame>
#include <QWidget>

#include <memory>

#include "ui/monitor_deck.h"

class QBoxLayout;
class QCheckBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace shardscope::ui {

/// The Monitor while the endpoint is off: what it is, where it would listen, one button.
class EndpointOff : public QWidget {
    Q_OBJECT

public:
    explicit EndpointOff(QWidget* parent = nullptr);

    void present(const EndpointState& state);
    [[nodiscard]] EndpointWish wish() const;
    void restyle();

signals:
    void switchOnAsked(const shardscope::ui::EndpointWish& wish);

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void chooseFolder();

    QLabel *m_title, *m_words, *m_trouble;
    QLineEdit *m_listen, *m_tls, *m_folder;
    QCheckBox *m_hasTls, *m_hasFolder;
    QPushButton *m_choose, *m_on;
};

/// The line above everything while it is on: where it listens, what it holds, what troubles it.
class EndpointBar : public QFrame {
    Q_OBJECT

public:
    explicit EndpointBar(QWidget* parent = nullptr);

    void present(const EndpointState& state, const ServedSnapshot* service);
    void restyle();

    /// "12 MiB of 1 GiB in memory · kept in /data, 2 GiB in 12 segments · signatures not checked"
    [[nodiscard]] static QString factsText(const EndpointState& state,
                                           const ServedSnapshot* service);
    /// What a person must know at once: the disk refuses, or something was lost at the last start.
    [[nodiscard]] static QString troubleText(const EndpointState& state,
                                             const ServedSnapshot* service);

signals:
    void switchOffAsked();
    void connectAsked();
    void report(const QString& sentence);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void showUrls(const EndpointState& state);
    void dismissFindings();

    QBoxLayout* m_halves = nullptr; ///< beside each other, or the second below the first
    QHBoxLayout* m_urls;
    std::vector<std::string> m_shownUrls;
    QLabel *m_sign, *m_facts, *m_trouble;
    QWidget* m_banner;
    QString m_dismissed; ///< what the person has read and put away
    QPushButton *m_connect, *m_off, *m_dismiss;
};

} // namespace shardscope::ui
