//! The partner organisation.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::TenantId;
use crate::meter::Quota;
use crate::sealed::Sealed;
use crate::self_managed::{Policy, TenantSelfManaged};
use crate::time::{Timestamp, Zone};

/// Whether a tenant or a customer is in business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It may move data.
    Active,
    /// It may not.
    Inactive,
}

/// One thing that a person turns on and off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// It may be used.
    #[default]
    On,
    /// It may not.
    Off,
}

/// A currency by its ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// The text is no code of a currency.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no currency; write the three letters of its ISO 4217 code, such as `PLN`")]
pub struct UnknownCurrency(pub String);

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(text: &str) -> Result<Self, UnknownCurrency> {
        match text.as_bytes() {
            [a, b, c] if text.bytes().all(|letter| letter.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(UnknownCurrency(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;

    fn try_from(text: String) -> Result<Self, UnknownCurrency> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.to_string()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Currency({self})")
    }
}

/// A partner organisation: owns customers, and is billed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Whether anything of it may move.
    pub status: Status,
    /// Where its midnights are.
    pub zone: Zone,
    /// What it is billed in.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// What it is called.
    pub name: Sealed,
    /// Whether its customers connect systems by themselves.
    #[serde(default)]
    pub self_managed: TenantSelfManaged,
    /// Whether its customers give third parties access by themselves.
    #[serde(default)]
    pub own_services: Policy,
    /// What all of its customers together may use.
    #[serde(default)]
    pub quota: Quota,
    /// When it was made.
    pub created_at: Timestamp,
}
