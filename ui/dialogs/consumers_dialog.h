#pragma once

#include "ui/dialogs/live_dialog.h"

class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace shardscope::ui {

/// A stream's registered consumers: register, deregister.
class ConsumersDialog : public LiveDialog {
    Q_OBJECT

public:
    ConsumersDialog(std::string stream, MonitorDeck deck, QWidget* parent);

protected:
    void present() override;

private:
    void registerConsumer();
    void deregister();

    QTreeWidget* m_list;
    QLineEdit* m_name;
    QPushButton *m_register, *m_deregister;
};

} // namespace shardscope::ui
