//! Links for another password: made by whoever owns the data folder, or mailed to whoever asks for one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{ActorRef, Permission, Population, kinds};
use weighbridge_model::id::TenantId;
use weighbridge_model::name::NameHash;
use weighbridge_model::people::{LinkPurpose, OneUseLink, Standing};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::time::Timestamp;
use weighbridge_store::HostScope;
use weighbridge_store::tables::{Logins, OneUseLinks};
use zeroize::Zeroizing;

use super::place::{House, ON_HOST};
use super::secret::{self, SecretKind, ShownOnce};
use crate::account::{At, Edit, living};
use crate::engine::Engine;
use crate::error::{EngineError, NotFound};
use crate::mail::{self, Errand, Mailed, Words};

/// Whose password is to be another.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskReset {
    /// The address.
    pub email: String,
    /// The tenant's name; an operator's is left out.
    #[serde(default)]
    pub tenant: Option<String>,
    /// Whether it is somebody of a customer's.
    #[serde(default)]
    pub of_customer: bool,
}

/// A link on which another password is set, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ResetLink {
    /// Its secret.
    pub link: ShownOnce,
    /// Its address, where a host serves one.
    pub address: Option<ShownOnce>,
    /// Until when.
    pub ends_at: At,
    /// What became of the mail with the link.
    pub mail: Mailed,
}

/// Where somebody cannot sign in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgotPassword {
    /// The tenant's name; an operator leaves it out.
    #[serde(default)]
    pub tenant: Option<String>,
    /// The address.
    pub email: String,
}

/// How long a link for another password is good.
const RESET_MS: i64 = 3_600_000;

/// So many mails are sent to one address in an hour.
const ASKED_MAX: usize = 3;
const ASKED_SPAN_MS: i64 = 3_600_000;

/// The most bytes of a tenant's name that is looked up.
const TENANT_BYTES_MAX: usize = 400;

/// When mails went to addresses that asked for another password. Only known addresses are in it, so strangers cannot fill it.
#[derive(Debug, Default)]
pub(crate) struct Asked(Mutex<HashMap<NameHash, Vec<Timestamp>>>);

impl Asked {
    /// Counts one more mail, unless there were enough.
    fn admits(&self, address: NameHash, now: Timestamp) -> bool {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|_, times| {
            times.retain(|at| at.plus_millis(ASKED_SPAN_MS) > now);
            !times.is_empty()
        });
        let times = asked.entry(address).or_default();
        let is_admitted = times.len() < ASKED_MAX;
        if is_admitted {
            times.push(now);
        }
        is_admitted
    }
}

impl Engine {
    /// Makes a link for another password, for an address of a population. It is for whoever owns the data folder to hand over.
    pub async fn reset_link(
        &self,
        may: &Permission<kinds::PasswordsReset>,
        ask: &AskReset,
    ) -> Result<ResetLink, Problem> {
        let tenant = match &ask.tenant {
            None => ON_HOST,
            Some(name) => self.find_tenant(Some(name)).map_err(|_| ProblemCode::NotThere)?.id(),
        };
        let population = match (&ask.tenant, ask.of_customer) {
            (None, _) => Population::Operator,
            (Some(_), false) => Population::Tenant,
            (Some(_), true) => Population::Customer,
        };
        let hash = House::login_hash(&self.host.ring, population, tenant, &ask.email)?;
        let scope = HostScope::new().tenant(tenant);
        let login = self.host.store.read(|tx| tx.get::<Logins>(&scope, &House::login(population, hash)));
        let login = login.map_err(EngineError::from)?;
        let opens = login.and_then(|login| login.opens.first().copied()).ok_or(ProblemCode::NotThere)?;
        let of = Standing { population, tenant, customer: opens.customer, user: opens.user };
        let (secret, ends_at) = self.new_reset(of, may.by(), "user.reset_link").await?;
        let mail = self.mail_reset(of, &secret)?;
        let address = self.public_address().map(|host| page(host, &secret).into());
        Ok(ResetLink { link: secret.into(), address, ends_at: At(ends_at), mail })
    }

