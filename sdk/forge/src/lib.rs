//! Builds, packages and signs connectors.
