//! Calls about the platform as a whole.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::Guest;
use crate::bindings::exports::weighbridge::connector::platform;
use crate::lines;
use crate::outcome::{Ended, Stop, Stopped};
use crate::state::Requests;

/// A webhook of the platform, from a caller whom nobody has authenticated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// The method.
    pub method: String,
    /// The path after the hook's own address, with its query.
    pub path: String,
    /// Header names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Bytes,
}

/// What a webhook is to be answered, and what it brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookAnswer {
    /// The status to answer.
    pub status: u16,
    /// The body to answer.
    pub body: Bytes,
    /// What goes to the inbox.
    pub deliveries: Vec<Delivery>,
}

/// Records of one stream that a webhook brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The stream.
    pub stream: String,
    /// The platform's own id of this delivery; the same id twice is the same delivery.
    pub id: String,
    /// One JSON object a line.
    pub records: Bytes,
    /// How many lines that is.
    pub records_count: u64,
}

/// What became of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle {
    /// It was switched on.
    Enabled,
    /// It was switched off.
    Disabled,
    /// It is being deleted.
    Deleted,
}

impl Guest {
    /// Proves the configuration with one cheap request.
    pub async fn check(&mut self) -> Result<(), Ended> {
        let mut inside = self.enter(None)?;
        let (wall, exports, store) = inside.parts();
        let call = exports.weighbridge_connector_platform().call_check(store);
        let outcome = timeout(wall, call).await;
        self.leave(inside, outcome)
    }

    /// The streams of this account, as the JSON of `schemas/catalog.schema.json`. The caller parses and checks it.
    pub async fn discover(&mut self) -> Result<String, Ended> {
        let mut inside = self.enter(None)?;
        let (wall, exports, store) = inside.parts();
        let call = exports.weighbridge_connector_platform().call_discover(store);
        let outcome = timeout(wall, call).await;
        self.leave(inside, outcome)
    }

    /// Lets the connector verify and parse a webhook. Every HTTP request it makes meanwhile is refused.
    pub async fn receive(&mut self, hook: Hook) -> Result<HookAnswer, Ended> {
        let mut inside = self.enter(Some(Requests::Closed))?;
        let bytes_max = inside.store.data().limits.page_bytes;
        let hook = platform::Hook::from(hook);
        let (wall, exports, store) = inside.parts();
        let call = exports.weighbridge_connector_platform().call_receive(store, &hook);
        let outcome = timeout(wall, call).await;
        let answer = self.leave(inside, outcome)?;
        self.judge(accept(answer, bytes_max))
    }

    /// Makes or removes what the connector keeps at the platform.
    pub async fn on(&mut self, event: Lifecycle) -> Result<(), Ended> {
        let mut inside = self.enter(None)?;
        let (wall, exports, store) = inside.parts();
        let call = exports.weighbridge_connector_platform().call_on(store, event.into());
        let outcome = timeout(wall, call).await;
        self.leave(inside, outcome)
    }
}

fn accept(answer: platform::Answer, bytes_max: usize) -> Result<HookAnswer, Stopped> {
    let bytes: usize = answer.deliveries.iter().map(|delivery| delivery.records.len()).sum();
    if bytes > bytes_max {
        let message = format!("A webhook gave {bytes} bytes of records; {bytes_max} are kept.");
        return Err(Stopped::new(Stop::PageTooLarge, message));
    }
    let deliveries = answer.deliveries.into_iter().map(accept_delivery).collect::<Result<_, _>>()?;
    Ok(HookAnswer { status: answer.status, body: answer.body.into(), deliveries })
}

fn accept_delivery(delivery: platform::Delivery) -> Result<Delivery, Stopped> {
    let records_count = lines::check(&delivery.records, "deliveries.records")?;
    let platform::Delivery { stream, id, records } = delivery;
    Ok(Delivery { stream, id, records: records.into(), records_count })
}

impl From<Hook> for platform::Hook {
    fn from(hook: Hook) -> Self {
        let Hook { method, path, headers, body } = hook;
        Self { method, path, headers, body: body.into() }
    }
}

impl From<Lifecycle> for platform::Lifecycle {
    fn from(event: Lifecycle) -> Self {
        match event {
            Lifecycle::Enabled => Self::Enabled,
            Lifecycle::Disabled => Self::Disabled,
            Lifecycle::Deleted => Self::Deleted,
        }
    }
}
