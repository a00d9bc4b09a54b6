#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/planner/price_book.h"
#include "core/scenario/scenario.h"

/// What the program carries in itself: scenarios and prices.
namespace shardscope {

/// Makes the resources known; before anything below and before the window. May be called twice.
void initResources();
/// Names of the bundled scenarios, sorted.
[[nodiscard]] std::vector<std::string> bundledScenarios();
/// The bundled scenario of that name, or else the file at that path. Errors: BadInput with the
/// nearest names, or what the reader says.
[[nodiscard]] Result<Scenario> loadScenario(const std::string& nameOrPath);
/// The text of the bundled price book.
[[nodiscard]] std::string bundledPricesJson();
[[nodiscard]] PriceBook bundledPrices();

} // namespace shardscope
