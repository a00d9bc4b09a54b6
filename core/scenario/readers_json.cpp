#include "core/scenario/readers_json.h"

#include <algorithm>

#include "core/scenario/field_reader.h"

namespace shardscope {
namespace scenario_format {
namespace {

constexpr std::size_t kReadersMost = 100;

struct ReadersFile {
    std::vector<AttachedReader> readers;
};

} // namespace

template <typename Io> void fields(Io& io, AttachedReader& reader)
{
    io.require("stream");
    io.text("stream", reader.stream, 1, 128);
    fields(io, reader.spec);
}

template <typename Io> void fields(Io& io, ReadersFile& file)
{
    io.require("readers");
    io.list("readers", file.readers);
    io.check(file.readers.size() <= kReadersMost, "readers", "must be at most 100");
    for (std::size_t i = 1; i < file.readers.size(); ++i) {
        const auto here = file.readers.begin() + static_cast<std::ptrdiff_t>(i);
        io.checkItem(std::none_of(file.readers.begin(), here,
                                  [&](const AttachedReader& other) {
                                      return other.spec.name == here->spec.name;
                                  }),
                     "readers", i, "must have a name of its own");
    }
}

} // namespace scenario_format

Result<std::vector<AttachedReader>> parseReaders(std::string_view json, const std::string& fileName)
{
    using namespace scenario_format;
    const auto root = parseJson(json, fileName);
    if (!root)
        return tl::unexpected<Error>(root.error());
    ReadState state;
    state.file = fileName;
    ReadersFile file;
    FieldReader::read(state, *root, "", file);
    if (state.error)
        return tl::unexpected<Error>(*state.error);
    return std::move(file.readers);
}

} // namespace shardscope
