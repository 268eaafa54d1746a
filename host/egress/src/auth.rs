//! Puts a credential on a request.

use data_encoding::BASE64;
use http::header::{self, HeaderMap, HeaderName};
use weighbridge_model::package::{ApiKeyPlace, AuthMethod, Template};
use weighbridge_model::time::Timestamp;
use zeroize::Zeroizing;

use crate::credential::Credential;
use crate::exchange::Outgoing;
use crate::refusal::Denial;
use crate::target::Target;
use crate::watch::Guarded;

/// A request with its credential on it.
pub(crate) struct Applied {
    pub(crate) target: Target,
    pub(crate) headers: HeaderMap,
    pub(crate) guarded: Guarded,
}

impl Applied {
    pub(crate) fn set(&mut self, credential: &Credential, name: HeaderName, value: &str) -> Result<(), Denial> {
        self.headers.insert(name, credential.value(value)?);
        Ok(())
    }
}

impl Credential {
    /// Everything but a login and a grant, which have to ask first.
    pub(crate) fn apply(&self, outgoing: &Outgoing, now: Timestamp, applied: &mut Applied) -> Result<(), Denial> {
        match &self.scheme.apply {
            AuthMethod::None {} => Ok(()),
            AuthMethod::ApiKey { place, name, prefix } => self.apply_key(*place, name, prefix, applied),
            AuthMethod::Basic {} => self.apply_basic(applied),
            AuthMethod::Bearer {} => {
                let token = self.secret("token")?;
                applied.guarded.add(token);
                applied.set(self, header::AUTHORIZATION, &Zeroizing::new(format!("Bearer {token}")))
            }
            AuthMethod::Hmac { send: Some(send), .. } => self.apply_hmac(send, outgoing, now, applied),
            AuthMethod::AwsSigv4 { region, service } => self.apply_sigv4((region, service), outgoing, now, applied),
            _ => Err(Denial::SchemeUnsupported { scheme: self.name().to_owned() }),
        }
    }

    fn apply_key(
        &self,
        place: ApiKeyPlace,
        name: &Template,
        prefix: &str,
        applied: &mut Applied,
    ) -> Result<(), Denial> {
        let key = self.secret("key")?;
        let value = Zeroizing::new(format!("{prefix}{key}"));
        applied.guarded.add(key);
        match place {
            ApiKeyPlace::Header => applied.set(self, self.header_name(&self.rendered(name)?)?, &value),
            ApiKeyPlace::Query => {
                applied.target = applied.target.with_parameter(&self.rendered(name)?, &value);
                Ok(())
            }
        }
    }

    fn apply_basic(&self, applied: &mut Applied) -> Result<(), Denial> {
        let (username, password) = (self.secret("username")?, self.secret("password")?);
        if username.contains(':') {
            return Err(self.unusable("a user name has no colon".into()));
        }
        let pair = Zeroizing::new(format!("{username}:{password}"));
        let encoded = Zeroizing::new(BASE64.encode(pair.as_bytes()));
        applied.guarded.add(password);
        applied.guarded.add(&encoded);
        applied.set(self, header::AUTHORIZATION, &Zeroizing::new(format!("Basic {}", *encoded)))
    }
}
