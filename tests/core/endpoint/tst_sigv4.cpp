#include <QtTest>

#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/base/budgets.h"
#include "core/base/rng.h"
#include "core/endpoint/sigv4.h"
#include "core/engine/limits.h"
#include "tests/fuzz/mutations.h"
#include "tests/support/sigv4_signer.h"

using namespace shardscope;
using namespace shardscope::endpoint;
using tests::RequestToSign;
using tests::SigningIdentity;

namespace {

constexpr SimTime kNow = kDefaultStart; // 20260105T120000Z

RequestToSign listStreams()
{
    return {.headers = {{"host", "127.0.0.1:4567"},
                        {"content-type", "application/x-amz-json-1.1"},
                        {"x-amz-target", "Kinesis_20131202.ListStreams"}},
            .body = "{}"};
}

HttpRequest asSent(const RequestToSign& request, const tests::HeaderList& more = {})
{
    HttpRequest sent;
    sent.method = request.method;
    sent.path = request.path;
    sent.query = request.query;
    sent.body = request.body; // the caller's request outlives what is sent
    for (const auto& [name, value] : request.headers)
        sent.headers.add(name, value);
    for (const auto& [name, value] : more)
        sent.headers.add(name, value);
    return sent;
}

const SigningIdentity kPlain;
const SigningIdentity kTemporary {
    .accessKeyId = "ASIAEXAMPLE", .secret = "Temporarysecret", .sessionToken = "FwoGZXIvtoken/+=="};

Authenticator::Options bothKeys()
{
    std::vector<Credential> keys(2);
    keys[0].accessKeyId = kPlain.accessKeyId;
    keys[0].secretAccessKey = Secret(kPlain.secret);
    keys[0].account = "111122223333";
    keys[1].accessKeyId = kTemporary.accessKeyId;
    keys[1].secretAccessKey = Secret(kTemporary.secret);
    keys[1].sessionToken = Secret(kTemporary.sessionToken);
    return {.credentials = Credentials(std::move(keys))};
}

using Answer = tl::expected<Caller, AuthFailure>;

/// What a checker with both keys says about `request` signed by `who` and then changed.
Answer checkChanged(const RequestToSign& request, const SigningIdentity& who,
                    const std::function<void(RequestToSign&, tests::HeaderList&)>& change,
                    SimTime now = kNow)
{
    tests::HeaderList added = signatureHeaders(request, who, kNow);
    RequestToSign changed = request;
    change(changed, added);
    return Authenticator(bothKeys()).check(asSent(changed, added), now);
}

Answer checkSigned(const RequestToSign& request, const SigningIdentity& who, SimTime now = kNow)
{
    return checkChanged(
        request, who, [](RequestToSign&, tests::HeaderList&) {}, now);
}

void replaceIn(tests::HeaderList& headers, const std::string& from, const std::string& to)
{
    std::string& text = headers.back().second; // the authorization
    const std::size_t at = text.find(from);
    QVERIFY(at != std::string::npos);
    text.replace(at, from.size(), to);
}

QByteArray typeOf(const Answer& answer)
{
    return answer ? "accepted" : QByteArray::fromStdString(answer.error().type);
}

QByteArray messageOf(const Answer& answer)
{
    return answer ? "" : QByteArray::fromStdString(answer.error().message);
}

bool isServicesOwn(const AuthFailure& failure)
{
    static const std::set<std::string> kTypes {
        "MissingAuthenticationTokenException", "IncompleteSignatureException",
        "InvalidSignatureException", "UnrecognizedClientException"};
    return kTypes.count(failure.type) == 1 && !failure.message.empty() && failure.status == 400
        && std::all_of(failure.message.begin(), failure.message.end(),
                       [](char c) { return (c >= ' ' && c <= '~') || c == '\n'; });
}

} // namespace

