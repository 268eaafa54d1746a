//! What a connector's package says of itself, and who may be believed.

pub mod auth;
pub mod capability;
pub mod difference;
mod fixed_bytes;
pub mod hmac;
pub mod host;
pub mod installed;
pub mod login;
pub mod manifest;
pub mod oauth2;
mod preset;
pub mod revocation;
pub mod rotation;
pub mod section;
pub mod signature;
pub mod template;
pub mod trust;
mod unique;
pub mod verify;

pub use crate::digest::Digest;
pub use auth::{ApiKeyPlace, AuthMethod, AuthScheme, SecretField};
pub use capability::{Capability, Direction, Mode};
pub use difference::{Addition, Caps, Difference};
pub use fixed_bytes::HexError;
pub use hmac::{Encoding, HmacAlgorithm, HmacSend, KeyEncoding, Signable, TimestampFormat};
pub use host::{HostError, HostPattern, HostRule};
pub use installed::{Origin, PackageRow, Release};
pub use login::{Login, LoginError, LoginRequest};
pub use manifest::{CONTRACT, FolderWish, HookSecret, Limits, Manifest, ManifestError, RateLimit, Webhooks};
pub use oauth2::{ClientAuth, OAuth2, OAuthFlow};
pub use revocation::{Revocable, Revocation, Revoked};
pub use rotation::{Rotation, RotationRefusal};
pub use signature::{KeyId, PublicKey, PublicKeyError, SignatureSection};
pub use template::{Template, TemplateError, Values};
pub use trust::{NamePattern, Publisher, TrustError, TrustStore, TrustedKey};
pub use verify::{Malformation, PackageRefusal, UnverifiedPackage, VerifiedPackage};
