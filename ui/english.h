#pragma once

#include <QTranslator>

namespace shardscope::ui {

/// English from the English of the sources: "%n shard(s)" becomes "1 shard" or "4 shards". Install
/// it before the first text is made.
class EnglishPlurals : public QTranslator {
public:
    using QTranslator::QTranslator;

    [[nodiscard]] bool isEmpty() const override { return false; }
    [[nodiscard]] QString translate(const char* context, const char* sourceText,
                                    const char* disambiguation, int n) const override;
};

} // namespace shardscope::ui