class SigV4Test : public QObject {
    Q_OBJECT
private slots:
    void believesEveryKeyWithoutCredentials()
    {
        SigningIdentity who = kPlain;
        who.accessKeyId = "210987654321";
        who.region = "eu-west-9";
        RequestToSign request = listStreams();
        tests::HeaderList added = signatureHeaders(request, who, SimTime());
        added.back().second.back() = '?';
        Authenticator authenticator({});
        auto caller = authenticator.check(asSent(request, added), kNow);
        QVERIFY(caller.has_value());
        QVERIFY(!caller->verified);
        QCOMPARE(caller->accessKeyId, who.accessKeyId);
        QCOMPARE(caller->account, who.accessKeyId);
        QCOMPARE(caller->region, std::string("eu-west-9"));
        QCOMPARE(caller->service, std::string("kinesis"));
        who.accessKeyId = "21098765432";
        caller = authenticator.check(asSent(request, signatureHeaders(request, who, kNow)), kNow);
        QVERIFY(caller.has_value());
        QVERIFY(caller->account.empty());
        QCOMPARE(typeOf(authenticator.check(asSent(request), kNow)),
                 QByteArray("MissingAuthenticationTokenException"));
    }

    void acceptsWhatIsSigned()
    {
        for (const SigningIdentity& who : {kPlain, kTemporary}) {
            RequestToSign request = listStreams();
            request.path = "/any/./thing//%C3%A4/";
            request.query = "z=1&b=%20x&b=&a-b=2&a=3";
            request.headers.emplace_back("x-amz-meta", "  two   spaces ");
            request.headers.emplace_back("x-amz-meta", "again");
            const auto caller = checkSigned(request, who);
            QVERIFY2(caller.has_value(), messageOf(caller));
            QVERIFY(caller->verified);
            request.query = signedQuery(request, who, kNow, 30);
            const auto inQuery = Authenticator(bothKeys()).check(asSent(request), kNow);
            QVERIFY2(inQuery.has_value(), messageOf(inQuery));
            QCOMPARE(inQuery->accessKeyId, who.accessKeyId);
        }
    }

    void agreesWithTheSigner_data()
    {
        QTest::addColumn<quint64>("seed");
        for (quint64 seed = 1; seed <= 8; ++seed)
            QTest::addRow("seed %llu", seed) << seed;
    }
    void agreesWithTheSigner()
    {
        QFETCH(quint64, seed);
        const CounterRng rng(seed, 2);
        std::uint64_t draws = 0;
        const auto below = [&](std::uint64_t n) { return rng.below(draws++, n); };
        const auto text = [&](const std::vector<std::string>& words, std::uint64_t most) {
            std::string made;
            for (std::uint64_t left = below(most + 1); left > 0; --left)
                made += words[below(words.size())];
            return made;
        };
        const std::vector<std::string> segments {"/",  "//",   "/.",   "/..",
                                                 "/a", "/%2F", "/-_~", "/.b"};
        const std::vector<std::string> letters {"a", "b",   "A",   "1",         "-",   ".",  "_",
                                                "~", "%20", "%2F", "%E1%88%B4", "%3D", "%26"};
        const std::vector<std::string> values {"v", " ",  "  ",       "\t", ",",
                                               "=", "\"", "\xC3\xA4", ";"};
        Authenticator authenticator(bothKeys());
        for (int i = 0; i < 500; ++i) {
            RequestToSign request = listStreams();
            request.path += text(segments, 6);
            for (std::uint64_t left = below(5); left > 0; --left)
                request.query += (request.query.empty() ? "a" : "&a") + text(letters, 2) + "="
                    + text(letters, 3);
            for (std::uint64_t left = below(5); left > 0; --left)
                request.headers.emplace_back("x-" + std::to_string(below(3)), text(values, 6));
            request.body = text(values, 200);
            const SigningIdentity& who = below(2) == 0 ? kPlain : kTemporary;
            tests::HeaderList added;
            if (below(2) == 0)
                added = signatureHeaders(request, who, kNow);
            else
                request.query = signedQuery(request, who, kNow, 60);
            const Answer answer = authenticator.check(asSent(request, added), kNow);
            QVERIFY2(answer.has_value(), messageOf(answer));
        }
    }

