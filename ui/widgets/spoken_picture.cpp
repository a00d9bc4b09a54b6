#include "ui/widgets/spoken_picture.h"

#include <QAccessible>
#include <QWidget>

namespace shardscope::ui {

namespace {

class PictureInterface final : public QAccessibleWidget, public QAccessibleValueInterface {
public:
    explicit PictureInterface(QWidget* widget, const SpokenPicture* picture)
        : QAccessibleWidget(widget, QAccessible::Chart)
        , m_picture(picture)
    {
    }
    QString text(QAccessible::Text kind) const override
    {
        switch (kind) {
        case QAccessible::Name:
            return m_picture->spokenName();
        case QAccessible::Description:
            return m_picture->spokenText();
        case QAccessible::Value:
            return widget()->locale().toString(m_picture->spokenValue(), 'f', 1);
        default:
            return QAccessibleWidget::text(kind);
        }
    }
    void* interface_cast(QAccessible::InterfaceType type) override
    {
        if (type == QAccessible::ValueInterface)
            return static_cast<QAccessibleValueInterface*>(this);
        return QAccessibleWidget::interface_cast(type);
    }
    QVariant currentValue() const override { return m_picture->spokenValue(); }
    void setCurrentValue(const QVariant&) override { }
    QVariant maximumValue() const override { return {}; }
    QVariant minimumValue() const override { return 0.0; }
    QVariant minimumStepSize() const override { return {}; }

private:
    const SpokenPicture* m_picture;
};

QAccessibleInterface* make(const QString&, QObject* object)
{
    auto* widget = qobject_cast<QWidget*>(object);
    const auto* picture = dynamic_cast<const SpokenPicture*>(widget);
    return picture == nullptr ? nullptr : new PictureInterface(widget, picture);
}

} // namespace

void installSpokenPictures()
{
    // A function that is installed already is moved, not doubled, by removing it first.
    QAccessible::removeFactory(make);
    QAccessible::installFactory(make);
}

} // namespace shardscope::ui
