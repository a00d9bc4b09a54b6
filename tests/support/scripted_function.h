#pragma once

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <functional>
#include <map>
#include <vector>

#include "core/consumers/outside.h"

namespace shardscope {

/// A function that answers at once what a test says, and keeps the events it got.
class ScriptedFunction : public Outside {
public:
    using Script = std::function<OutsideAnswer(const QJsonObject& event)>;
    explicit ScriptedFunction(Script script)
        : m_script(std::move(script))
    {
    }
    static OutsideAnswer answerOf(const QByteArray& payload)
    {
        OutsideAnswer answer;
        answer.payload = payload.toStdString();
        answer.took = SimDuration::millis(20);
        return answer;
    }
    static OutsideAnswer failure()
    {
        OutsideAnswer answer = answerOf("{\"errorMessage\":\"boom\"}");
        answer.functionError = "Unhandled";
        return answer;
    }

    void begin(std::uint64_t id, OutsideJob job) override
    {
        const auto& call = std::get<FunctionCall>(job);
        events.push_back(QJsonDocument::fromJson(QByteArray::fromStdString(call.event)).object());
        m_answers[id] = m_script(events.back());
    }
    [[nodiscard]] std::optional<OutsideAnswer> answer(std::uint64_t id) override
    {
        return m_answers.at(id);
    }

    std::vector<QJsonObject> events;

private:
    Script m_script;
    std::map<std::uint64_t, OutsideAnswer> m_answers;
};

} // namespace shardscope