    void takesHostAndAuthorityForEachOther()
    {
        RequestToSign request = listStreams();
        for (const char* other : {"host", ":authority"}) {
            request.headers[0].first = other == std::string("host") ? ":authority" : "host";
            const auto caller
                = checkChanged(request, kPlain, [&](RequestToSign& sent, tests::HeaderList&) {
                      sent.headers[0].first = other;
                  });
            QVERIFY2(caller.has_value(), messageOf(caller));
        }
    }

    void takesNamesInAnyCaseAndOrder()
    {
        const auto caller
            = checkChanged(listStreams(), kPlain, [](RequestToSign&, tests::HeaderList& added) {
                  replaceIn(added, "content-type;host;x-amz-date;x-amz-target",
                            "X-Amz-Target;Host;X-Amz-Date;Content-Type;host");
              });
        QVERIFY2(caller.has_value(), messageOf(caller));
    }

    void readsTheDateHeader_data()
    {
        QTest::addColumn<QByteArray>("date");
        QTest::addColumn<bool>("good");
        QTest::newRow("HTTP's form") << QByteArray("Mon, 05 Jan 2026 12:00:00 GMT") << true;
        QTest::newRow("any day's name") << QByteArray("Sun, 05 Jan 2026 12:00:00 GMT") << true;
        QTest::newRow("basic form") << QByteArray("20260105T120000Z") << true;
        QTest::newRow("another zone") << QByteArray("Mon, 05 Jan 2026 12:00:00 CET") << false;
        QTest::newRow("between months") << QByteArray("Mon, 05 anF 2026 12:00:00 GMT") << false;
        QTest::newRow("no such day") << QByteArray("Mon, 32 Jan 2026 12:00:00 GMT") << false;
        QTest::newRow("extended form") << QByteArray("2026-01-05T12:00:00Z") << false;
    }
    void readsTheDateHeader()
    {
        QFETCH(QByteArray, date);
        QFETCH(bool, good);
        // The signer signs x-amz-date; here nobody does, and the time is in the text to sign.
        HttpRequest request = asSent(listStreams());
        request.headers.add("date", date.toStdString());
        request.headers.add("authorization",
                            "AWS4-HMAC-SHA256 Credential=A/20260105/us-east-1/kinesis/aws4_request,"
                            "SignedHeaders=date;host,Signature=x");
        const auto caller = Authenticator({}).check(request, kNow);
        QCOMPARE(caller.has_value(), good);
        if (!good)
            QCOMPARE(typeOf(caller), QByteArray("IncompleteSignatureException"));
    }

    void namesEachMissingPart_data()
    {
        QTest::addColumn<QByteArray>("authorization");
        QTest::addColumn<bool>("dated");
        QTest::addColumn<QByteArray>("begin");
        const QByteArray algorithm = "AWS4-HMAC-SHA256 ", credential = "Credential=A/1/r/s/t, ";
        const QByteArray names = "SignedHeaders=host, ", signature = "Signature=0";
        QTest::newRow("all") << algorithm << false
                             << QByteArray("Authorization header requires 'Credential' parameter. "
                                           "Authorization header requires 'Signature' parameter. "
                                           "Authorization header requires 'SignedHeaders' "
                                           "parameter. Authorization header requires existence of "
                                           "either a 'X-Amz-Date' or a 'Date' header. (Hashed ");
        QTest::newRow("credential")
            << algorithm + names + signature << true
            << QByteArray("Authorization header requires 'Credential' parameter. (Hashed ");
        QTest::newRow("names")
            << algorithm + credential + signature << true
            << QByteArray("Authorization header requires 'SignedHeaders' parameter. (Hashed ");
        QTest::newRow("signature")
            << algorithm + credential + names << true
            << QByteArray("Authorization header requires 'Signature' parameter. (Hashed ");
        QTest::newRow("date") << algorithm + credential + names + signature << false
                              << QByteArray("Authorization header requires existence of either");
        QTest::newRow("an element") << algorithm + "Credential=A/1/r/s, " + names + signature
                                    << true << QByteArray("Credential must have exactly 5");
        QTest::newRow("one element too many") << algorithm + "Credential=A/1/r/s/t/u, " + names
                + signature << true << QByteArray("Credential must have exactly 5");
        QTest::newRow("an element's text") << algorithm + "Credential=A/1//s/t, " + names
                + signature << true << QByteArray("Credential must have exactly 5");
        QTest::newRow("equal-sign")
            << algorithm + credential + names + "Signature" << true
            << QByteArray("Invalid key=value pair (missing equal-sign) in Authorization header");
        QTest::newRow("nothing, but twice")
            << algorithm + credential + names + signature + "," + signature << true
            << QByteArray("Authorization header has more than one 'Signature' parameter.");
        QTest::newRow("scheme") << QByteArray("Basic dXNlcjpwYXNz") << true
                                << QByteArray("Invalid key=value pair");
        QTest::newRow("another algorithm")
            << "AWS4-ECDSA-P256-SHA256 " + credential + names + signature << true
            << QByteArray("Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.");
        QTest::newRow("version 2") << QByteArray("AWS AKID:c2lnbg==") << true
                                   << QByteArray("Unsupported AWS 'algorithm': 'AWS'.");
    }
    void namesEachMissingPart()
    {
        QFETCH(QByteArray, authorization);
        QFETCH(bool, dated);
        QFETCH(QByteArray, begin);
        HttpRequest request = asSent(listStreams());
        request.headers.add("authorization", authorization.toStdString());
        if (dated)
            request.headers.add("x-amz-date", "20260105T120000Z");
        const auto answer = Authenticator({}).check(request, kNow);
        QCOMPARE(typeOf(answer), QByteArray("IncompleteSignatureException"));
        QVERIFY2(messageOf(answer).startsWith(begin), messageOf(answer));
        QVERIFY(!messageOf(answer).contains("dXNlcjpwYXNz"));
    }

