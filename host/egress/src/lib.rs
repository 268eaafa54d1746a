//! The only room that connects outward for connectors and people.
