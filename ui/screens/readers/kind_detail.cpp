#include "ui/screens/readers/kind_detail.h"

#include <variant>

#include "ui/screens/readers/analytics_detail.h"
#include "ui/screens/readers/firehose_detail.h"
#include "ui/screens/readers/kcl_detail.h"
#include "ui/screens/readers/lambda_detail.h"

namespace shardscope::ui {
namespace {

struct Maker {
    KindDetail* operator()(const std::monostate&) const { return nullptr; }
    KindDetail* operator()(const KclState&) const { return new KclDetail; }
    KindDetail* operator()(const AnalyticsState&) const { return new AnalyticsDetail; }
    KindDetail* operator()(const LambdaState&) const { return new LambdaDetail; }
    KindDetail* operator()(const FirehoseState&) const { return new FirehoseDetail; }
};

} // namespace

KindDetail* makeKindDetail(const ReaderState& state)
{
    return std::visit(Maker {}, state);
}

} // namespace shardscope::ui
