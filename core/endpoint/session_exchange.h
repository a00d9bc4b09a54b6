#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "core/endpoint/http.h"
#include "core/endpoint/mailbox.h"

namespace shardscope::endpoint {

/// One request's answer, on its way into a session.
class Answer {
public:
    virtual ~Answer() = default;
    virtual void respond(HttpResponse& response) = 0;
    virtual void begin(HttpResponse& head) = 0;
    virtual void write(std::string&& piece) = 0;
    virtual void finish() = 0;
    [[nodiscard]] virtual std::size_t unsent() const = 0;
};

/// The Exchange of every session. The API may hold it as long as it likes: it falls silent when
/// the session says that the request is answered or its client has gone.
class SessionExchange final : public Exchange {
public:
    SessionExchange(Answer& answer, std::shared_ptr<Mailbox> mailbox)
        : m_answer(&answer)
        , m_mailbox(std::move(mailbox))
    {
    }

    void respond(HttpResponse response) override
    {
        if (m_answer)
            m_answer->respond(response);
    }
    void begin(HttpResponse head) override
    {
        if (m_answer)
            m_answer->begin(head);
    }
    void write(std::string piece) override
    {
        if (m_answer)
            m_answer->write(std::move(piece));
    }
    void finish() override
    {
        if (m_answer)
            m_answer->finish();
    }
    std::size_t unsent() const override { return m_answer ? m_answer->unsent() : 0; }
    void onGone(std::function<void()> hear) override
    {
        if (m_answer)
            m_onGone = std::move(hear);
    }
    void post(std::function<void()> task) override { m_mailbox->put(std::move(task)); }

    /// The request is answered.
    void letGo()
    {
        m_answer = nullptr;
        m_onGone = nullptr;
    }
    /// The client has gone.
    void lose()
    {
        m_answer = nullptr;
        if (const auto hear = std::exchange(m_onGone, nullptr))
            hear();
    }

private:
    Answer* m_answer; ///< null: silent
    const std::shared_ptr<Mailbox> m_mailbox;
    std::function<void()> m_onGone;
};

} // namespace shardscope::endpoint
