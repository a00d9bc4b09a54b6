#pragma once

#include <QByteArray>
#include <QKeySequence>
#include <QList>
#include <QSettings>
#include <QString>
#include <QStringList>

#include <optional>

namespace shardscope::ui {

/// What the window remembers between launches, in one INI file: where it stood, how it looks, which
/// keys it listens to, which files were open. Nothing of a run, and nothing secret.
class Preferences {
public:
    enum class Theme { System, Light, Dark, HighContrast };

    /// `path`: the INI file; tests hand in one of their own.
    explicit Preferences(const QString& path = defaultPath());
    [[nodiscard]] static QString defaultPath();

    [[nodiscard]] QByteArray geometry() const;
    [[nodiscard]] QByteArray layout() const;
    void setPlace(const QByteArray& geometry, const QByteArray& layout);
    void forgetPlace();

    [[nodiscard]] Theme theme() const;
    void setTheme(Theme theme);
    [[nodiscard]] int magnification() const; ///< percent, 70 … 250
    void setMagnification(int percent);
    [[nodiscard]] bool reduceMotion() const;
    void setReduceMotion(bool on);
    [[nodiscard]] bool singleKeys() const; ///< single letters act without Ctrl
    void setSingleKeys(bool on);
    [[nodiscard]] bool startStrip() const;
    void setStartStrip(bool shown);

    /// The person's own keys for an action; none when the table's apply. An empty list means "no
    /// key".
    [[nodiscard]] std::optional<QList<QKeySequence>> keys(const QString& action) const;
    void setKeys(const QString& action, const std::optional<QList<QKeySequence>>& keys);

    [[nodiscard]] QStringList recentFiles() const; ///< newest first, at most ten
    void addRecentFile(const QString& path);
    [[nodiscard]] QString lastFile() const; ///< reopened at the next launch; empty: none
    void setLastFile(const QString& path);

private:
    QSettings m_settings;
};

} // namespace shardscope::ui
