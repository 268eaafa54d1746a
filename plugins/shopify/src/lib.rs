//! A connector for Shopify, over its GraphQL Admin API.
#![forbid(unsafe_code)]

mod connection;
mod graphql;
mod instant;
mod inventory;
mod nodes;
mod place;
mod products;
mod read;
mod stream;
mod told;
mod webhook;

pub use connection::Shopify;

weighbridge_sdk::export_connector!(Shopify);
