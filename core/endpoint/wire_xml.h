#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/endpoint/wire_writer.h"

/// The query protocol's answers (CloudWatch as the AWS CLI 2.9 and boto3 1.26 speak it).
namespace shardscope::endpoint {

void appendXmlText(std::string& out, std::string_view text);

/// Writes the inside of `<OperationResult>`: maps become elements, list items `<member>`.
class XmlWriter final : public WireWriter {
public:
    explicit XmlWriter(std::string& out)
        : m_out(out)
    {
    }
    using WireWriter::beginList;
    using WireWriter::beginMap;
    void beginMap() override { open(); }
    void endMap() override { close(); }
    void beginList() override
    {
        open();
        m_open.back().list = true;
    }
    void endList() override { close(); }
    void key(std::string_view name) override { m_name = name; }
    void name(std::string_view name) override { m_name = name; } ///< no answer in XML has one
    void text(std::string_view value) override;
    void integer(std::int64_t value) override;
    void number(double value) override;
    void boolean(bool value) override;
    void null() override;
    void time(SimTime at) override;
    void blob(std::string_view bytes) override;

private:
    struct Element {
        std::string name; ///< empty: the outermost, which the envelope names
        bool list = false;
    };
    void open();
    void close();
    void leaf(std::string_view escaped);
    [[nodiscard]] std::string nextName() const;

    std::string& m_out;
    std::string m_name;
    std::vector<Element> m_open;
};

/// `inside` is what an XmlWriter wrote; empty for an operation that answers nothing.
[[nodiscard]] std::string xmlEnvelope(std::string_view operation, std::string_view inside,
                                      std::string_view requestId);
[[nodiscard]] std::string xmlError(int status, std::string_view code, std::string_view message,
                                   std::string_view requestId);

} // namespace shardscope::endpoint
