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

} // namespace shardscope::ui