    void namesEachMissingParameter()
    {
        const RequestToSign request = listStreams();
        const std::string query = signedQuery(request, kPlain, kNow, 30);
        for (const std::string name : {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature",
                                       "X-Amz-SignedHeaders", "X-Amz-Date"}) {
            RequestToSign sent = request;
            sent.query = query;
            sent.query.replace(sent.query.find(name), name.size(), "X-Amz-Nothing");
            const auto answer = Authenticator(bothKeys()).check(asSent(sent), kNow);
            QCOMPARE(typeOf(answer), QByteArray("IncompleteSignatureException"));
            QCOMPARE(messageOf(answer).toStdString(),
                     "AWS query-string parameters must include '" + name
                         + "'. Re-examine the query-string parameters.");
        }
    }

    void refusesBothWaysAtOnce()
    {
        RequestToSign request = listStreams();
        request.query = signedQuery(request, kPlain, kNow, 30);
        const auto answer = checkSigned(request, kPlain);
        QCOMPARE(typeOf(answer), QByteArray("InvalidSignatureException"));
        QVERIFY(messageOf(answer).startsWith("Found both 'X-Amz-Algorithm'"));
    }

    void holdsClocksTogether_data()
    {
        QTest::addColumn<int>("seconds");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("as late as may be") << 300 << QByteArray();
        QTest::newRow("as early as may be") << -300 << QByteArray();
        QTest::newRow("a second late")
            << 301
            << QByteArray("Signature expired: 20260105T120000Z is now earlier than "
                          "20260105T120001Z (20260105T120501Z - 5 min.)");
        QTest::newRow("a second early")
            << -301
            << QByteArray("Signature not yet current: 20260105T120000Z is still later than "
                          "20260105T115959Z (20260105T115459Z + 5 min.)");
    }
    void holdsClocksTogether()
    {
        QFETCH(int, seconds);
        QFETCH(QByteArray, message);
        const SimTime now = kNow + SimDuration::seconds(seconds);
        const auto answer = checkSigned(listStreams(), kPlain, now);
        QCOMPARE(messageOf(answer), message);
        QCOMPARE(answer.has_value(), message.isEmpty());
    }

