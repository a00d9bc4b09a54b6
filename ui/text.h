#pragma once

#include <QString>

#include <string>

/// The engine speaks UTF-8 in std::string, the window QString: the one way across.
namespace shardscope::ui {

[[nodiscard]] inline QString toQt(const std::string& s)
{
    return QString::fromUtf8(s.data(), static_cast<qsizetype>(s.size()));
}

[[nodiscard]] inline std::string toStd(const QString& s)
{
    const QByteArray utf8 = s.toUtf8();
    return {utf8.constData(), static_cast<std::size_t>(utf8.size())};
}

/// A long name for a label that wraps: it may break after its signs and, at last, anywhere. What is
/// copied must lose the marks again: they are U+200B.
[[nodiscard]] inline QString breakable(const QString& name)
{
    QString broken;
    qsizetype run = 0;
    for (const QChar c : name) {
        broken += c;
        if (!c.isLetterOrNumber() || ++run == 24) {
            broken += QChar(0x200B);
            run = 0;
        }
    }
    return broken;
}

} // namespace shardscope::ui
