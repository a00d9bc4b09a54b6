#include "core/planner/price_list.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <set>
#include <simdjson.h>
#include <utility>

#include "core/base/json_writer.h"

namespace shardscope {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::string_view kService = "AmazonKinesis";
constexpr std::string_view kFamily = "Kinesis Streams";
constexpr std::size_t kDaySize = 10; // 2026-11-01
constexpr std::size_t kShownTypes = 3;

struct UsageType {
    std::string_view name;
    std::optional<double> RegionPrices::*price;
    bool perMillion = false; ///< the list's price is for one
};
constexpr std::array kUsageTypes {
    UsageType {"Storage-ShardHour", &RegionPrices::shardHour},
    UsageType {"PutRequestPayloadUnits", &RegionPrices::putMillionUnits, true},
    UsageType {"Extended-ShardHour", &RegionPrices::extendedRetentionShardHour},
    UsageType {"LongTermRetention-ByteHrs", &RegionPrices::longTermRetentionGbMonth},
    UsageType {"LongTermRetention-ReadBytes", &RegionPrices::longTermRetrievalGb},
    UsageType {"EnhancedFanoutHour", &RegionPrices::fanOutConsumerShardHour},
    UsageType {"ReadBytes", &RegionPrices::fanOutGb},
    UsageType {"OnDemand-StreamHour", &RegionPrices::onDemandStreamHour},
    UsageType {"OnDemand-BilledIncomingBytes", &RegionPrices::onDemandInGb},
    UsageType {"OnDemand-BilledOutgoingBytes", &RegionPrices::onDemandOutGb},
    UsageType {"OnDemand-BilledOutgoingEFOBytes", &RegionPrices::onDemandFanOutGb},
    UsageType {"OnDemand-ExtendedRetention-ByteHrs", &RegionPrices::onDemandExtendedGbMonth},
    UsageType {"OnDemand-LongTermRetention-ByteHrs", &RegionPrices::onDemandLongTermGbMonth},
    UsageType {"Advantage-BilledIncomingBytes", &RegionPrices::advantageInGb},
    UsageType {"Advantage-BilledOutgoingBytes", &RegionPrices::advantageOutGb},
    UsageType {"Advantage-BilledOutgoingEFOBytes", &RegionPrices::advantageFanOutGb},
    UsageType {"Advantage-ExtendedRetention-ByteHrs", &RegionPrices::advantageExtendedGbMonth},
};

/// Regions by the names that lists without region codes have.
constexpr std::array<std::pair<std::string_view, std::string_view>, 34> kLocations {{
    {"Africa (Cape Town)", "af-south-1"},
    {"Asia Pacific (Hong Kong)", "ap-east-1"},
    {"Asia Pacific (Hyderabad)", "ap-south-2"},
    {"Asia Pacific (Jakarta)", "ap-southeast-3"},
    {"Asia Pacific (Malaysia)", "ap-southeast-5"},
    {"Asia Pacific (Melbourne)", "ap-southeast-4"},
    {"Asia Pacific (Mumbai)", "ap-south-1"},
    {"Asia Pacific (Osaka)", "ap-northeast-3"},
    {"Asia Pacific (Seoul)", "ap-northeast-2"},
    {"Asia Pacific (Singapore)", "ap-southeast-1"},
    {"Asia Pacific (Sydney)", "ap-southeast-2"},
    {"Asia Pacific (Thailand)", "ap-southeast-7"},
    {"Asia Pacific (Tokyo)", "ap-northeast-1"},
    {"AWS GovCloud (US-East)", "us-gov-east-1"},
    {"AWS GovCloud (US-West)", "us-gov-west-1"},
    {"Canada (Central)", "ca-central-1"},
    {"Canada West (Calgary)", "ca-west-1"},
    {"EU (Frankfurt)", "eu-central-1"},
    {"EU (Ireland)", "eu-west-1"},
    {"EU (London)", "eu-west-2"},
    {"EU (Milan)", "eu-south-1"},
    {"EU (Paris)", "eu-west-3"},
    {"EU (Stockholm)", "eu-north-1"},
    {"Europe (Spain)", "eu-south-2"},
    {"Europe (Zurich)", "eu-central-2"},
    {"Israel (Tel Aviv)", "il-central-1"},
    {"Mexico (Central)", "mx-central-1"},
    {"Middle East (Bahrain)", "me-south-1"},
    {"Middle East (UAE)", "me-central-1"},
    {"South America (Sao Paulo)", "sa-east-1"},
    {"US East (N. Virginia)", "us-east-1"},
    {"US East (Ohio)", "us-east-2"},
    {"US West (N. California)", "us-west-1"},
    {"US West (Oregon)", "us-west-2"},
}};

std::string textOf(const object& from, std::string_view key)
{
    std::string_view text;
    return from.at_key(key).get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::optional<object> objectOf(const object& from, std::string_view key)
{
    object found;
    if (from.at_key(key).get(found) != simdjson::SUCCESS)
        return std::nullopt;
    return found;
}

const UsageType* exactly(std::string_view name)
{
    // On-demand Advantage is written with and without the mode before it.
    for (const std::string_view before : {"OnDemand-Advantage-", "Advantage-OnDemand-"}) {
        if (!name.starts_with(before))
            continue;
        const std::string plain = "Advantage-" + std::string(name.substr(before.size()));
        return exactly(plain);
    }
    const auto* at = std::find_if(kUsageTypes.begin(), kUsageTypes.end(),
                                  [&](const UsageType& type) { return type.name == name; });
    return at == kUsageTypes.end() ? nullptr : at;
}

/// `APN1-` of `APN1-ReadBytes`: two to four capitals, maybe a digit, a hyphen; 0 when there is
/// none.
std::size_t prefixSize(std::string_view name)
{
    const auto isCapital = [](char c) { return c >= 'A' && c <= 'Z'; };
    std::size_t at = 0;
    while (at < name.size() && isCapital(name[at]))
        ++at;
    if (at < 2 || at > 4)
        return 0;
    if (at < name.size() && name[at] >= '0' && name[at] <= '9')
        ++at;
    return at < name.size() && name[at] == '-' ? at + 1 : 0;
}

const UsageType* usageTypeOf(std::string_view name)
{
    if (const UsageType* known = exactly(name))
        return known;
    const std::size_t prefix = prefixSize(name);
    return prefix == 0 ? nullptr : exactly(name.substr(prefix));
}

/// The text's number, or a million of it, without a rounding in between.
std::optional<double> priceOf(const std::string& text, bool perMillion)
{
    const bool plain = !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos;
    const std::string scaled = perMillion ? text + "e6" : text;
    double price = 0;
    const auto [end, error] = std::from_chars(scaled.data(), scaled.data() + scaled.size(), price);
    if (!plain || error != std::errc() || end != scaled.data() + scaled.size())
        return std::nullopt;
    return price;
}

class ListReader {
public:
    explicit ListReader(const std::string& fileName)
        : m_file(fileName)
    {
    }

    Result<PriceBook> read(const element& root);
    [[nodiscard]] tl::unexpected<Error> bad(const std::string& what) const
    {
        return fail(ErrorCode::BadInput, m_file + ": " + what);
    }

private:
    Result<void> readAnswer(const simdjson::dom::array& list);
    Result<void> readOffer(const object& offer, const object& products);
    Result<void> checkService(const std::string& service) const;
    Result<void> addProduct(const object& product, const std::optional<object>& terms);
    Result<void> addDimension(const object& dimension, const UsageType& type,
                              const std::string& usageType, const std::string& region);
    Result<std::string> regionOf(const object& attributes, const std::string& usageType) const;
    void takeDate(const object& from)
    {
        m_book.date = std::max(m_book.date, textOf(from, "publicationDate").substr(0, kDaySize));
    }
    Result<PriceBook> finish();

    const std::string& m_file;
    PriceBook m_book;
    std::set<std::string> m_others; ///< usagetypes that are not read
};

Result<void> ListReader::checkService(const std::string& service) const
{
    if (service.empty() || service == kService)
        return {};
    return bad("is the price list of " + service + "; that of AmazonKinesis would be right");
}

Result<std::string> ListReader::regionOf(const object& attributes,
                                         const std::string& usageType) const
{
    std::string region = textOf(attributes, "regionCode");
    if (!region.empty())
        return region;
    const std::string location = textOf(attributes, "location");
    const auto* at = std::find_if(kLocations.begin(), kLocations.end(),
                                  [&](const auto& known) { return known.first == location; });
    if (at == kLocations.end())
        return bad(usageType + " has no regionCode and the location \"" + location
                   + "\"; a regionCode such as us-east-1 would be right");
    return std::string(at->second);
}

Result<void> ListReader::addDimension(const object& dimension, const UsageType& type,
                                      const std::string& usageType, const std::string& region)
{
    const std::string from = textOf(dimension, "beginRange");
    if (!from.empty() && priceOf(from, false) != 0.0)
        return {}; // a later tier
    const auto perUnit = objectOf(dimension, "pricePerUnit");
    const std::string text = perUnit ? textOf(*perUnit, "USD") : std::string();
    const auto price = priceOf(text, type.perMillion);
    if (!price)
        return bad(usageType + " of " + region + " has the price \"" + text
                   + "\"; an amount of USD such as 0.0150000000 would be right");
    std::optional<double>& known = m_book.regions[region].*type.price;
    if (known && *known != *price)
        return bad(usageType + " of " + region + " is there twice, for " + numberText(*known)
                   + " and for " + numberText(*price) + " USD; one price would be right");
    known = price;
    return {};
}

/// `terms` are the product's own: a term by its code.
Result<void> ListReader::addProduct(const object& product, const std::optional<object>& terms)
{
    const std::string family = textOf(product, "productFamily");
    const auto attributes = objectOf(product, "attributes");
    if (!attributes)
        return bad("a product has no attributes; usagetype and regionCode would be right");
    if (auto service = checkService(textOf(*attributes, "servicecode")); !service)
        return service;
    const std::string usageType = textOf(*attributes, "usagetype");
    const UsageType* type = family.empty() || family == kFamily ? usageTypeOf(usageType) : nullptr;
    if (type == nullptr) {
        if (!usageType.empty())
            m_others.insert(usageType);
        return {};
    }
    const auto region = regionOf(*attributes, usageType);
    if (!region)
        return tl::unexpected(region.error());
    bool priced = false;
    for (const auto& term : terms.value_or(object())) {
        object one;
        if (term.value.get(one) != simdjson::SUCCESS)
            continue;
        const auto dimensions = objectOf(one, "priceDimensions");
        if (!dimensions)
            continue;
        for (const auto& rate : *dimensions) {
            object dimension;
            if (rate.value.get(dimension) != simdjson::SUCCESS)
                return bad(usageType + " of " + *region
                           + " has a priceDimension that is no object");
            if (auto added = addDimension(dimension, *type, usageType, *region); !added)
                return added;
            priced = true;
        }
    }
    if (!priced)
        return bad(usageType + " of " + *region
                   + " has no price; terms.OnDemand with priceDimensions would be right");
    return {};
}

Result<void> ListReader::readAnswer(const simdjson::dom::array& list)
{
    simdjson::dom::parser parser; // of the texts in the list
    std::size_t number = 0;
    for (const element item : list) {
        ++number;
        element inner = item;
        std::string_view text;
        if (item.get(text) == simdjson::SUCCESS
            && parser.parse(text.data(), text.size()).get(inner) != simdjson::SUCCESS)
            return bad("PriceList, item " + std::to_string(number) + " is no JSON text");
        object line;
        if (inner.get(line) != simdjson::SUCCESS)
            return bad("PriceList, item " + std::to_string(number)
                       + " must be the JSON text of a product");
        if (auto service = checkService(textOf(line, "serviceCode")); !service)
            return service;
        const auto product = objectOf(line, "product");
        if (!product)
            return bad("PriceList, item " + std::to_string(number) + " has no product");
        takeDate(line);
        const auto terms = objectOf(line, "terms");
        if (auto added = addProduct(*product, terms ? objectOf(*terms, "OnDemand") : std::nullopt);
            !added)
            return added;
    }
    return {};
}

Result<void> ListReader::readOffer(const object& offer, const object& products)
{
    if (auto service = checkService(textOf(offer, "offerCode")); !service)
        return service;
    takeDate(offer);
    const auto terms = objectOf(offer, "terms");
    const auto onDemand = terms ? objectOf(*terms, "OnDemand") : std::nullopt;
    for (const auto& [sku, value] : products) {
        object product;
        if (value.get(product) != simdjson::SUCCESS)
            return bad("products." + std::string(sku) + " must be an object");
        if (auto added = addProduct(product, onDemand ? objectOf(*onDemand, sku) : std::nullopt);
            !added)
            return added;
    }
    return {};
}

Result<PriceBook> ListReader::finish()
{
    if (m_book.regions.empty()) {
        std::string found;
        std::size_t shown = 0;
        for (const std::string& type : m_others)
            if (shown++ < kShownTypes)
                found += (found.empty() ? " but " : ", ") + type;
        return bad("has no price of Kinesis Data Streams" + found
                   + (m_others.size() > kShownTypes ? " …" : "")
                   + "; usagetypes such as Storage-ShardHour would be right");
    }
    if (m_book.date.size() != kDaySize)
        return bad("has no publicationDate; one such as 2026-11-01T00:00:00Z would be right");
    return std::move(m_book);
}

Result<PriceBook> ListReader::read(const element& root)
{
    object top;
    simdjson::dom::array list;
    Result<void> read;
    if (root.get(top) != simdjson::SUCCESS)
        return bad("must be one object");
    if (top.at_key("PriceList").get(list) == simdjson::SUCCESS)
        read = readAnswer(list);
    else if (const auto products = objectOf(top, "products"))
        read = readOffer(top, *products);
    else
        return bad("is JSON of another kind; a price list of AWS, with PriceList or products, or "
                   "a price book with regions would be right");
    if (!read)
        return tl::unexpected(read.error());
    return finish();
}

/// Reads `text` as JSON; the value lives as long as the parser.
Result<element> parsed(simdjson::dom::parser& parser, std::string_view text,
                       const std::string& fileName)
{
    element root;
    if (const auto error = parser.parse(text.data(), text.size()).get(root))
        return fail(ErrorCode::BadInput,
                    fileName + ": is not JSON (" + simdjson::error_message(error)
                        + "); a price list of AWS or a price book would be right");
    return root;
}

} // namespace

Result<PriceBook> importPriceList(std::string_view json, const std::string& fileName)
{
    simdjson::dom::parser parser;
    const auto root = parsed(parser, json, fileName);
    if (!root)
        return tl::unexpected(root.error());
    return ListReader(fileName).read(*root);
}

Result<PriceBook> readPriceFile(const std::string& path)
{
    simdjson::padded_string text;
    std::error_code ignored;
    errno = 0;
    const bool folder = std::filesystem::is_directory(path, ignored);
    if (folder || simdjson::padded_string::load(path).get(text) != simdjson::SUCCESS) {
        const std::string why = folder ? "it is a folder"
            : errno != 0               ? std::strerror(errno)
                                       : "not to its end";
        return fail(ErrorCode::Io,
                    path + ": cannot be read (" + why
                        + "); a price list of AWS or a price book would be right");
    }
    simdjson::dom::parser parser;
    const auto root = parsed(parser, text, path);
    if (!root)
        return tl::unexpected(root.error());
    if (root->at_key("regions").error() != simdjson::SUCCESS)
        return ListReader(path).read(*root);
    auto book = parsePriceBook(text);
    if (!book)
        return fail(ErrorCode::BadInput, path + ": " + book.error().message);
    return book;
}

} // namespace shardscope
