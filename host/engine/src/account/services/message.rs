//! What a third party is told by whoever gives it access: everything it needs, ready to be copied.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::ExternalServiceId;
use weighbridge_model::problem::Problem;
use weighbridge_model::service::ApiKey;
use zeroize::Zeroizing;

use super::view::ServiceView;
use crate::engine::Engine;

/// The message to a third party, to be copied as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccessMessage {
    /// All of it.
    pub text: String,
}

/// Stands where a host has said of no address that browsers reach it there.
const NO_ADDRESS: &str = "https://ADDRESS-OF-THIS-HOST";

/// What stays as it is in a part of an address.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Engine {
    /// The message again, without the key: that is known to nobody here.
    pub fn service_message(
        &self,
        may: &Permission<kinds::ServicesRead>,
        id: ExternalServiceId,
    ) -> Result<AccessMessage, Problem> {
        let service = self.service(may, id)?;
        Ok(AccessMessage { text: self.message(&service, None).to_string() })
    }

    /// The message of a service, with its key while that is known.
    pub(super) fn message(&self, service: &ServiceView, key: Option<&ApiKey>) -> Zeroizing<String> {
        let address = self.public_address().unwrap_or(NO_ADDRESS);
        let (id, shown) = (service.access_id, key.map_or("(as it was given to you)", ApiKey::reveal));
        let endpoint = service.endpoints.first().map_or("ENDPOINT", String::as_str);
        let endpoint = utf8_percent_encode(endpoint, PART);
        let read = if service.endpoints.is_empty() { "nothing yet".into() } else { service.endpoints.join(", ") };
        Zeroizing::new(format!(
            "Access to data: {name}\n\
             \n\
             Address:        {address}/pull/v1/\n\
             Connection ID:  {id}\n\
             API key:        {shown}\n\
             Access:         {dates}\n\
             You may read:   {read}\n\
             Documentation:  {address}/pull/v1/docs\n\
             \n\
             Sign in as HTTP Basic, with the Connection ID as the name and the API key as the password. \
             Never put the key into an address. Try it (curl asks for the key):\n\
             \n    \
             curl --user {id} '{address}/pull/v1/{endpoint}/records?limit=100'\n",
            name = service.name,
            dates = service.window.words.as_deref().unwrap_or("from now on, without an end"),
        ))
    }
}
