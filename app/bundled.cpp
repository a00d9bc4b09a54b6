#include "app/bundled.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <filesystem>

#include "core/base/check.h"
#include "core/scenario/nearest.h"
#include "core/scenario/scenario_json.h"

// Q_INIT_RESOURCE declares a function and so must stand outside of every namespace.
static void initQtResources()
{
    Q_INIT_RESOURCE(resources);
}

namespace shardscope {
namespace {

std::string resourceText(const QString& path)
{
    QFile file(path);
    // A missing resource is a broken build, not a condition to live with.
    SHARDSCOPE_CHECK(file.open(QIODevice::ReadOnly));
    return file.readAll().toStdString();
}

QString pathOf(const std::string& name)
{
    return QStringLiteral(":/scenarios/%1.json").arg(QString::fromStdString(name));
}

} // namespace

void initResources()
{
    initQtResources();
}

std::vector<std::string> bundledScenarios()
{
    std::vector<std::string> names;
    const QDir folder(QStringLiteral(":/scenarios"));
    for (const QString& file : folder.entryList({QStringLiteral("*.json")}, QDir::Files)) {
        const std::string name = file.chopped(5).toStdString();
        if (name != "scenario.schema")
            names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<Scenario> loadScenario(const std::string& nameOrPath)
{
    const std::vector<std::string> names = bundledScenarios();
    if (std::find(names.begin(), names.end(), nameOrPath) != names.end())
        return parseScenario(resourceText(pathOf(nameOrPath)), nameOrPath + ".json");
    std::error_code ignored;
    if (std::filesystem::exists(nameOrPath, ignored))
        return readScenarioFile(nameOrPath);
    const std::string nearest = nearestWord(nameOrPath, names);
    return fail(
        ErrorCode::BadInput,
        '"' + nameOrPath + "\" is neither a bundled scenario nor a file; "
            + (nearest.empty() ? "bundled are " + orList(names) : "did you mean " + nearest + '?'));
}

std::string bundledPricesJson()
{
    return resourceText(QStringLiteral(":/prices.json"));
}

PriceBook bundledPrices()
{
    auto prices = parsePriceBook(bundledPricesJson());
    SHARDSCOPE_CHECK(prices.has_value());
    return *std::move(prices);
}

} // namespace shardscope
