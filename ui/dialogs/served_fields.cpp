#include "ui/dialogs/served_fields.h"

#include <QPlainTextEdit>
#include <QSpinBox>

#include "ui/dialogs/request_dialog.h"
#include "ui/text.h"

namespace shardscope::ui {

QSpinBox* wholeField(const char* name, std::int64_t least, std::int64_t most, std::int64_t value,
                     const QString& unit)
{
    auto* box = new QSpinBox;
    box->setObjectName(QString::fromLatin1(name));
    box->setRange(static_cast<int>(least), static_cast<int>(most));
    box->setGroupSeparatorShown(true);
    box->setSuffix(unit);
    box->setValue(static_cast<int>(value));
    return box;
}

QPlainTextEdit* tagsField()
{
    auto* field = new QPlainTextEdit;
    field->setObjectName(QStringLiteral("tags"));
    field->setAccessibleName(RequestDialog::tr("Tags, one key=value on a line"));
    field->setPlaceholderText(RequestDialog::tr("team=data\nenvironment=test"));
    field->setTabChangesFocus(true);
    field->setLineWrapMode(QPlainTextEdit::NoWrap);
    field->setFixedHeight(field->fontMetrics().height() * 5);
    return field;
}

Result<std::map<std::string, std::string>> readTags(const QString& lines)
{
    std::map<std::string, std::string> tags;
    for (const QString& line : lines.split(u'\n', Qt::SkipEmptyParts)) {
        const QString text = line.trimmed();
        if (text.isEmpty())
            continue;
        const qsizetype at = text.indexOf(u'=');
        if (at <= 0)
            return fail(ErrorCode::BadInput,
                        toStd(RequestDialog::tr("Tags: “%1” is no key=value.").arg(text)));
        if (!tags.emplace(toStd(text.left(at).trimmed()), toStd(text.mid(at + 1).trimmed())).second)
            return fail(ErrorCode::BadInput,
                        toStd(RequestDialog::tr("Tags: “%1” stands there twice.")
                                  .arg(text.left(at).trimmed())));
    }
    return tags;
}

} // namespace shardscope::ui
