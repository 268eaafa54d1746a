//! The kinds of events, each with a stable word, a sentence, and what to do about it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The text is no kind of event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind of event; compare it with those that openapi.json lists")]
pub struct UnknownKind(pub String);

macro_rules! kinds {
    ($($name:ident = $code:literal, $sentence:literal, $next_step:literal;)*) => {
        /// What a tenant can be told of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventKind {
            $(#[doc = $sentence] $name,)*
        }

        impl EventKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable word: the `type` of what is sent.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What happened.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }

            /// What to do about it.
            pub const fn next_step(self) -> &'static str {
                match self { $(Self::$name => $next_step,)* }
            }
        }
    };
}

kinds! {
    RunFailed = "run.failed", "A run failed, for the first time or for another reason than before.",
        "See why on the run's page; it is told again only where the reason changes.";
    RunRecovered = "run.recovered", "A run succeeded after others of the same transfer had failed.",
        "Nothing needs to be done.";
    TransferSuspended = "transfer.suspended", "A transfer failed for so long that it was suspended.",
        "Correct what its last run says, and switch the transfer on again.";
    SignInNeeded = "connection.sign_in_needed", "A platform no longer takes the sign-in of a connected system.",
        "Sign in at the platform again, or enter another credential.";
    WindowOpened = "window.opened", "An agreed time began.", "Nothing needs to be done.";
    WindowClosingSoon = "window.closing_soon", "An agreed time ends within seven days.",
        "Move its end where it is to go on.";
    WindowClosed = "window.closed", "An agreed time ended, and nothing moves within it any more.",
        "Move its end where it is to go on.";
    Quota80 = "quota.80", "Of an allowance, 80 % is used.", "Raise the allowance, or wait for its next period.";
    Quota100 = "quota.100", "An allowance is used up.", "Raise the allowance, or wait for its next period.";
    ConnectionCreated = "connection.created", "A customer's people connected a system.", "Nothing needs to be done.";
    AddressTested = "event_address.tested", "Somebody tries whether events arrive at this address.",
        "Nothing needs to be done.";
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EventKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let found = Self::ALL.iter().find(|kind| kind.as_str() == text);
        found.copied().ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

impl Serialize for EventKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for EventKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl schemars::JsonSchema for EventKind {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EventKind".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let words: Vec<&str> = Self::ALL.iter().map(|kind| kind.as_str()).collect();
        schemars::json_schema!({ "type": "string", "enum": words })
    }
}
