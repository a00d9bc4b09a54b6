#pragma once

#include <QObject>

#include <vector>

#include "core/consumers/firehose_spec.h"

class QComboBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace shardscope::ui {

/// A Firehose stream's settings as rows of a form.
class FirehoseFields : public QObject {
    Q_OBJECT

public:
    FirehoseFields(const FirehoseSpec& spec, QFormLayout* form, QObject* parent);

    /// What the rows say; what they do not show stays as it was.
    [[nodiscard]] FirehoseSpec spec() const;
    /// What is wrong with them, in one sentence, or empty.
    [[nodiscard]] QString problem() const;
    /// What such a reader does, in one sentence.
    [[nodiscard]] QString summary() const;

signals:
    void changed();

private:
    [[nodiscard]] std::vector<FirehoseSpec::PartitionKey> partitionKeys() const;

    FirehoseSpec m_base;
    QSpinBox* m_size; ///< MiB
    QSpinBox* m_interval; ///< s
    QComboBox* m_compression;
    QLineEdit *m_target, *m_prefix, *m_errorPrefix;
    QLineEdit* m_partitionBy; ///< `name=.path`, apart by spaces
    QLineEdit* m_transform;
};

} // namespace shardscope::ui
