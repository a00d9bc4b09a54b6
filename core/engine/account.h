#pragma once

#include <optional>

#include "core/clock/sim_time.h"
#include "core/engine/requests.h"

namespace shardscope {

/// The minimum throughput billing commitment that makes an account On-demand Advantage: at least
/// 24 hours once enabled; disabled earlier it lasts until then, and enabling again takes that back.
class BillingCommitment {
public:
    using Status = AccountSettings::Status;

    BillingCommitment() = default;
    /// In force since so long that it may end at any time.
    [[nodiscard]] static BillingCommitment established()
    {
        BillingCommitment c;
        c.m_status = Status::Enabled;
        return c;
    }

    /// As settings() told of it.
    [[nodiscard]] static BillingCommitment from(const AccountSettings& settings)
    {
        BillingCommitment c;
        c.m_status = settings.status;
        c.m_startedAt = settings.startedAt;
        c.m_endedAt = settings.endedAt;
        c.m_earliestEnd = settings.earliestAllowedEndAt;
        return c;
    }

    [[nodiscard]] Status status() const { return m_status; }
    [[nodiscard]] bool inForce() const { return m_status != Status::Disabled; }
    /// When it ends by itself, if it does.
    [[nodiscard]] std::optional<SimTime> endsAt() const
    {
        return m_status == Status::EnabledUntilEarliestAllowedEnd ? m_earliestEnd : std::nullopt;
    }

    void enable(SimTime now)
    {
        if (m_status == Status::Disabled) {
            m_startedAt = now;
            m_earliestEnd = now + SimDuration::hours(24);
            m_endedAt.reset();
        }
        m_status = Status::Enabled;
    }
    void disable(SimTime now)
    {
        if (m_status == Status::Disabled)
            return;
        if (m_earliestEnd && now < *m_earliestEnd)
            m_status = Status::EnabledUntilEarliestAllowedEnd;
        else
            end(now);
    }
    void end(SimTime now)
    {
        m_status = Status::Disabled;
        m_endedAt = now;
    }
    /// As it is told: without times for one that was never enabled, or before all time.
    [[nodiscard]] AccountSettings settings() const
    {
        return {m_status, m_startedAt, m_endedAt, inForce() ? m_earliestEnd : std::nullopt};
    }

private:
    Status m_status = Status::Disabled;
    std::optional<SimTime> m_startedAt, m_endedAt, m_earliestEnd;
};

} // namespace shardscope
