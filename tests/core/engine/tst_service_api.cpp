#include <QTest>

#include "core/engine/service.h"
#include "tests/core/engine/service_world.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

template <typename T> std::optional<ErrorCode> codeOf(const Result<T>& done)
{
    return done ? std::nullopt : std::optional(done.error().code);
}

/// Every request there is, empty.
template <std::size_t I = 0, typename See> void eachRequest(const See& see)
{
    if constexpr (I < std::variant_size_v<ApiRequest>) {
        see(ApiRequest {std::in_place_index<I>});
        eachRequest<I + 1>(see);
    }
}

} // namespace

/// The one door: every request, by what it answers.
class ServiceApiTest : public QObject {
    Q_OBJECT

private slots:
    void changesAnswerNothingAndReadsTheirStruct()
    {
        ServiceWorld w(provisioned(1));
        const auto changed = w.service.handle(IncreaseStreamRetentionPeriod {kName, 48}, w.now);
        QVERIFY(changed);
        QVERIFY(std::holds_alternative<std::monostate>(*changed));
        const auto iterator = w.service.handle(GetShardIterator {kName, "0"}, w.now);
        QVERIFY(iterator);
        QVERIFY(std::holds_alternative<GetShardIteratorResult>(*iterator));
        QCOMPARE(codeOf(w.service.handle(DeleteStream {"another"}, w.now)),
                 std::optional(ErrorCode::ResourceNotFound));
    }

    void everyRequestOfTheStreamServiceIsAnsweredAndNoOther()
    {
        ServiceWorld w(provisioned(1));
        const std::size_t firstOfOthers = ApiRequest {cloudwatch::PutMetricData {}}.index();
        eachRequest([&](const ApiRequest& request) {
            if (std::holds_alternative<PutRecord>(request))
                return; // whoever builds one puts a record in
            const auto answer = w.service.handle(request, w.now);
            const bool ours = request.index() < firstOfOthers
                && !std::holds_alternative<SubscribeToShard>(request); // that one needs a sink
            QCOMPARE(codeOf(answer) != std::optional(ErrorCode::InternalFailure), ours);
            QVERIFY(answer || !answer.error().message.empty());
        });
    }

    void ratesOfCallsCanBeLiftedAndPutBack()
    {
        ServiceWorld w(provisioned(1));
        const auto call = [&] {
            return w.service.handle(IncreaseStreamRetentionPeriod {kName, 48}, w.now);
        };
        for (int i = 0; i < 5; ++i)
            QVERIFY(call());
        const auto refused = call();
        QCOMPARE(codeOf(refused), std::optional(ErrorCode::LimitExceeded));
        QCOMPARE(refused.error().message,
                 std::string("Rate exceeded for stream orders under account 000000000000."));
        w.service.setThrottling({.control = false});
        for (int i = 0; i < 20; ++i)
            QVERIFY(call());
        w.service.setThrottling({});
        QCOMPARE(codeOf(call()), std::optional(ErrorCode::LimitExceeded));
    }
};

QTEST_APPLESS_MAIN(ServiceApiTest)
#include "tst_service_api.moc"