    /// Somebody cannot sign in. What is answered says nothing of who is known here, since it is found out afterwards.
    pub async fn forgot_password(&self, forgot: &ForgotPassword) -> Result<(), Problem> {
        if self.host.conduct().mail.is_none() {
            return Err(ProblemCode::MailNotConfigured.into());
        }
        mail::address(&forgot.email)?;
        if forgot.tenant.as_ref().is_some_and(|name| name.len() > TENANT_BYTES_MAX) {
            return Err(Problem::invalid("tenant", "this is too long for a name"));
        }
        // Where too many wait the log says so; to a stranger even that would be a word too much.
        let _ = self.host.outbox.post(&self.host, Errand::Forgot(forgot.clone()));
        Ok(())
    }

    /// Mails a link for every password that the address has there. Who took no invitation yet has none to forget.
    pub(crate) async fn answer_forgot(&self, forgot: &ForgotPassword) -> Result<(), Problem> {
        let Some(tenant) = self.place_of_sign_in(forgot.tenant.as_deref())? else { return Ok(()) };
        let address = House::login_hash(&self.host.ring, Population::Operator, ON_HOST, &forgot.email)?;
        for login in self.logins_of(tenant, &forgot.email)? {
            let Some(opens) = login.opens.first().filter(|_| login.mark.is_some()) else { continue };
            if !self.host.asked.admits(address, self.host.now()) {
                return Ok(());
            }
            let of = Standing { population: login.population, tenant, customer: opens.customer, user: opens.user };
            let (secret, _) = self.new_reset(of, ActorRef::UNKNOWN, "user.password_asked").await?;
            self.mail_reset(of, &secret)?;
        }
        Ok(())
    }

    /// The tenant that a sign-in names; nothing where there is none of this name.
    pub(super) fn place_of_sign_in(&self, name: Option<&str>) -> Result<Option<TenantId>, Problem> {
        match name.map(|name| self.find_tenant(Some(name))) {
            None => Ok(Some(ON_HOST)),
            Some(Ok(scope)) => Ok(Some(scope.id())),
            Some(Err(EngineError::NotFound(NotFound { .. }))) => Ok(None),
            Some(Err(error)) => Err(error.into()),
        }
    }

    /// A new link in the place of an older one, which works no more.
    async fn new_reset(
        &self,
        of: Standing,
        by: ActorRef,
        act: &'static str,
    ) -> Result<(Zeroizing<String>, Timestamp), Problem> {
        let (house, secret) = (House::of(of), secret::new(SecretKind::Link)?);
        let hash = secret::hash(SecretKind::Link, &secret).ok_or(ProblemCode::Fault)?;
        let ends_at = self.host.now().plus_millis(RESET_MS);
        self.edit(|edit| {
            if let House::Customer(scope) = house {
                living(edit, scope)?;
            }
            let user = house.read_user(edit, of.user)?.ok_or(ProblemCode::NotThere)?;
            let place = House::login(of.population, user.login);
            let mut login = edit.need::<Logins>(house.tenant(), place)?;
            forget_reset(edit, login.reset.replace(hash));
            edit.put::<Logins>(house.tenant(), place, login);
            edit.put::<OneUseLinks>(HostScope::new(), hash, OneUseLink { of, purpose: LinkPurpose::Reset, ends_at });
            edit.audit(self.audit_house(house, by, act, &of.user.to_string())?);
            Ok(())
        })
        .await?;
        Ok((secret, ends_at))
    }

    fn mail_reset(&self, of: Standing, secret: &str) -> Result<Mailed, Problem> {
        let house = House::of(of);
        let user = self.user(house, of.user)?.ok_or(ProblemCode::NotThere)?;
        let (email, place) = (self.user_view(house, &user)?.email, self.house_name(house)?);
        Ok(self.mail(&email, |host| Words::reset(&place, &page(host, secret))))
    }
}

/// Takes a link back that was made for a login, where there is one.
pub(super) fn forget_reset(edit: &mut Edit<'_>, link: Option<weighbridge_model::digest::Digest>) {
    if let Some(link) = link {
        edit.remove::<OneUseLinks>(HostScope::new(), link);
    }
}

/// Where the link is opened.
fn page(host: &str, secret: &str) -> String {
    format!("{host}/reset/{secret}")
}
