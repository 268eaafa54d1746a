//! What a third party is told by whoever gives it access: everything it needs, ready to be copied.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
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

/// In which language a third party is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageLanguage {
    /// In English.
    #[default]
    En,
    /// In Polish.
    Pl,
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
        language: MessageLanguage,
    ) -> Result<AccessMessage, Problem> {
        let service = self.service(may, id)?;
        Ok(AccessMessage { text: self.message(&service, None, language).to_string() })
    }

    /// The message of a service, with its key while that is known.
    pub(super) fn message(
        &self,
        service: &ServiceView,
        key: Option<&ApiKey>,
        language: MessageLanguage,
    ) -> Zeroizing<String> {
        let told = Told { address: self.public_address().unwrap_or(NO_ADDRESS), service, key };
        Zeroizing::new(match language {
            MessageLanguage::En => told.in_english(),
            MessageLanguage::Pl => told.in_polish(),
        })
    }
}

/// What a message tells.
struct Told<'a> {
    address: &'a str,
    service: &'a ServiceView,
    key: Option<&'a ApiKey>,
}

impl Told<'_> {
    fn in_english(&self) -> String {
        let (address, service, example) = (self.address, self.service, self.example());
        format!(
            "Access to data: {name}\n\
             \n\
             Address:        {address}/pull/v1/\n\
             Connection ID:  {id}\n\
             API key:        {key}\n\
             Access:         {dates}\n\
             You may read:   {read}\n\
             Documentation:  {address}/pull/v1/docs\n\
             \n\
             Sign in as HTTP Basic, with the Connection ID as the name and the API key as the password. \
             Never put the key into an address. Try it (curl asks for the key):\n\
             \n    \
             {example}\n",
            name = service.name,
            id = service.access_id,
            key = self.key.map_or("(as it was given to you)", ApiKey::reveal),
            read = self.read("nothing yet"),
            dates = service.window.words.as_deref().unwrap_or("from now on, without an end"),
        )
    }

    fn in_polish(&self) -> String {
        let (address, service, example) = (self.address, self.service, self.example());
        let dates = service.window.words.as_deref().unwrap_or("od teraz, bez końca");
        let dates =
            dates.replace("begins ", "od ").replace("last access ", "ostatni dostęp ").replace("ends ", "koniec ");
        format!(
            "Dostęp do danych: {name}\n\
             \n\
             Adres:                     {address}/pull/v1/\n\
             Identyfikator połączenia:  {id}\n\
             Klucz API:                 {key}\n\
             Dostęp:                    {dates}\n\
             Można odczytywać:          {read}\n\
             Dokumentacja:              {address}/pull/v1/docs\n\
             \n\
             Logowanie: HTTP Basic, identyfikator połączenia jako nazwa, klucz API jako hasło. \
             Klucza nie należy nigdy umieszczać w adresie. Próba (curl zapyta o klucz):\n\
             \n    \
             {example}\n",
            name = service.name,
            id = service.access_id,
            key = self.key.map_or("(przekazany wcześniej)", ApiKey::reveal),
            read = self.read("na razie nic"),
        )
    }

    fn read(&self, nothing: &str) -> String {
        if self.service.endpoints.is_empty() { nothing.to_owned() } else { self.service.endpoints.join(", ") }
    }

    /// What one types to try it.
    fn example(&self) -> String {
        let endpoint = self.service.endpoints.first().map_or("ENDPOINT", String::as_str);
        let endpoint = utf8_percent_encode(endpoint, PART);
        format!("curl --user {} '{}/pull/v1/{endpoint}/records?limit=100'", self.service.access_id, self.address)
    }
}
