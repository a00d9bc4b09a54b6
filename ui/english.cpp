#include "ui/english.h"

namespace shardscope::ui {

QString EnglishPlurals::translate(const char*, const char* sourceText, const char*, int n) const
{
    if (n < 0 || sourceText == nullptr)
        return {};
    QString text = QString::fromUtf8(sourceText);
    if (!text.contains(QStringLiteral("(s)")) && !text.contains(QStringLiteral("(es)")))
        return {};
    text.replace(QStringLiteral("(s)"), n == 1 ? QString() : QStringLiteral("s"));
    text.replace(QStringLiteral("(es)"), n == 1 ? QString() : QStringLiteral("es"));
    return text;
}

} // namespace shardscope::ui
