#include "core/runtime/outside_http.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <curl/curl.h>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/runtime/outside_command.h"

namespace shardscope {
namespace {

constexpr long kConnectSeconds = 10;
constexpr long kPutSeconds = 300; ///< ours: 128 MiB at half a MiB/s
constexpr std::size_t kErrorBodyKept = 4'096;

std::string fromEnvironment(const char* name, const char* otherwise)
{
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody sets it
    return value != nullptr && *value != '\0' ? value : otherwise;
}

std::string hex(const unsigned char* bytes, std::size_t size)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

std::string sha256(std::string_view text)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> sum {};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), sum.data());
    return hex(sum.data(), sum.size());
}

/// An object's key in a path, as SigV4 wants it for S3: everything but unreserved characters and
/// slashes in hexadecimal.
std::string escaped(std::string_view key)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const char c : key) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || std::string_view("-._~/").find(c) != std::string_view::npos)
            text += c;
        else {
            text += '%';
            text += digits[byte >> 4];
            text += digits[byte & 15];
        }
    }
    return text;
}

/// One request and what came back.
class Transfer {
public:
    Transfer(const std::string& url, const char* service, const std::function<bool()>& stopped)
        : m_stopped(stopped)
    {
        static std::once_flag once;
        std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
        m_curl.reset(curl_easy_init());
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
        set(CURLOPT_ERRORBUFFER, m_error.data());
        set(CURLOPT_WRITEFUNCTION, &Transfer::onBody);
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_HEADERFUNCTION, &Transfer::onHeader);
        set(CURLOPT_HEADERDATA, this);
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, &Transfer::onProgress);
        set(CURLOPT_XFERINFODATA, this);
        const std::string region = fromEnvironment("AWS_REGION", "us-east-1");
        set(CURLOPT_AWS_SIGV4, ("aws:amz:" + region + ':' + service).c_str());
        set(CURLOPT_USERNAME, fromEnvironment("AWS_ACCESS_KEY_ID", "test").c_str());
        set(CURLOPT_PASSWORD, fromEnvironment("AWS_SECRET_ACCESS_KEY", "test").c_str());
        if (const std::string token = fromEnvironment("AWS_SESSION_TOKEN", ""); !token.empty())
            header("X-Amz-Security-Token: " + token);
    }
    template <typename Value> void set(CURLoption option, Value value)
    {
        curl_easy_setopt(m_curl.get(), option, value);
    }
    void header(const std::string& line)
    {
        m_headers.reset(curl_slist_append(m_headers.release(), line.c_str()));
    }
    /// False when there is no answer; then `error` says why.
    bool send(const std::string& body)
    {
        set(CURLOPT_POSTFIELDS, body.data());
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        header("Expect:");
        set(CURLOPT_HTTPHEADER, m_headers.get());
        const CURLcode code = curl_easy_perform(m_curl.get());
        if (code != CURLE_OK) {
            error = m_error[0] != '\0' ? m_error.data() : curl_easy_strerror(code);
            timedOut = code == CURLE_OPERATION_TIMEDOUT;
            return false;
        }
        curl_easy_getinfo(m_curl.get(), CURLINFO_RESPONSE_CODE, &status);
        return true;
    }

    long status = 0;
    std::string body, functionError, error;
    bool timedOut = false, tooLarge = false;

private:
    struct Freed {
        void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    static std::size_t onBody(char* bytes, std::size_t one, std::size_t count, void* self)
    {
        auto& me = *static_cast<Transfer*>(self);
        me.tooLarge = me.body.size() + one * count > kFunctionAnswerMost;
        if (me.tooLarge)
            return 0;
        me.body.append(bytes, one * count);
        return one * count;
    }
    static std::size_t onHeader(char* bytes, std::size_t one, std::size_t count, void* self)
    {
        constexpr std::string_view name = "x-amz-function-error:";
        std::string_view line(bytes, one * count);
        if (line.size() > name.size()
            && std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
                   return a == std::tolower(static_cast<unsigned char>(b));
               })) {
            line.remove_prefix(name.size());
            const auto begin = line.find_first_not_of(' ');
            const auto end = line.find_last_not_of(" \r\n");
            if (begin != line.npos)
                static_cast<Transfer*>(self)->functionError = line.substr(begin, end - begin + 1);
        }
        return one * count;
    }
    static int onProgress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
    {
        return static_cast<Transfer*>(self)->m_stopped() ? 1 : 0;
    }

    const std::function<bool()>& m_stopped;
    std::unique_ptr<CURL, Freed> m_curl;
    std::unique_ptr<curl_slist, Freed> m_headers;
    std::array<char, CURL_ERROR_SIZE> m_error {};
};

bool hasPath(const std::string& url)
{
    const std::size_t host = url.find("://") + 3;
    const std::size_t slash = url.find('/', host);
    return slash != url.npos && slash + 1 < url.size();
}

} // namespace

OutsideAnswer invokeByHttp(const FunctionCall& call, const std::function<bool()>& stopped)
{
    std::string url = call.target;
    if (!hasPath(url)) {
        while (url.back() == '/')
            url.pop_back();
        url += "/2015-03-31/functions/function/invocations";
    }
    OutsideAnswer answer;
    Transfer transfer(url, "lambda", stopped);
    transfer.set(CURLOPT_TIMEOUT_MS, static_cast<long>(call.timeout.inMillis()));
    transfer.header("Content-Type: application/json");
    transfer.header("X-Amz-Invocation-Type: RequestResponse");
    if (!transfer.send(call.event)) {
        if (transfer.timedOut || transfer.tooLarge) {
            answer.functionError = "Unhandled";
            answer.payload = transfer.tooLarge
                ? R"({"errorMessage":"The answer is larger than 6 MiB.","errorType":"Function.ResponseSizeTooLarge"})"
                : R"({"errorMessage":"Task timed out after )" + toText(call.timeout)
                    + R"(.","errorType":"Sandbox.Timedout"})";
            return answer;
        }
        answer.trouble
            = "The function at " + url + " could not be invoked: " + transfer.error + ".";
        return answer;
    }
    answer.payload = std::move(transfer.body);
    answer.functionError = std::move(transfer.functionError);
    if (transfer.status < 200 || transfer.status > 299)
        answer.trouble = "The function at " + url + " answered with status "
            + std::to_string(transfer.status) + " where 200 was expected.";
    return answer;
}

OutsideAnswer putObjectByHttp(const ObjectPut& put, const std::function<bool()>& stopped)
{
    std::string url = put.target.substr(kS3Scheme.size());
    while (url.back() == '/')
        url.pop_back();
    url += '/' + escaped(put.key);
    OutsideAnswer answer;
    Transfer transfer(url, "s3", stopped);
    transfer.set(CURLOPT_CUSTOMREQUEST, "PUT");
    transfer.set(CURLOPT_TIMEOUT, kPutSeconds);
    transfer.header("Content-Type: application/octet-stream");
    transfer.header("x-amz-content-sha256: " + sha256(put.body));
    if (!transfer.send(put.body))
        answer.trouble = "The object could not be put to " + url + ": " + transfer.error + ".";
    else if (transfer.status < 200 || transfer.status > 299)
        answer.trouble = "The object store answered " + url + " with status "
            + std::to_string(transfer.status) + ": " + transfer.body.substr(0, kErrorBodyKept);
    return answer;
}

} // namespace shardscope
