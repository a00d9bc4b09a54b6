#include "ui/preferences.h"

#include <QStandardPaths>

#include <algorithm>
#include <utility>

namespace shardscope::ui {

namespace {

constexpr int kRecentMost = 10;

// The words of the file; their order is Preferences::Theme's.
const QStringList& themeWords()
{
    static const QStringList words {QStringLiteral("system"), QStringLiteral("light"),
                                    QStringLiteral("dark"), QStringLiteral("highContrast")};
    return words;
}

} // namespace

Preferences::Preferences(const QString& path)
    : m_settings(path, QSettings::IniFormat)
{
}

QString Preferences::defaultPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
        + QStringLiteral("/shardscope/window.ini");
}

QByteArray Preferences::geometry() const
{
    return m_settings.value(QStringLiteral("window/geometry")).toByteArray();
}

QByteArray Preferences::layout() const
{
    return m_settings.value(QStringLiteral("window/layout")).toByteArray();
}

void Preferences::setPlace(const QByteArray& geometry, const QByteArray& layout)
{
    m_settings.setValue(QStringLiteral("window/geometry"), geometry);
    m_settings.setValue(QStringLiteral("window/layout"), layout);
}

void Preferences::forgetPlace()
{
    m_settings.remove(QStringLiteral("window/geometry"));
    m_settings.remove(QStringLiteral("window/layout"));
}

Preferences::Theme Preferences::theme() const
{
    const auto found
        = themeWords().indexOf(m_settings.value(QStringLiteral("look/theme")).toString());
    return static_cast<Theme>(std::max<qsizetype>(found, 0));
}

void Preferences::setTheme(Theme theme)
{
    m_settings.setValue(QStringLiteral("look/theme"), themeWords().at(static_cast<int>(theme)));
}

int Preferences::magnification() const
{
    return std::clamp(m_settings.value(QStringLiteral("look/magnification"), 100).toInt(), 70, 250);
}

void Preferences::setMagnification(int percent)
{
    m_settings.setValue(QStringLiteral("look/magnification"), std::clamp(percent, 70, 250));
}

bool Preferences::reduceMotion() const
{
    return m_settings.value(QStringLiteral("look/reduceMotion"), false).toBool();
}

void Preferences::setReduceMotion(bool on)
{
    m_settings.setValue(QStringLiteral("look/reduceMotion"), on);
}

bool Preferences::singleKeys() const
{
    return m_settings.value(QStringLiteral("keys/singleKeys"), true).toBool();
}

void Preferences::setSingleKeys(bool on)
{
    m_settings.setValue(QStringLiteral("keys/singleKeys"), on);
}

bool Preferences::startStrip() const
{
    return m_settings.value(QStringLiteral("window/startStrip"), true).toBool();
}

void Preferences::setStartStrip(bool shown)
{
    m_settings.setValue(QStringLiteral("window/startStrip"), shown);
}

std::optional<QList<QKeySequence>> Preferences::keys(const QString& action) const
{
    const QString name = QStringLiteral("keymap/") + action;
    if (!m_settings.contains(name))
        return std::nullopt;
    return QKeySequence::listFromString(m_settings.value(name).toString(),
                                        QKeySequence::PortableText);
}

void Preferences::setKeys(const QString& action, const std::optional<QList<QKeySequence>>& keys)
{
    const QString name = QStringLiteral("keymap/") + action;
    if (keys)
        m_settings.setValue(name, QKeySequence::listToString(*keys, QKeySequence::PortableText));
    else
        m_settings.remove(name);
}

QStringList Preferences::recentFiles() const
{
    return m_settings.value(QStringLiteral("files/recent")).toStringList().mid(0, kRecentMost);
}

void Preferences::addRecentFile(const QString& path)
{
    QStringList files = recentFiles();
    files.removeAll(path);
    files.prepend(path);
    m_settings.setValue(QStringLiteral("files/recent"), files.mid(0, kRecentMost));
}

QString Preferences::lastFile() const
{
    return m_settings.value(QStringLiteral("files/last")).toString();
}

void Preferences::setLastFile(const QString& path)
{
    m_settings.setValue(QStringLiteral("files/last"), path);
}

} // namespace shardscope::ui
