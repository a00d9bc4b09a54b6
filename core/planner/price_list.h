#pragma once

#include <string>
#include <string_view>

#include "core/planner/price_book.h"

namespace shardscope {

/// Reads what AWS charges for Kinesis Data Streams: the answer of `aws pricing get-products
/// --service-code AmazonKinesis`, or the bulk offer file of the same service. Prices go by their
/// usagetype (facts/scaling-and-pricing.md 1.3, 1.4 and 2.4); of tiers the first counts. Errors:
/// BadInput with file, line and what would be right.
///
///     {"PriceList": ["{\"product\": {"productFamily", "attributes": {"usagetype", "regionCode",
///                     "location"}}, "serviceCode", "publicationDate",
///                     "terms": {"OnDemand": {TERM: {"priceDimensions": {RATE: {"beginRange",
///                     "pricePerUnit": {"USD"}}}}}}}"]}
///     {"offerCode", "publicationDate", "products": {SKU: product},
///      "terms": {"OnDemand": {SKU: {TERM: …}}}}
[[nodiscard]] Result<PriceBook> importPriceList(std::string_view json, const std::string& fileName);
/// Reads a file that is either a price book of ours or a price list of AWS. Errors: Io when it
/// cannot be read, otherwise BadInput.
[[nodiscard]] Result<PriceBook> readPriceFile(const std::string& path);

} // namespace shardscope
