#include "core/planner/price_book.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>

#include "core/base/json_writer.h"

namespace shardscope {

namespace {

struct Dimension {
    const char* name;
    std::optional<double> RegionPrices::*price;
};
constexpr std::array kDimensions {
    Dimension {"shardHour", &RegionPrices::shardHour},
    Dimension {"putMillionUnits", &RegionPrices::putMillionUnits},
    Dimension {"extendedRetentionShardHour", &RegionPrices::extendedRetentionShardHour},
    Dimension {"longTermRetentionGbMonth", &RegionPrices::longTermRetentionGbMonth},
    Dimension {"longTermRetrievalGb", &RegionPrices::longTermRetrievalGb},
    Dimension {"fanOutConsumerShardHour", &RegionPrices::fanOutConsumerShardHour},
    Dimension {"fanOutGb", &RegionPrices::fanOutGb},
    Dimension {"onDemandStreamHour", &RegionPrices::onDemandStreamHour},
    Dimension {"onDemandInGb", &RegionPrices::onDemandInGb},
    Dimension {"onDemandOutGb", &RegionPrices::onDemandOutGb},
    Dimension {"onDemandFanOutGb", &RegionPrices::onDemandFanOutGb},
    Dimension {"onDemandExtendedGbMonth", &RegionPrices::onDemandExtendedGbMonth},
    Dimension {"onDemandLongTermGbMonth", &RegionPrices::onDemandLongTermGbMonth},
    Dimension {"advantageInGb", &RegionPrices::advantageInGb},
    Dimension {"advantageOutGb", &RegionPrices::advantageOutGb},
    Dimension {"advantageFanOutGb", &RegionPrices::advantageFanOutGb},
    Dimension {"advantageExtendedGbMonth", &RegionPrices::advantageExtendedGbMonth},
};

tl::unexpected<Error> bad(const std::string& what)
{
    return fail(ErrorCode::BadInput, "price book: " + what);
}

Result<RegionPrices> parseRegion(const std::string& region, const QJsonValue& value)
{
    const std::string place = "regions." + region;
    if (!value.isObject())
        return bad(place + " must be an object of prices in USD");
    RegionPrices prices;
    const QJsonObject object = value.toObject();
    for (auto field = object.begin(); field != object.end(); ++field) {
        const std::string name = field.key().toStdString();
        const Dimension* known = nullptr;
        for (const Dimension& dimension : kDimensions) {
            if (name == dimension.name)
                known = &dimension;
        }
        if (known == nullptr)
            return bad(place + "." + name + " is not a price this program knows");
        if (!field.value().isDouble() || field.value().toDouble() < 0)
            return bad(place + "." + name
                       + " must be a number of USD, 0 or more; leave it out when it is not known");
        prices.*known->price = field.value().toDouble();
    }
    return prices;
}

} // namespace

Result<PriceBook> parsePriceBook(std::string_view json)
{
    QJsonParseError error {};
    const QJsonDocument document = QJsonDocument::fromJson(
        QByteArray(json.data(), static_cast<qsizetype>(json.size())), &error);
    if (error.error != QJsonParseError::NoError)
        return bad("not JSON at byte " + std::to_string(error.offset) + ": "
                   + error.errorString().toStdString());
    if (!document.isObject())
        return bad("the text must be one object with date, sources and regions");
    const QJsonObject root = document.object();
    for (auto field = root.begin(); field != root.end(); ++field) {
        const std::string name = field.key().toStdString();
        if (name != "date" && name != "sources" && name != "regions")
            return bad(name + " is not a field; date, sources and regions are");
    }
    const QJsonValue date = root.value(QLatin1String("date"));
    if (!date.isString() || date.toString().isEmpty())
        return bad("date must be the day on which the prices were read, e.g. \"2026-11-23\"");
    const QJsonValue regions = root.value(QLatin1String("regions"));
    if (!regions.isObject() || regions.toObject().isEmpty())
        return bad("regions must be an object with at least one Region");
    PriceBook book;
    book.date = date.toString().toStdString();
    const QJsonObject all = regions.toObject();
    for (auto region = all.begin(); region != all.end(); ++region) {
        const std::string name = region.key().toStdString();
        Result<RegionPrices> prices = parseRegion(name, region.value());
        if (!prices)
            return tl::unexpected(prices.error());
        book.regions.emplace(name, *prices);
    }
    return book;
}

std::string writePriceBook(const PriceBook& book)
{
    JsonWriter out;
    out.beginObject();
    out.name("date");
    out.text(book.date);
    out.name("regions");
    out.beginObject();
    for (const auto& [region, prices] : book.regions) {
        out.name(region);
        out.beginObject();
        for (const Dimension& dimension : kDimensions) {
            if (!(prices.*dimension.price))
                continue;
            out.name(dimension.name);
            out.number(*(prices.*dimension.price));
        }
        out.endObject();
    }
    out.endObject();
    out.endObject();
    return out.take();
}

PriceBook merged(PriceBook into, const PriceBook& from)
{
    into.date = std::max(into.date, from.date);
    for (const auto& [region, prices] : from.regions)
        for (const Dimension& dimension : kDimensions)
            if (prices.*dimension.price)
                into.regions[region].*dimension.price = prices.*dimension.price;
    return into;
}

} // namespace shardscope
