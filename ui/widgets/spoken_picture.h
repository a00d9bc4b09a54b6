#pragma once

#include <QAccessibleWidget>
#include <QString>

namespace shardscope::ui {

/// A painted widget that can say what it shows. Its QAccessible role is Chart.
class SpokenPicture {
public:
    virtual ~SpokenPicture() = default;
    [[nodiscard]] virtual QString spokenName() const = 0; ///< "Ingest, shard 2"
    [[nodiscard]] virtual QString spokenText() const = 0; ///< the live sentence
    [[nodiscard]] virtual double spokenValue() const = 0; ///< the one figure that matters most
};

/// Teaches QAccessible about every SpokenPicture; may be called often.
void installSpokenPictures();

} // namespace shardscope::ui
