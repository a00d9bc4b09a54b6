#include <QtTest>

#include <string>
#include <utility>
#include <vector>

#include "core/endpoint/sigv4.h"
#include "core/endpoint/sigv4_canonical.h"
#include "core/endpoint/sigv4_digest.h"

using namespace shardscope;
using namespace shardscope::endpoint;

namespace {

struct Vector {
    const char* name;
    const char* method;
    const char* path;
    const char* query;
    std::vector<std::pair<const char*, const char*>> headers; ///< beside the signature's own
    const char* body;
    const char* signedHeaders;
    const char* signature;
};

const char* const kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const char* const kToken = "FwoGZXIvYXdzEXAMPLE/token+with=signs==";

/// From AWS's signing test suite (github.com/awslabs/aws-c-auth, tests/aws-signing-test-suite/v4):
/// all are signed by AKIDEXAMPLE at 20150830T123600Z for `service` in us-east-1.
const Vector kAws[] {
    {"plain",
     "GET",
     "/",
     "",
     {},
     "",
     "host;x-amz-date",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"dot segments",
     "GET",
     "/example1/example2/../..",
     "",
     {},
     "",
     "host;x-amz-date",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"a pointless dot",
     "GET",
     "/./example",
     "",
     {},
     "",
     "host;x-amz-date",
     "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
    {"repeated slashes",
     "GET",
     "//example//",
     "",
     {},
     "",
     "host;x-amz-date",
     "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
    {"a space in the path",
     "GET",
     "/example space/",
     "",
     {},
     "",
     "host;x-amz-date",
     "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
    {"UTF-8 in the path",
     "GET",
     "/\xE1\x88\xB4",
     "",
     {},
     "",
     "host;x-amz-date",
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"a parameter",
     "GET",
     "/",
     "Param1=value1",
     {},
     "",
     "host;x-amz-date",
     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {"UTF-8 in the query",
     "GET",
     "/",
     "\xE1\x88\xB4=bar",
     {},
     "",
     "host;x-amz-date",
     "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    {"parameters sorted as encoded",
     "GET",
     "/",
     "Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
     {},
     "",
     "host;x-amz-date",
     "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"},
    {"values folded",
     "GET",
     "/",
     "",
     {{"my-header1", " value1"}, {"my-header2", " \"a   b   c\""}},
     "",
     "host;my-header1;my-header2;x-amz-date",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"repeated fields",
     "GET",
     "/",
     "",
     {{"my-header1", "value2"}, {"my-header1", "value2"}, {"my-header1", "value1"}},
     "",
     "host;my-header1;x-amz-date",
     "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {"repeated fields keep their order",
     "GET",
     "/",
     "",
     {{"my-header1", "value4"},
      {"my-header1", "value1"},
      {"my-header1", "value3"},
      {"my-header1", "value2"}},
     "",
     "host;my-header1;x-amz-date",
     "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
    {"a body",
     "POST",
     "/",
     "",
     {{"content-type", "application/x-www-form-urlencoded"},
      {"content-length", "13"},
      {"x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"}},
     "Param1=value1",
     "content-length;content-type;host;x-amz-content-sha256;x-amz-date",
     "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"},
    {"in the query",
     "GET",
     "/",
     "Param2=value2&Param1=value1&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE"
     "%2F20150830%2Fus-east-1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&"
     "X-Amz-SignedHeaders=host&X-Amz-Expires=3600&X-Amz-Signature="
     "86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5",
     {},
     "",
     "host",
     "86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5"},
};

/// Made with botocore 1.43.11 and, where the name says so, with the JavaScript SDK 3.1142.0 as it
/// speaks HTTP/2, at 20260105T120000Z for us-east-1. A name begins with the service.
const Vector kClients[] {
    {"kinesis PutRecord",
     "POST",
     "/",
     "",
     {{"x-amz-target", "Kinesis_20131202.PutRecord"},
      {"user-agent", "aws-cli/2.15"},
      {"content-type", "application/x-amz-json-1.1"}},
     R"({"StreamName":"demo","Data":"aGVsbG8=","PartitionKey":"k1"})",
     "content-type;host;x-amz-date;x-amz-target",
     "c967b5f217dac980eac129b3bb6c80c95aeafcf3295bc13e4a18c4342135bd2f"},
    {"kinesis with a token",
     "POST",
     "/",
     "",
     {{"x-amz-target", "Kinesis_20131202.ListStreams"},
      {"x-amz-security-token", kToken},
      {"content-type", "application/x-amz-json-1.1"}},
     "{}",
     "content-type;host;x-amz-date;x-amz-security-token;x-amz-target",
     "301e6a7d21102ba46c5a12408cca31e71de937e562d824c12a1907fa133fb4da"},
    {"monitoring ListMetrics",
     "POST",
     "/",
     "",
     {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}},
     "Action=ListMetrics&Version=2010-08-01",
     "content-type;host;x-amz-date",
     "8d12d3d8b7049d65fcc652b9eb073d3ec4a2e0f878f27440c4fa7c4dca45f185"},
    {"kms ListKeys",
     "POST",
     "/",
     "",
     {{"x-amz-target", "TrentService.ListKeys"}, {"content-type", "application/x-amz-json-1.1"}},
     "{}",
     "content-type;host;x-amz-date;x-amz-target",
     "204cee0c82ac3b787e2496244c555461866bff7e707346bff27f7c2f55d820f9"},
    {"kinesis under a path with a query",
     "POST",
     "/local/../up%20here//x%2Fy/",
     "b=2&a=%2F&a=%20z&A=1",
     {{"x-amz-target", "Kinesis_20131202.ListStreams"},
      {"content-type", "application/x-amz-json-1.1"},
      {"host", "localhost:4567"}},
     "{}",
     "content-type;host;x-amz-date;x-amz-target",
     "6c49c913814f8912dc6f1cb1f75672f55c19511d51824a428fdbc786e1ad8a4e"},
    {"kinesis with spaces in a field",
     "POST",
     "/",
     "",
     {{"x-amz-target", "Kinesis_20131202.ListStreams"},
      {"x-amz-meta", "  a   b  \"c   d\"  "},
      {"content-type", "application/x-amz-json-1.1"}},
     "{}",
     "content-type;host;x-amz-date;x-amz-meta;x-amz-target",
     "fdef7c44b9b3212dffdd3d6b50d1e66c795640a6435dc627a208ae1b68e29f6f"},
    {"kinesis from JavaScript",
     "POST",
     "/",
     "",
     {{"content-type", "application/x-amz-json-1.1"},
      {"x-amz-target", "Kinesis_20131202.PutRecord"},
      {"content-length", "59"},
      {"x-amz-user-agent", "aws-sdk-js/3.1142.0"},
      {"user-agent", "aws-sdk-js/3.1142.0 ua/2.1 lang/js api/kinesis#3.1142.0 m/N,E,P,e"},
      {":authority", "127.0.0.1:4567"},
      {"amz-sdk-invocation-id", "1033be81-0c04-4654-8b45-e69727641408"},
      {"amz-sdk-request", "attempt=1; max=1"},
      {"x-amz-content-sha256", "2c0092f04d1126928ff4fc1e3b1e384bce54fc567e91f94926a63ee2f7efffa6"}},
     R"({"Data":"aGVsbG8=","StreamName":"demo","PartitionKey":"k1"})",
     ":authority;amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;x-amz-content-"
     "sha256;x-amz-date;x-amz-target;x-amz-user-agent",
     "8166d9544a64cdb7f7ab3fa88e9b4f84736f359dd78303665db0c782237a97f5"},
    {"kinesis from JavaScript with a token",
     "POST",
     "/",
     "",
     {{"content-type", "application/x-amz-json-1.1"},
      {"x-amz-target", "Kinesis_20131202.PutRecord"},
      {"content-length", "59"},
      {"x-amz-user-agent", "aws-sdk-js/3.1142.0"},
      {"user-agent", "aws-sdk-js/3.1142.0 ua/2.1 lang/js api/kinesis#3.1142.0 m/N,E,P,e"},
      {":authority", "127.0.0.1:4567"},
      {"amz-sdk-invocation-id", "8841652a-1570-4aac-a0d8-7d61808a2d95"},
      {"amz-sdk-request", "attempt=1; max=1"},
      {"x-amz-security-token", kToken},
      {"x-amz-content-sha256", "2c0092f04d1126928ff4fc1e3b1e384bce54fc567e91f94926a63ee2f7efffa6"}},
     R"({"Data":"aGVsbG8=","StreamName":"demo","PartitionKey":"k1"})",
     ":authority;amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;x-amz-content-"
     "sha256;x-amz-date;x-amz-security-token;x-amz-target;x-amz-user-agent",
     "1026b5120249cfd1b997e5f6e078f64c24a5283e29729b010c775186e7d43bc1"},
    {"kinesis in the query",
     "POST",
     "/",
     "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260105%2Fus-east-1%2F"
     "kinesis%2Faws4_request&X-Amz-Date=20260105T120000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders="
     "content-type%3Bhost%3Bx-amz-target&X-Amz-Signature="
     "a474c47d180290b078371c9823dee306043ae5ef1d0511933536180f72fc6cf3",
     {{"x-amz-target", "Kinesis_20131202.ListStreams"},
      {"content-type", "application/x-amz-json-1.1"}},
     "",
     "",
     ""},
    {"kinesis in the query with a token",
     "POST",
     "/",
     "note=a%20b&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAEXAMPLE%2F20260105%2F"
     "us-east-1%2Fkinesis%2Faws4_request&X-Amz-Date=20260105T120000Z&X-Amz-Expires=60&"
     "X-Amz-SignedHeaders=content-type%3Bhost%3Bx-amz-target&X-Amz-Security-Token=FwoGZXIvYXdzEX"
     "AMPLE%2Ftoken%2Bwith%3Dsigns%3D%3D&X-Amz-Signature="
     "88ef43569a1b86e39383c4f256580569597bfeec53c152df39faea574a0bae20",
     {{"x-amz-target", "Kinesis_20131202.ListStreams"},
      {"content-type", "application/x-amz-json-1.1"}},
     "",
     "",
     ""},
};

HttpRequest requestOf(const Vector& vector, const char* host, const char* date)
{
    HttpRequest request;
    request.method = vector.method;
    request.path = vector.path;
    request.query = vector.query;
    request.body = vector.body;
    for (const auto& [name, value] : vector.headers)
        request.headers.add(name, value);
    if (!request.headers.find("host") && !request.headers.find(":authority"))
        request.headers.add("host", host);
    request.headers.add("x-amz-date", date);
    return request;
}

Authenticator::Options someKeys()
{
    std::vector<Credential> keys(2);
    keys[0].accessKeyId = "AKIDEXAMPLE";
    keys[0].secretAccessKey = Secret(kSecret);
    keys[0].account = "111122223333";
    keys[1].accessKeyId = "ASIAEXAMPLE";
    keys[1].secretAccessKey = Secret(kSecret);
    keys[1].sessionToken = Secret(kToken);
    return {.credentials = Credentials(std::move(keys))};
}

} // namespace

class SigV4VectorsTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithTheServicesSuite_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(std::size(kAws)); ++i)
            QTest::newRow(kAws[i].name) << i;
    }
    void agreesWithTheServicesSuite()
    {
        QFETCH(int, index);
        const Vector& vector = kAws[index];
        const HttpRequest request = requestOf(vector, "example.amazonaws.com", "20150830T123600Z");
        Sha256 sha256;
        const HexDigest payload = toHex(sha256.of(request.body));
        std::string text;
        writeCanonicalRequest(text, request, vector.signedHeaders, viewOf(payload));
        const HexDigest hash = toHex(sha256.of(text));
        const std::string toSign
            = "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
            + std::string(viewOf(hash));
        HmacSha256 key = signingKey(kSecret, {"20150830", "us-east-1", "service"});
        QCOMPARE(std::string(viewOf(toHex(key.of(toSign)))), std::string(vector.signature));
    }

    void acceptsWhatClientsSign_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(std::size(kClients)); ++i)
            QTest::newRow(kClients[i].name) << i;
    }
    void acceptsWhatClientsSign()
    {
        QFETCH(int, index);
        const Vector& vector = kClients[index];
        HttpRequest request = requestOf(vector, "127.0.0.1:4567", "20260105T120000Z");
        const std::string name = vector.name;
        const bool token = name.find("token") != std::string::npos;
        const std::string key = token ? "ASIAEXAMPLE" : "AKIDEXAMPLE";
        const std::string service = name.substr(0, name.find(' '));
        if (request.query.find("X-Amz-") == std::string::npos)
            request.headers.add("authorization",
                                "AWS4-HMAC-SHA256 Credential=" + key + "/20260105/us-east-1/"
                                    + service + "/aws4_request, SignedHeaders="
                                    + vector.signedHeaders + ", Signature=" + vector.signature);
        Authenticator authenticator(someKeys());
        const auto caller = authenticator.check(request, kDefaultStart);
        QVERIFY2(caller.has_value(), caller ? "" : caller.error().message.c_str());
        QVERIFY(caller->verified);
        QCOMPARE(caller->accessKeyId, key);
        QCOMPARE(caller->service, service);
        QCOMPARE(caller->region, std::string("us-east-1"));
        QCOMPARE(caller->account, std::string(token ? "" : "111122223333"));
        // Any other body, and the signature no longer fits.
        request.body = "{ }";
        QVERIFY(!authenticator.check(request, kDefaultStart));
    }
};

QTEST_APPLESS_MAIN(SigV4VectorsTest)
#include "tst_sigv4_vectors.moc"
