//! The kinds of things that are found by name.

/// The kinds of things found by name, the first part of an index key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// An integration of a tenant.
    Integration = 1,
    /// A customer of a tenant.
    Customer = 2,
    /// A tenant's or a customer's connection.
    Connection = 3,
    /// A customer's endpoint.
    Endpoint = 4,
    /// A customer's mapping.
    Mapping = 5,
    /// A customer's transfer.
    Transfer = 6,
    /// A tenant's workflow.
    Workflow = 7,
}

impl Kind {
    /// The first part of an index key.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Integration => "integration",
            Self::Customer => "customer",
            Self::Connection => "connection",
            Self::Endpoint => "endpoint",
            Self::Mapping => "mapping",
            Self::Transfer => "transfer",
            Self::Workflow => "workflow",
        }
    }
}
