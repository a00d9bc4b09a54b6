#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/endpoint/wire_value.h"
#include "core/endpoint/wire_writer.h"

/// CBOR (RFC 8949) as the clients speak it. Times are tag 1; what the number counts differs from
/// protocol to protocol, in both directions.
namespace shardscope::endpoint {

enum class CborTime {
    Milliseconds, ///< `application/x-amz-cbor-1.1`: an integer (API 6.1)
    Seconds, ///< `rpc-v2-cbor`, as the RFC has it: with a fraction
};

/// Reads one value, checked to the body's end. Map keys are texts. Texts point into `body` unless
/// they came in pieces. Errors: BadInput (not well formed, texts that are not UTF-8, deeper or
/// larger than a request can be).
[[nodiscard]] Result<WireDocument> readCbor(std::string_view body, CborTime time);

/// Maps and lists of indefinite length, everything else as short as it can be.
class CborWriter final : public WireWriter {
public:
    CborWriter(std::string& out, CborTime time)
        : m_out(out)
        , m_time(time)
    {
    }
    using WireWriter::beginList;
    using WireWriter::beginMap;
    void beginMap() override;
    void endMap() override;
    void beginList() override;
    void endList() override;
    void key(std::string_view name) override { text(name); }
    void name(std::string_view name) override { text(name); }
    void text(std::string_view value) override;
    void integer(std::int64_t value) override;
    void number(double value) override;
    void boolean(bool value) override;
    void null() override;
    void time(SimTime at) override;
    void blob(std::string_view bytes) override;

private:
    void head(unsigned major, std::uint64_t value);

    std::string& m_out;
    CborTime m_time;
};

} // namespace shardscope::endpoint
