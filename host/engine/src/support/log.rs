//! The last lines of the log.

use crate::engine::Host;

pub(super) fn text(host: &Host) -> String {
    let lines = host.recent_log.lines();
    if lines.is_empty() {
        return "no lines are kept in this process: ask the host while it serves, or its service manager (journalctl)\n".into();
    }
    lines.join("\n") + "\n"
}
