#pragma once

#include "core/endpoint/action.h"

/// Every operation, defined in this folder.
namespace shardscope::endpoint::actions {

// streams.cpp
extern const Action kListStreams;

} // namespace shardscope::endpoint::actions
