#include "core/engine/service_options.h"

namespace shardscope {

const char* designText(ScalingPolicySpec::Design design)
{
    switch (design) {
    case ScalingPolicySpec::Design::ScalingUtils:
        return "scaling-utils";
    case ScalingPolicySpec::Design::AlarmLambda:
        return "alarms and a function";
    case ScalingPolicySpec::Design::ApplicationAutoScaling:
        return "application auto scaling";
    }
    return "";
}

} // namespace shardscope
