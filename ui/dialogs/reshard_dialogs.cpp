#include "ui/dialogs/reshard_dialogs.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>

#include <algorithm>
#include <utility>

#include "core/base/md5.h"
#include "core/engine/limits.h"
#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

QComboBox* shardChoice(const Snapshot& snapshot, ShardSlot chosen)
{
    auto* box = new QComboBox;
    box->setObjectName(QStringLiteral("shard"));
    for (const ShardRow* shard : openShards(snapshot)) {
        box->addItem(ActDialog::tr("shard %1, %2 of its limit")
                         .arg(shard->slot.value)
                         .arg(format::percent(shard->second.percentOfLimit())),
                     shard->slot.value);
        if (shard->slot == chosen)
            box->setCurrentIndex(box->count() - 1);
    }
    return box;
}

const ShardRow* chosenShard(const Snapshot& snapshot, const QComboBox* box)
{
    return box->count() == 0 ? nullptr : snapshot.find(ShardSlot(box->currentData().toUInt()));
}

} // namespace

std::vector<const ShardRow*> openShards(const Snapshot& snapshot)
{
    std::vector<const ShardRow*> open;
    for (const ShardRow& shard : snapshot.shards)
        if (shard.state == ShardState::Open)
            open.push_back(&shard);
    std::sort(open.begin(), open.end(),
              [](const ShardRow* a, const ShardRow* b) { return a->range.start < b->range.start; });
    return open;
}

SplitDialog::SplitDialog(std::shared_ptr<const Snapshot> snapshot, ShardSlot shard, Deck deck,
                         QWidget* parent)
    : ActDialog(tr("Split a shard"), tr("Split"), std::move(deck), parent)
    , m_snapshot(std::move(snapshot))
    , m_shard(shardChoice(*m_snapshot, shard))
    , m_how(new QComboBox)
    , m_where(new QLineEdit(QStringLiteral("50")))
{
    setObjectName(QStringLiteral("splitDialog"));
    m_how->setObjectName(QStringLiteral("how"));
    m_where->setObjectName(QStringLiteral("where"));
    m_how->addItems({tr("at a share of its range, %"), tr("at a hash key (decimal)"),
                     tr("just at a partition key")});
    form()->addRow(tr("Shard"), m_shard);
    form()->addRow(tr("Where"), m_how);
    form()->addRow(tr("Point"), m_where);
    connect(m_shard, &QComboBox::currentIndexChanged, this, &SplitDialog::refresh);
    connect(m_how, &QComboBox::currentIndexChanged, this, &SplitDialog::refresh);
    connect(m_where, &QLineEdit::textChanged, this, &SplitDialog::refresh);
    refresh();
}

const ShardRow* SplitDialog::row() const
{
    return chosenShard(*m_snapshot, m_shard);
}

Result<HashKey> SplitDialog::point() const
{
    const std::string text = toStd(m_where->text().trimmed());
    if (m_how->currentIndex() == 1)
        return parseHashKey(text);
    if (m_how->currentIndex() == 2) {
        if (text.empty())
            return fail(ErrorCode::BadInput,
                        toStd(tr("Point: a partition key has 1 to 256 characters.")));
        return md5(text);
    }
    bool isNumber = false;
    const double percent = m_where->text().trimmed().toDouble(&isNumber);
    if (!isNumber || !(percent > 0 && percent < 100))
        return fail(ErrorCode::BadInput,
                    toStd(tr("Point: “%1” is not a share; write a number between 0 and 100.")
                              .arg(m_where->text())));
    const HashKeyRange range = row()->range;
    if (percent == 50)
        return range.middle();
    // A millionth of a percent is finer than anybody aims; the rest is exact whole numbers.
    const auto parts = static_cast<std::uint64_t>(percent * 1e6);
    const U128 width = range.end.value - range.start.value;
    return HashKey {range.start.value + width / 100'000'000U * parts};
}

QString SplitDialog::problem() const
{
    const ShardRow* shard = row();
    if (shard == nullptr)
        return tr("The stream has no open shard to split.");
    const auto at = point();
    if (!at)
        return toQt(at.error().message);
    if (!shard->range.contains(*at) || *at == shard->range.start)
        return tr("Point: it lies at %1 of the space, outside shard %2, which goes from %3 to %4.")
            .arg(QString::number(at->fraction(), 'f', 4))
            .arg(shard->slot.value)
            .arg(QString::number(shard->range.start.fraction(), 'f', 4),
                 QString::number(shard->range.end.fraction(), 'f', 4));
    return {};
}

QString SplitDialog::summary() const
{
    const ShardRow* shard = row();
    const HashKey at = point().value_or(shard->range.middle());
    const double left = (at.fraction() - shard->range.start.fraction()) / shard->range.width();
    QString text = tr("Left child gets %1 of the range, right child %2.")
                       .arg(format::percent(left * 100), format::percent(100 - left * 100));
    if (!shard->topKeys.empty() && shard->topKeys.front().shareOfShard > 0.3) {
        const TopKey& hot = shard->topKeys.front();
        text += u' '
            + tr("“%1” with up to %2 of its load stays whole, on the %3.")
                  .arg(toQt(hot.key), format::percent(hot.shareOfShard * 100),
                       hot.hash < at ? tr("left") : tr("right"));
    }
    return text;
}

