//! Whether this machine lets connectors run: a small one is compiled as all are, and run.

use super::Finding;
use crate::engine::Host;

const ABOUT: &str = "connectors' sandbox";

pub(super) async fn check(host: &Host) -> Finding {
    match host.packages.try_sandbox().await {
        Ok(true) => Finding::ok("doctor.sandbox", ABOUT, "a small connector was compiled and run; memory is kept ready for others"),
        Ok(false) => {
            let sentence = "a small connector was compiled and run; this kernel keeps no memory ready for others, so each begins a \
                            little slower";
            Finding::ok("doctor.sandbox", ABOUT, sentence)
        }
        Err(error) => Finding::failed("doctor.sandbox", ABOUT, error.to_string()).next(
            "let this process map memory that can be executed, start processes of its own program, and reserve address space \
             (no MemoryDenyWriteExecute, no limit of virtual memory)",
        ),
    }
}