    void letsQueriesLiveAsLongAsTheySay()
    {
        for (const int life : {1, 1'000, 604'800}) {
            RequestToSign request = listStreams();
            request.query = signedQuery(request, kPlain, kNow, life);
            Authenticator authenticator(bothKeys());
            const SimTime end = kNow + SimDuration::seconds(life);
            QVERIFY(authenticator.check(asSent(request), end).has_value());
            const auto late = authenticator.check(asSent(request), end + SimDuration::seconds(1));
            QVERIFY(messageOf(late).startsWith("Signature expired: 20260105T120000Z"));
        }
        for (const int life : {0, -1, 604'801}) {
            RequestToSign request = listStreams();
            request.query = signedQuery(request, kPlain, kNow, life);
            const auto answer = Authenticator(bothKeys()).check(asSent(request), kNow);
            QCOMPARE(typeOf(answer), QByteArray("IncompleteSignatureException"));
        }
    }

    void holdsCredentialsToTheirScope()
    {
        SigningIdentity who = kPlain;
        who.region = "us-west-2";
        QCOMPARE(messageOf(checkSigned(listStreams(), who)),
                 QByteArray("Credential should be scoped to a valid region, not 'us-west-2'."));
        who = kPlain;
        who.service = "monitoring";
        QCOMPARE(messageOf(checkSigned(listStreams(), who)),
                 QByteArray("Credential should be scoped to correct service: 'kinesis'."));
        auto answer
            = checkChanged(listStreams(), kPlain, [](RequestToSign&, tests::HeaderList& added) {
                  replaceIn(added, "/20260105/", "/20260104/");
                  replaceIn(added, "aws4_request", "aws4");
              });
        QCOMPARE(messageOf(answer),
                 QByteArray("Credential should be scoped with a valid terminator: 'aws4_request', "
                            "not 'aws4'. Date in Credential scope does not match YYYYMMDD from "
                            "ISO-8601 version of date from HTTP: '20260104' != '20260105', from "
                            "'20260105T120000Z'."));
        QCOMPARE(typeOf(answer), QByteArray("InvalidSignatureException"));
    }

    void knowsWhichServiceIsMeant_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("service");
        const QByteArray json = "application/x-amz-json-1.1", root = "/", none;
        QTest::newRow("Kinesis") << QByteArray("Kinesis_20131202.PutRecord") << json << root
                                 << QByteArray("kinesis");
        QTest::newRow("CloudWatch, JSON")
            << QByteArray("GraniteServiceVersion20100801.ListMetrics")
            << QByteArray("application/x-amz-json-1.0") << root << QByteArray("monitoring");
        QTest::newRow("CloudWatch, query")
            << none << QByteArray("application/x-www-form-urlencoded; charset=utf-8") << root
            << QByteArray("monitoring");
        QTest::newRow("CloudWatch, CBOR")
            << none << QByteArray("application/cbor")
            << QByteArray("/service/GraniteServiceVersion20100801/operation/PutMetricData")
            << QByteArray("monitoring");
        QTest::newRow("KMS") << QByteArray("TrentService.Encrypt") << json << root
                             << QByteArray("kms");
        QTest::newRow("nobody's") << QByteArray("Other.X") << json << root << QByteArray("kinesis");
        QTest::newRow("no target") << none << json << root << QByteArray("kinesis");
    }
    void knowsWhichServiceIsMeant()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, service);
        HttpRequest request;
        request.path = path.toStdString();
        if (!target.isEmpty())
            request.headers.add("x-amz-target", target.toStdString());
        request.headers.add("content-type", type.toStdString());
        QCOMPARE(QByteArray::fromStdString(std::string(addressedService(request))), service);
    }

    void wantsHostAndTargetSigned()
    {
        RequestToSign request = listStreams();
        const auto target = request.headers.back();
        request.headers.pop_back();
        auto answer = checkChanged(request, kPlain, [&](RequestToSign& sent, tests::HeaderList&) {
            sent.headers.push_back(target);
        });
        QCOMPARE(messageOf(answer),
                 QByteArray("'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization."));
        request = listStreams();
        request.headers.erase(request.headers.begin());
        answer = checkSigned(request, kPlain);
        QCOMPARE(messageOf(answer),
                 QByteArray("'Host' or ':authority' must be a 'SignedHeader' in the AWS "
                            "Authorization."));
        QCOMPARE(typeOf(answer), QByteArray("InvalidSignatureException"));
    }

    void boundsTheNamesOfSignedFields()
    {
        RequestToSign request = listStreams(); // four names with the date
        for (std::size_t i = 4; i < budgets::kSignedHeadersMost; ++i)
            request.headers.emplace_back("x-" + std::to_string(i), "v");
        QVERIFY(checkSigned(request, kPlain).has_value());
        request.headers.emplace_back("y", "v");
        const auto answer = checkSigned(request, kPlain);
        QCOMPARE(typeOf(answer), QByteArray("InvalidSignatureException"));
        QVERIFY(messageOf(answer).contains("at most 100"));
    }

    void knowsKeysAndTokens()
    {
        SigningIdentity who = kPlain;
        who.accessKeyId = "AKIDEXAMPLF";
        const QByteArray unknown = "UnrecognizedClientException";
        QCOMPARE(typeOf(checkSigned(listStreams(), who)), unknown);
        who = kPlain;
        who.sessionToken = "x"; // none belongs to this key
        QCOMPARE(typeOf(checkSigned(listStreams(), who)), unknown);
        who = kTemporary;
        who.sessionToken.clear();
        QCOMPARE(typeOf(checkSigned(listStreams(), who)), unknown);
        who.sessionToken = kTemporary.sessionToken + "=";
        const auto answer = checkSigned(listStreams(), who);
        QCOMPARE(typeOf(answer), unknown);
        QVERIFY(!messageOf(answer).contains("FwoG"));
    }

    void refusesWhatWasChangedOnTheWay_data()
    {
        QTest::addColumn<int>("what");
        for (int i = 0; i < 7; ++i)
            QTest::addRow("%d", i) << i;
    }
    void refusesWhatWasChangedOnTheWay()
    {
        QFETCH(int, what);
        const auto answer
            = checkChanged(listStreams(), kPlain, [&](RequestToSign& r, tests::HeaderList& added) {
                  switch (what) {
                  case 0:
                      r.body = "{} ";
                      break;
                  case 1:
                      r.method = "PUT";
                      break;
                  case 2:
                      r.path = "/x";
                      break;
                  case 3:
                      r.query = "x";
                      break;
                  case 4:
                      r.headers[0].second = "127.0.0.1:4568";
                      break;
                  case 5:
                      r.headers[2].second = "Kinesis_20131202.DeleteStream";
                      break;
                  default: {
                      char& last = added.back().second.back();
                      last = last == '0' ? '1' : '0';
                  }
                  }
              });
        QCOMPARE(typeOf(answer), QByteArray("InvalidSignatureException"));
        QVERIFY(messageOf(answer).startsWith("The request signature we calculated does not match"));
        QVERIFY(!messageOf(answer).contains(kPlain.secret.c_str()));
    }

    void holdsTheBodyToItsNamedHash()
    {
        const char* const wrong[] {
            "UNSIGNED-PAYLOAD", "",
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8b"};
        for (const char* hash : wrong) {
            RequestToSign request = listStreams();
            request.headers.emplace_back("x-amz-content-sha256", hash);
            const auto answer = checkSigned(request, kPlain);
            QVERIFY(messageOf(answer).startsWith("The value of 'X-Amz-Content-Sha256'"));
        }
        RequestToSign request = listStreams();
        request.headers.emplace_back(
            "x-amz-content-sha256",
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
        QVERIFY(checkSigned(request, kPlain).has_value());
    }

    void showsWhatShouldHaveBeenSigned()
    {
        const auto spoil = [](RequestToSign& r, tests::HeaderList&) { r.body = "[]"; };
        auto answer = checkChanged(listStreams(), kPlain, spoil);
        QVERIFY(messageOf(answer).contains(
            "\n\nThe Canonical String for this request should have been\n'POST\n/\n\n"
            "content-type:application/x-amz-json-1.1\nhost:127.0.0.1:4567\n"));
        QVERIFY(messageOf(answer).contains("\n\nThe String-to-Sign should have been\n"
                                           "'AWS4-HMAC-SHA256\n20260105T120000Z\n"
                                           "20260105/us-east-1/kinesis/aws4_request\n"));
        answer = checkChanged(listStreams(), kTemporary, spoil);
        QVERIFY(!messageOf(answer).contains("Canonical"));
        RequestToSign large = listStreams();
        large.headers.emplace_back("x-large", std::string(budgets::kCanonicalHintBytes, 'x'));
        answer = checkChanged(large, kPlain, spoil);
        QVERIFY(!messageOf(answer).contains("Canonical"));
    }

    void remembersMoreDaysThanItHasRoomFor()
    {
        Authenticator authenticator(bothKeys());
        for (int round = 0; round < 2; ++round) {
            for (int day = 0; day < 2 * static_cast<int>(budgets::kSigningKeys); ++day) {
                const SimTime now = kNow + SimDuration::days(day);
                const RequestToSign request = listStreams();
                const auto answer = authenticator.check(
                    asSent(request, signatureHeaders(request, kPlain, now)), now);
                QVERIFY2(answer.has_value(), messageOf(answer));
            }
        }
    }

    void servesManyThreads()
    {
        Authenticator authenticator(bothKeys());
        const RequestToSign request = listStreams();
        const HttpRequest good = asSent(request, signatureHeaders(request, kPlain, kNow));
        HttpRequest bad = good;
        bad.body = "[]";
        std::atomic<int> wrong {0};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&] {
                for (int i = 0; i < 500; ++i)
                    wrong += !authenticator.check(good, kNow) || authenticator.check(bad, kNow);
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
    }

    void answersHostileHeadersWithTheServicesErrors_data()
    {
        QTest::addColumn<quint64>("seed");
        for (quint64 seed = 1; seed <= 8; ++seed)
            QTest::addRow("seed %llu", seed) << seed;
    }
    void answersHostileHeadersWithTheServicesErrors()
    {
        QFETCH(quint64, seed);
        static const std::vector<std::string> kWords {"AWS4-HMAC-SHA256",
                                                      "Credential=",
                                                      "SignedHeaders=",
                                                      "Signature=",
                                                      ",",
                                                      "/",
                                                      ";",
                                                      "=",
                                                      "&",
                                                      "%",
                                                      "%2",
                                                      "%00",
                                                      " ",
                                                      "X-Amz-Date=",
                                                      "X-Amz-Expires=-1",
                                                      "aws4_request",
                                                      "\n",
                                                      "\xff\xfe",
                                                      "99999999999999999999",
                                                      std::string(1, '\0'),
                                                      std::string(300, 'A'),
                                                      std::string(200, ';')};
        const CounterRng rng(seed, 1);
        std::uint64_t draws = 0;
        const auto below = [&](std::uint64_t n) { return rng.below(draws++, n); };
        Authenticator checking(bothKeys()), believing({});
        const RequestToSign request = listStreams();
        const tests::HeaderList added = signatureHeaders(request, kPlain, kNow);
        const std::string query = signedQuery(request, kPlain, kNow, 30);
        int refused = 0;
        for (int i = 0; i < 2'500; ++i) {
            const bool inQuery = below(3) == 0;
            RequestToSign sent = request;
            tests::HeaderList fields = inQuery ? tests::HeaderList() : added;
            std::string& text = inQuery ? sent.query : fields.back().second;
            if (inQuery)
                text = query;
            for (std::uint64_t left = 1 + below(4); left > 0 && !text.empty(); --left)
                test::mutate(text, kWords, {}, below);
            const HttpRequest http = asSent(sent, fields);
            const Answer checked = checking.check(http, kNow),
                         believed = believing.check(http, kNow);
            // A further word or another space in the header changes nothing that is signed.
            QVERIFY2(!checked || checked->accessKeyId == kPlain.accessKeyId, text.c_str());
            QVERIFY2(checked || isServicesOwn(checked.error()), text.c_str());
            QVERIFY2(believed || isServicesOwn(believed.error()), text.c_str());
            QVERIFY2(believed || !checked, text.c_str());
            refused += !checked;
        }
        QVERIFY(refused > 2'000);
    }
};

QTEST_APPLESS_MAIN(SigV4Test)
#include "tst_sigv4.moc"