Act SplitDialog::act() const
{
    return ControlRequest {SplitShard {
        {}, shardIdText(row()->slot), toDecimal(point().value_or(row()->range.middle()))}};
}

MergeDialog::MergeDialog(std::shared_ptr<const Snapshot> snapshot, ShardSlot shard, Side side,
                         Deck deck, QWidget* parent)
    : ActDialog(tr("Merge two shards"), tr("Merge"), std::move(deck), parent)
    , m_snapshot(std::move(snapshot))
    , m_shard(shardChoice(*m_snapshot, shard))
    , m_side(new QComboBox)
{
    setObjectName(QStringLiteral("mergeDialog"));
    m_side->setObjectName(QStringLiteral("side"));
    m_side->addItems({tr("left neighbour"), tr("right neighbour")});
    m_side->setCurrentIndex(side == Side::Left ? 0 : 1);
    form()->addRow(tr("Shard"), m_shard);
    form()->addRow(tr("With its"), m_side);
    connect(m_shard, &QComboBox::currentIndexChanged, this, &MergeDialog::refresh);
    connect(m_side, &QComboBox::currentIndexChanged, this, &MergeDialog::refresh);
    refresh();
}

MergeDialog::Pair MergeDialog::pair() const
{
    const auto open = openShards(*m_snapshot);
    const ShardRow* shard = chosenShard(*m_snapshot, m_shard);
    const auto at = std::find(open.begin(), open.end(), shard);
    if (shard == nullptr || at == open.end())
        return {};
    if (m_side->currentIndex() == 0)
        return at == open.begin() ? Pair {nullptr, *at} : Pair {*(at - 1), *at};
    return at + 1 == open.end() ? Pair {*at, nullptr} : Pair {*at, *(at + 1)};
}

QString MergeDialog::problem() const
{
    const Pair p = pair();
    if (p.lower == nullptr && p.upper == nullptr)
        return tr("The stream has no open shard to merge.");
    if (p.lower == nullptr)
        return tr("Shard %1 is the first of the space: it has no left neighbour.")
            .arg(p.upper->slot.value);
    if (p.upper == nullptr)
        return tr("Shard %1 is the last of the space: it has no right neighbour.")
            .arg(p.lower->slot.value);
    return {};
}

QString MergeDialog::summary() const
{
    const Pair p = pair();
    return tr("Shards %1 and %2 become one, at about %3 of its limit at this second's load.")
        .arg(p.lower->slot.value)
        .arg(p.upper->slot.value)
        .arg(format::percent(p.lower->second.percentOfLimit() + p.upper->second.percentOfLimit()));
}

Act MergeDialog::act() const
{
    const Pair p = pair();
    return ControlRequest {
        MergeShards {{}, shardIdText(p.lower->slot), shardIdText(p.upper->slot)}};
}

ShardCountDialog::ShardCountDialog(std::shared_ptr<const Snapshot> snapshot, Deck deck,
                                   QWidget* parent)
    : ActDialog(tr("Update the shard count"), tr("Update"), std::move(deck), parent)
    , m_snapshot(std::move(snapshot))
    , m_count(new QSpinBox)
{
    setObjectName(QStringLiteral("shardCountDialog"));
    m_count->setObjectName(QStringLiteral("count"));
    m_count->setRange(1, static_cast<int>(limits::kShardsPerStreamByUpdate));
    m_count->setGroupSeparatorShown(true);
    m_count->setValue(static_cast<int>(
        std::min<std::int64_t>(m_snapshot->stream.summary.openShardCount * 2, 10'000)));
    form()->addRow(tr("Target shard count"), m_count);
    connect(m_count, &QSpinBox::valueChanged, this, &ShardCountDialog::refresh);
    refresh();
}

QString ShardCountDialog::problem() const
{
    const auto now = m_snapshot->stream.summary.openShardCount;
    return m_count->value() == now
        ? tr("The stream has %n shard(s) already; choose another number.", nullptr,
             static_cast<int>(now))
        : QString();
}

QString ShardCountDialog::summary() const
{
    const auto now = m_snapshot->stream.summary.openShardCount;
    return tr("From %1 to %2 shards of even ranges: %3 in, %4 out.")
               .arg(now)
               .arg(m_count->value())
               .arg(format::bytesPerSecond(m_count->value()
                                           * static_cast<double>(limits::kShardWriteBytes)),
                    format::bytesPerSecond(m_count->value()
                                           * static_cast<double>(limits::kShardReadBytes)))
        + u' '
        + tr("%n update(s) are left in these 24 h.", nullptr,
             m_snapshot->stream.shardCountUpdatesLeft);
}

Act ShardCountDialog::act() const
{
    return ControlRequest {UpdateShardCount {{}, m_count->value()}};
}

} // namespace shardscope::ui
