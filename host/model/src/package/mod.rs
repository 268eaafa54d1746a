//! What a connector's package says of itself, and who may be believed.

pub mod auth;
pub mod capability;
pub mod host;
pub mod login;
pub mod manifest;
pub mod template;
mod unique;

pub use auth::{ApiKeyPlace, AuthMethod, AuthScheme, SecretField};
pub use capability::{Capability, Direction, Mode};
pub use host::{HostError, HostPattern, HostRule};
pub use login::{Login, LoginError, LoginRequest};
pub use manifest::{Limits, Manifest, ManifestError, RateLimit};
pub use template::{Template, TemplateError, Values};
