#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/endpoint/wire_value.h"
#include "core/endpoint/wire_writer.h"

namespace shardscope::endpoint {

/// Reads a whole JSON text, checked to its end. HttpRequest::kPadding readable bytes must follow
/// it. Errors: BadInput (no JSON, not UTF-8, numbers beyond 64 bits, deeper or larger than a
/// request can be).
[[nodiscard]] Result<WireDocument> readJson(std::string_view text);

/// Appends `text` with its quotes. What is not UTF-8 is passed on: texts were checked on their way
/// in.
void appendJsonText(std::string& out, std::string_view text);

/// Compact JSON. Times are epoch seconds with up to three decimals.
class JsonWriter final : public WireWriter {
public:
    explicit JsonWriter(std::string& out)
        : m_out(out)
    {
    }
    using WireWriter::beginList;
    using WireWriter::beginMap;
    void beginMap() override { open('{'); }
    void endMap() override { close('}'); }
    void beginList() override { open('['); }
    void endList() override { close(']'); }
    void key(std::string_view name) override;
    void name(std::string_view name) override;
    void text(std::string_view value) override;
    void integer(std::int64_t value) override;
    void number(double value) override;
    void boolean(bool value) override;
    void null() override;
    void time(SimTime at) override;
    void blob(std::string_view bytes) override;

private:
    void open(char bracket);
    void close(char bracket);
    void comma();

    std::string& m_out;
    bool m_first = true; ///< nothing stands yet in the innermost bracket, or a key has just come
};

} // namespace shardscope::endpoint
