//! The audit log: read it, verify it, and sign how far it has come.

use http::Method;
use weighbridge::account::{AuditFilter, VerifyAudit};
use weighbridge::model::access::kinds::{AuditRead, CustomerAuditRead, HostAuditRead};

use super::Nothing;
use crate::api::asked::Context;
use crate::api::operation::Operation;

const COLUMNS: &[&str] = &["at", "who", "act", "denied", "customer_name", "detail", "count", "actor", "customer"];

/// The most bytes of a checkpoint: thousands of chains.
const CHECKPOINT_BYTES_MAX: usize = 8 << 20;

pub(super) fn all() -> Vec<Operation> {
    vec![
        Operation::new(
            ("audit list", Method::GET, "/audit"),
            "Show what was done in the organisation and its customers, and what was denied: the newest first.",
            async |it: Context<AuditRead>, filter: AuditFilter| it.engine.audit_lines(&it.may, &filter),
        )
        .columns(COLUMNS)
        .followed(),
        Operation::new(
            ("audit of-customer", Method::GET, "/customers/{customer}/audit"),
            "Show what was done in a customer, and who of the partner's opened its account, with the reason.",
            async |it: Context<CustomerAuditRead>, filter: AuditFilter| it.engine.audit_of_customer(&it.may, &filter),
        )
        .columns(COLUMNS)
        .followed(),
        Operation::new(
            ("audit host", Method::GET, "/host/audit"),
            "Show what was done on the host, and whom it turned away.",
            async |it: Context<HostAuditRead>, filter: AuditFilter| it.engine.audit_of_host(&it.may, &filter),
        )
        .columns(COLUMNS),
        Operation::new(
            ("audit checkpoint", Method::GET, "/host/audit/checkpoint"),
            "Sign how far every chain of the audit log has come; keep the answer where nobody of this host changes it.",
            async |it: Context<HostAuditRead>, _: Nothing| it.engine.audit_checkpoint(&it.may),
        ),
        Operation::new(
            ("audit verify", Method::POST, "/host/audit/verify"),
            "Verify every chain of the audit log, by itself and against a checkpoint, and say which line is broken.",
            async |it: Context<HostAuditRead>, against: VerifyAudit| it.engine.verify_audit(&it.may, &against),
        )
        .body_max(CHECKPOINT_BYTES_MAX)
        .unaudited("it reads the log, and changes nothing"),
    ]
}
