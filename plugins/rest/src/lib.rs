//! A declarative REST connector.
