//! What is sent of an event: ids, and the names by which its tenant knows them. No record and no credential is in it, and
//! nothing that a platform said.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::connection::Connection;
use weighbridge_model::event::{Event, EventKind};
use weighbridge_model::id::{ConnectionId, CustomerId, RunId};
use weighbridge_model::sealed::Sealed;
use weighbridge_store::tables::{Connections, Customers, Endpoints, Services, Transfers};
use weighbridge_store::{ReadError, TenantScope};

use crate::account::At;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, connection_owner};

/// The body of an event, in the shape of the Standard Webhooks specification.
#[derive(Serialize)]
pub(super) struct Payload<'a> {
    #[serde(rename = "type")]
    kind: EventKind,
    timestamp: At,
    data: &'a EventData,
}

/// What an event says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventData {
    /// What happened, in words.
    pub message: String,
    /// What to do about it.
    pub next_step: String,
    /// The stable code of why, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The customer that it is about; nothing where it is about the organisation itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<Thing>,
    /// The connected system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<Thing>,
    /// The endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Thing>,
    /// The third party's access.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Thing>,
    /// The transfer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Thing>,
    /// The run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// What of an allowance is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowance: Option<AllowancePassed>,
    /// How often the transfer failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failures: Option<FailuresInARow>,
    /// When an agreed time ends that ends soon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<At>,
}

/// One thing that an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Thing {
    /// Its id.
    pub id: String,
    /// What it is called at the moment; nothing where it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// How often a transfer failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FailuresInARow {
    /// So many runs, one after the other.
    pub runs: u32,
    /// With so many it is suspended, once they took a day.
    pub suspended_at: u32,
}

/// How much of an allowance is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AllowancePassed {
    /// What is counted: `records`, `bytes`, `runs` or `pulls`.
    pub meter: String,
    /// What is granted in the period.
    pub granted: u64,
    /// What was used of it when the event was raised.
    pub used: u64,
    /// The first instant of the period.
    pub period: At,
}

impl Engine {
    /// The bytes that are signed and sent.
    pub(super) fn event_body(&self, scope: TenantScope, event: &Event) -> Result<Vec<u8>, EngineError> {
        let data = self.event_data(scope, event)?;
        let payload = Payload { kind: event.kind, timestamp: At(event.at), data: &data };
        serde_json::to_vec(&payload).map_err(|error| EngineError::Egress(error.to_string()))
    }

    /// What an event says, with the names of today.
    pub(super) fn event_data(&self, scope: TenantScope, event: &Event) -> Result<EventData, EngineError> {
        let about = &event.about;
        let mut data = EventData {
            message: event.kind.sentence().to_owned(),
            next_step: event.kind.next_step().to_owned(),
            code: event.code.as_ref().map(ToString::to_string),
            run: about.run,
            allowance: about.used.map(|used| AllowancePassed {
                meter: used.meter.to_string(),
                granted: used.granted,
                used: used.spent,
                period: At(used.period),
            }),
            failures: about.failed.map(|failed| FailuresInARow { runs: failed.runs, suspended_at: failed.of }),
            ends_at: about.ends_at.map(At),
            ..EventData::default()
        };
        if let Some(id) = about.connection {
            data.connection = Some(Thing { id: id.to_string(), name: self.connection_named_in(scope, id)? });
        }
        if let Some(customer) = about.customer {
            self.put_names(scope, customer, event, &mut data)?;
        }
        Ok(data)
    }

    fn connection_named_in(&self, scope: TenantScope, id: ConnectionId) -> Result<Option<String>, EngineError> {
        let row = self.host.store.read(|tx| tx.get::<Connections>(&scope, &id))?;
        let open = |row: Connection| {
            Texts::new(&self.host.ring, connection_owner(&row), id.as_bytes()).open_text("label", &row.label).ok()
        };
        Ok(row.and_then(open))
    }

    /// Names go with their customer's key, and an event does not wait for them.
    fn put_names(
        &self,
        scope: TenantScope,
        customer: CustomerId,
        event: &Event,
        data: &mut EventData,
    ) -> Result<(), EngineError> {
        let (about, of) = (&event.about, scope.customer(customer));
        let rows = self.host.store.read(|tx| {
            Ok((
                tx.get::<Customers>(&scope, &customer)?,
                about.transfer.map(|id| tx.get::<Transfers>(&of, &id)).transpose()?.flatten(),
                about.endpoint.map(|id| tx.get::<Endpoints>(&of, &id)).transpose()?.flatten(),
                about.service.map(|id| tx.get::<Services>(&of, &id)).transpose()?.flatten(),
            ))
        });
        let (row, transfer, endpoint, service) = rows.map_err(|error: ReadError| EngineError::from(error))?;
        let open = |record: &[u8; 16], sealed: &Sealed| self.host.name_in(of, record, sealed).ok();
        let name = row.and_then(|row| open(customer.as_bytes(), &row.name));
        data.customer = Some(Thing { id: customer.to_string(), name });
        data.transfer = about
            .transfer
            .map(|id| Thing { id: id.to_string(), name: transfer.and_then(|row| open(id.as_bytes(), &row.name)) });
        data.endpoint = about
            .endpoint
            .map(|id| Thing { id: id.to_string(), name: endpoint.and_then(|row| open(id.as_bytes(), &row.name)) });
        data.service = about
            .service
            .map(|id| Thing { id: id.to_string(), name: service.and_then(|row| open(id.as_bytes(), &row.name)) });
        Ok(())
    }
}
