//! Write a Weighbridge connector: one trait, honest defaults.
//!
//! A connector is a crate with a `connector.toml`, one type that implements [`Connector`], and `export_connector!`. The host
//! calls it to read pages of records or to write batches of them; everything it needs of the outside, it asks the host for:
//! [`http`] (the host adds the credential), [`files`], [`secrets`], [`config`], [`clock`], [`log`], [`run`].
//!
//! # A source in forty lines
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use serde_json::value::RawValue;
//! use weighbridge_sdk::catalog::{Catalog, Mode, Stream};
//! use weighbridge_sdk::source::{Limit, Page, ReadRequest, Reader};
//! use weighbridge_sdk::{Connector, Failure, http};
//!
//! /// The settings a person fills in; `connector.toml` describes them to the host.
//! #[derive(Deserialize)]
//! struct Settings {
//!     base_url: String,
//! }
//!
//! struct Shop {
//!     base_url: String,
//! }
//!
//! impl Connector for Shop {
//!     type Config = Settings;
//!
//!     fn new(settings: Settings) -> Result<Self, Failure> {
//!         Ok(Self { base_url: settings.base_url })
//!     }
//!
//!     fn discover(&self) -> Result<Catalog, Failure> {
//!         Ok(Catalog { streams: vec![Stream::source("orders", &[Mode::FullRefresh]).keyed_by(&["id"])] })
//!     }
//!
//!     fn read(&self, request: ReadRequest) -> Result<Box<dyn Reader>, Failure> {
//!         // A checkpoint comes back byte for byte: here, the place of the next order.
//!         let next = request.start.map_or(Ok(0), |start| serde_json::from_slice(&start))?;
//!         Ok(Box::new(Orders { base_url: self.base_url.clone(), next }))
//!     }
//! }
//!
//! struct Orders {
//!     base_url: String,
//!     next: u64,
//! }
//!
//! impl Reader for Orders {
//!     fn next(&mut self, limit: Limit) -> Result<Page, Failure> {
//!         let answer = http::get(format!("{}/orders", self.base_url))
//!             .query("from", self.next)
//!             .query("limit", limit.records)
//!             .auth("key")
//!             .send()?
//!             .ok()?;
//!         let orders: Vec<Box<RawValue>> = answer.json()?;
//!         let mut page = Page::default();
//!         for order in &orders {
//!             if !limit.admits(&page.records, order.get().len()) {
//!                 break;
//!             }
//!             page.records.push_raw(order);
//!         }
//!         self.next += u64::from(page.records.count());
//!         page.checkpoint = Some(serde_json::to_vec(&self.next)?);
//!         page.more = !orders.is_empty();
//!         Ok(page)
//!     }
//! }
//!
//! weighbridge_sdk::export_connector!(Shop);
//!
//! // In a unit test the answers are written down, and nothing else is needed.
//! use weighbridge_sdk::testing::{self, ScriptedHost};
//!
//! let host = ScriptedHost::install();
//! host.configure(serde_json::json!({"base_url": "https://shop.example.com"}));
//! host.expects("GET", "https://shop.example.com/orders?from=0&limit=100", (200, r#"[{"id": 1}, {"id": 2}]"#));
//! host.expects("GET", "https://shop.example.com/orders?from=2&limit=100", (200, "[]"));
//! let records = testing::read_all::<Shop>("orders", 100)?;
//! assert_eq!(records.len(), 2);
//! # Ok::<(), Failure>(())
//! ```
//!
//! # What to keep in mind
//!
//! - **Limits.** A page never holds more than its [`Limit`](source::Limit); a checkpoint says where the *next* record begins.
//! - **Keys.** A destination sends each request under its chunk's key ([`Batch::send`](destination::Batch::send) makes it), so
//!   that what is sent again is recognised.
//! - **Failures** are values with a class, by which the host decides what to do. [`Response::ok`](http::Response::ok) maps a
//!   status to the usual one.
//! - **Time.** `std::time` panics in a guest; ask [`clock`].
#![warn(missing_docs)]

pub mod catalog;
pub mod clock;
pub mod config;
mod connector;
pub mod destination;
pub mod failure;
pub mod files;
pub mod http;
pub mod lines;
pub mod log;
pub mod run;
pub mod secrets;
pub mod source;
#[cfg(not(target_family = "wasm"))]
pub mod testing;

#[doc(hidden)]
pub mod bindings;
#[doc(hidden)]
pub mod guest;

pub use connector::{Answer, Connector, Delivery, Hook, Lifecycle};
pub use failure::{Failure, FailureClass};
pub use lines::Lines;
pub use serde_json;
