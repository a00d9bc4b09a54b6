#include "app/bench/put_body.h"

#include "app/bench/keys.h"
#include "core/base/base64.h"

namespace shardscope {
namespace {

std::string dataOf(std::size_t bytes, std::size_t row)
{
    std::string data(bytes, '\0');
    for (std::size_t at = 0; at < data.size(); ++at)
        data[at] = static_cast<char>(row * 131 + at * 7);
    return data;
}

} // namespace

std::string putRecordsBody(const PutBody& what)
{
    const BenchKeys keys(what.firstKey + what.rows);
    std::string text = R"({"StreamName":"bench","Records":[)";
    for (std::size_t i = 0; i < what.rows; ++i) {
        text += i == 0 ? R"({"Data":")" : R"(,{"Data":")";
        appendBase64(text, dataOf(what.dataBytes, i));
        text += R"(","PartitionKey":")";
        text += keys.key(what.firstKey + i);
        text += "\"}";
    }
    return text + "]}";
}

std::string putRecordBody(const PutBody& what)
{
    const BenchKeys keys(what.firstKey + 1);
    std::string text = R"({"StreamName":"bench","Data":")";
    appendBase64(text, dataOf(what.dataBytes, what.firstKey));
    text += R"(","PartitionKey":")";
    text += keys.key(what.firstKey);
    return text + "\"}";
}

} // namespace shardscope
