//! The stable codes of a *no*, each with a sentence and a next step.

use serde::{Deserialize, Serialize};

use super::level::{Level, Place};
use crate::codes::codes;
use crate::time::Timestamp;

/// The gate's no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The stable code.
    pub code: RefusalCode,
    /// The level that said it, and for which side of the transfer.
    pub place: Place,
    /// When this level's answer changes by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

codes! {
    /// The stable code of a refusal, from the outside in.
    RefusalCode,
    /// The level that says it.
    level: Level;

    ExternalServiceUnknown = "external_service.unknown", ExternalService, "The Connection ID or the API key is not known.",
        "Check both, or ask whoever gave them to you for new ones.";
    ExternalServiceOff = "external_service.off", ExternalService, "This access is switched off.",
        "Ask whoever gave it to you to switch it on.";
    ExternalServiceNotStarted = "external_service.not_started", ExternalService, "The time of this access has not begun.",
        "Wait for the start, which ping tells, or ask for an earlier one.";
    ExternalServiceEnded = "external_service.ended", ExternalService, "The time of this access is over.",
        "Ask whoever gave it to you for a later end.";
    ExternalServiceScope = "external_service.scope", ExternalService, "This access does not include that endpoint.",
        "Use one that it includes, which ping lists, or ask for this one to be added.";
    ExternalServiceRate = "external_service.rate", ExternalService, "Requests come faster than this access allows.",
        "Wait until the instant that is given, and ask again.";
    HostFrozen = "host.frozen", Host, "Everything on this host is frozen.", "The operator lifts the freeze.";
    HostFull = "host.full", Host, "The disk of this host is nearly full, so nothing begins.",
        "The operator frees space, or gives the data folder a larger disk; then all goes on by itself.";
    TenantInactive = "tenant.inactive", Tenant, "The organisation is inactive.", "The operator activates it.";
    CustomerInactive = "customer.inactive", Customer, "The customer is inactive.", "Activate the customer.";
    CustomerDeleting = "customer.deleting", Customer, "The customer is being deleted.", "Nothing of it moves again.";
    CustomerNotStarted = "customer.not_started", CustomerWindow, "The customer's time has not begun.",
        "Wait for the start, or set an earlier one.";
    CustomerEnded = "customer.ended", CustomerWindow, "The customer's time is over.", "Set a later end, or none.";
    ConnectorAbsent = "connector.absent", Connector, "The connector is not installed.",
        "The operator installs it: weighbridge connector install FILE.";
    ConnectorUntrusted = "connector.untrusted", Connector, "The connector's signature is not trusted here.",
        "The operator adds its publisher's key, or installs a package signed by a trusted one.";
    ConnectorRevoked = "connector.revoked", Connector, "The connector's package or key was revoked.",
        "The operator installs a version that is not.";
    ConnectorApprovalNeeded = "connector.approval_needed", Connector,
        "The connector asks for more than was granted, and no other version of it is in use.",
        "The operator reads what it asks for and takes it: weighbridge connector approve NAME VERSION.";
    IntegrationOff = "integration.off", Integration, "The integration is switched off.", "Switch it on.";
    ConnectionOff = "connection.off", Connection, "The connected system is switched off.", "Switch it on.";
    ConnectionSuspended = "connection.suspended", Connection, "The connected system was stopped after many failures.",
        "Look at its last failure, then resume it.";
    ConnectionNeedsConfiguration = "connection.needs_configuration", Connection,
        "The connected system is not configured completely.", "Fill in what is missing.";
    ConnectionSignInNeeded = "connection.sign_in_needed", Connection,
        "The platform no longer accepts the stored sign-in.", "Sign in to the connected system again.";
    ConnectionNotStarted = "connection.not_started", Connection, "The connected system's time has not begun.",
        "Wait for the start, or set an earlier one.";
    ConnectionEnded = "connection.ended", Connection, "The connected system's time is over.",
        "Set a later end, or none.";
    CapabilityOff = "capability.off", Capability, "This function of the connected system is switched off.",
        "Switch the function on.";
    EndpointOff = "endpoint.off", Endpoint, "The endpoint is switched off.", "Switch it on.";
    EndpointNeedsConfiguration = "endpoint.needs_configuration", Endpoint,
        "The endpoint has no connected system or stream yet.", "Choose them.";
    EndpointNotStarted = "endpoint.not_started", Endpoint, "The endpoint's time has not begun.",
        "Wait for the start, or set an earlier one.";
    EndpointEnded = "endpoint.ended", Endpoint, "The endpoint's time is over.", "Set a later end, or none.";
    TransferOff = "transfer.off", Transfer, "The transfer is switched off.", "Switch it on.";
    TransferSuspended = "transfer.suspended", Transfer, "The transfer was stopped after many failures.",
        "Look at its last failure, then resume it.";
    TransferOutsideHours = "transfer.outside_allowed_hours", Transfer, "It is outside the transfer's allowed hours.",
        "Wait for them to begin, or widen them.";
    QuotaExhausted = "quota.exhausted", Quota, "All that was granted for this period is used.",
        "Wait for the next period, or raise the quota.";
    QuotaHeld = "quota.held", Quota, "What is left of the quota is on hold for other batches.",
        "Wait for them to settle, or raise the quota.";
    QuotaTooSmall = "quota.too_small", Quota,
        "What is left of the quota is less than the source gives between two checkpoints.",
        "Raise the quota, or wait for the next period.";
}

impl Refusal {
    /// A no of the code's own level.
    pub const fn new(code: RefusalCode, place: Place, until: Option<Timestamp>) -> Self {
        Self { code, place, until }
    }
}
