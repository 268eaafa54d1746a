//! Sign in by an address and a password, choose among what it opens, and sign out.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{ActorRef, Permission, Population, Role, Who, kinds};
use weighbridge_model::id::{CustomerId, TenantId};
use weighbridge_model::name::NameHash;
use weighbridge_model::people::{Login, Opens, Session, Standing};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::time::Timestamp;
use weighbridge_store::HostScope;
use weighbridge_store::tables::{Logins, Sessions};
use weighbridge_vault::{Owner, PasswordMark};

use super::place::{House, ON_HOST};
use super::secret::{self, SecretKind, ShownOnce};
use crate::account::{At, living};
use crate::audit::AuditLine;
use crate::engine::Engine;
use crate::error::EngineError;

/// What a person signs in with.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The tenant's name; an operator leaves it out.
    #[serde(default)]
    pub tenant: Option<String>,
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// What to open, where the address opens several things: a customer's id, or nothing for the organisation itself.
    #[serde(default)]
    pub account: Option<CustomerId>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignIn(..)")
    }
}

/// A session, or what to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SignedIn {
    /// The secret of the session, to be sent as `Authorization: Bearer`; nothing where something is to be chosen first.
    pub session: Option<ShownOnce>,
    /// When it ends.
    pub ends_at: Option<At>,
    /// What the address opens, where that is more than one thing.
    pub accounts: Vec<Account>,
    /// The secret with which one of them is chosen, once and within five minutes.
    pub choice: Option<ShownOnce>,
}

/// Something that an address opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Account {
    /// The population.
    pub population: Population,
    /// The customer; nothing for the organisation itself.
    pub account: Option<CustomerId>,
    /// What it is called.
    pub name: String,
    /// What the person may do there.
    pub role: Role,
}

/// How long a session lives.
const SESSION_MS: i64 = 12 * 3_600_000;

/// Wrong sign-ins of one address in a quarter of an hour.
const WRONG_MAX: u32 = 10;
const WRONG_SPAN_MS: i64 = 15 * 60_000;

/// Where a password is tried. What names no organisation is counted by its name, so that it tells nothing of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Where {
    Place(TenantId),
    Nowhere(NameHash),
}

type Guessed = (Where, NameHash);

/// Passwords that were tried and were not right so far, by place and address.
#[derive(Debug, Default)]
pub(crate) struct WrongSignIns(Mutex<HashMap<Guessed, (Timestamp, u32)>>);

impl WrongSignIns {
    /// Counts one more before it is tried, so that many at once are not more than one after the other. Nothing where there
    /// were enough.
    fn begin(&self, key: Guessed, now: Timestamp) -> Option<u32> {
        let mut wrong = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.retain(|_, (since, _)| since.plus_millis(WRONG_SPAN_MS) > now);
        let (_, count) = wrong.entry(key).or_insert((now, 0));
        if *count >= WRONG_MAX {
            return None;
        }
        *count += 1;
        Some(*count)
    }

    /// The password was right.
    fn forget(&self, key: Guessed) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
    }
}

/// Somebody else's account that is opened: whose, for how long, and what the audit log says of it.
pub(super) struct Opening {
    pub(super) customer: CustomerId,
    pub(super) life_ms: i64,
    pub(super) line: AuditLine,
}

/// One of the logins that an address has in a tenant.
pub(super) struct Known {
    pub(super) population: Population,
    pub(super) mark: Option<PasswordMark>,
    pub(super) opens: Vec<Opens>,
}

impl Engine {
    /// Signs somebody in. What is wrong with it is not told, and takes as long either way.
    pub async fn sign_in_person(&self, sign_in: &SignIn) -> Result<SignedIn, Problem> {
        let found = self.place_of_sign_in(sign_in.tenant.as_deref())?;
        let key = self.guessed(found.ok_or(sign_in.tenant.as_deref()), &sign_in.email)?;
        let count = self.host.wrong_sign_ins.begin(key, self.host.now()).ok_or(ProblemCode::SignInTooOften)?;
        // An unknown organisation takes the time of a known one.
        let tenant = found.unwrap_or(ON_HOST);
        let known = if found.is_some() { self.logins_of(tenant, &sign_in.email)? } else { Vec::new() };
        let mut opened = Vec::new();
        for login in &known {
            if let Some(mark) = &login.mark
                && self.is_password(mark, &sign_in.password).await
            {
                opened.extend(login.opens.iter().map(|opens| (login.population, *opens)));
            }
        }
        if known.iter().all(|login| login.mark.is_none()) {
            self.spend_a_guess(&sign_in.password).await;
        }
        let opened = self.taken(tenant, opened)?;
        if opened.is_empty() {
            self.note_wrong_sign_in(tenant, count).await;
            return Err(ProblemCode::SignInWrong.into());
        }
        self.host.wrong_sign_ins.forget(key);
        self.choose(tenant, &opened, sign_in.account).await
    }

    /// Asks for the password of somebody who is known by a link or a session. Wrong ones count as wrong sign-ins do, so that
    /// whoever holds either cannot guess on.
    pub(super) async fn ask_password(
        &self,
        tenant: TenantId,
        email: &str,
        (mark, password): (&PasswordMark, &str),
    ) -> Result<(), Problem> {
        let key = self.guessed(Ok(tenant), email)?;
        let count = self.host.wrong_sign_ins.begin(key, self.host.now()).ok_or(ProblemCode::SignInTooOften)?;
        if self.is_password(mark, password).await {
            self.host.wrong_sign_ins.forget(key);
            return Ok(());
        }
        self.note_wrong_sign_in(tenant, count).await;
        Err(ProblemCode::SignInWrong.into())
    }

    /// What a guess is counted by: the tenant, or the name that names none.
    fn guessed(&self, place: Result<TenantId, Option<&str>>, email: &str) -> Result<Guessed, EngineError> {
        let ring = &self.host.ring;
        let place = match place {
            Ok(tenant) => Where::Place(tenant),
            Err(name) => Where::Nowhere(ring.name_hash(Owner::Host, "no tenant", name.unwrap_or_default())?),
        };
        Ok((place, House::login_hash(ring, Population::Operator, ON_HOST, email)?))
    }

    /// What the address was invited to and took: until then whoever invited it may know the password, and not its owner.
    fn taken(
        &self,
        tenant: TenantId,
        opened: Vec<(Population, Opens)>,
    ) -> Result<Vec<(Population, Opens)>, EngineError> {
        let mut taken = Vec::new();
        for (population, opens) in opened {
            let of = Standing { population, tenant, customer: opens.customer, user: opens.user };
            let user = self.user(House::of(of), of.user)?;
            taken.extend(user.and_then(|user| user.joined_at).map(|_| (population, opens)));
        }
        Ok(taken)
    }

    /// Ends the session that asks.
    pub async fn sign_out(&self, may: &Permission<kinds::SelfRead>, secret: &str) -> Result<(), Problem> {
        let Some(hash) = secret::hash(SecretKind::Session, secret) else { return Ok(()) };
        let _ = may;
        let ended = self.host.store.write(move |tx| tx.remove::<Sessions>(&HostScope::new(), &hash)).await;
        ended.map(|_| ()).map_err(|error| EngineError::from(error).into())
    }

    /// What an address has in a tenant, or on the host.
    pub(super) fn logins_of(&self, tenant: TenantId, email: &str) -> Result<Vec<Known>, Problem> {
        let populations: &[Population] =
            if tenant == ON_HOST { &[Population::Operator] } else { &[Population::Tenant, Population::Customer] };
        let mut known = Vec::new();
        for population in populations {
            let hash = House::login_hash(&self.host.ring, *population, tenant, email)?;
            let scope = HostScope::new().tenant(tenant);
            let login = self.host.store.read(|tx| tx.get::<Logins>(&scope, &House::login(*population, hash)));
            let Some(login): Option<Login> = login.map_err(EngineError::from)? else { continue };
            let Some(first) = login.opens.first() else { continue };
            let of = Standing { population: *population, tenant, customer: first.customer, user: first.user };
            let mark = login.password.as_ref().map(|sealed| self.open_mark(of, sealed)).transpose()?;
            known.push(Known { population: *population, mark, opens: login.opens });
        }
        Ok(known)
    }

    /// As long as looking at a password takes.
    async fn spend_a_guess(&self, password: &str) {
        let _ = self.mark(password).await;
    }

    async fn note_wrong_sign_in(&self, tenant: TenantId, count: u32) {
        // The first and the one that closes the door are told of; the rest are a count.
        if count != 1 && count != WRONG_MAX {
            return;
        }
        let house = House::of(Standing {
            population: if tenant == ON_HOST { Population::Operator } else { Population::Tenant },
            tenant,
            customer: None,
            user: weighbridge_model::id::UserId::from_bytes([0; 16]),
        });
        let noted = self.edit(|edit| {
            let line =
                self.audit_house(house, ActorRef::UNKNOWN, "sign_in.wrong", &format!("an address: {count} times"))?;
            edit.audit(line.denied(ProblemCode::SignInWrong));
            Ok(())
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, "a wrong sign-in could not be noted");
        }
    }

    async fn choose(
        &self,
        tenant: TenantId,
        opened: &[(Population, Opens)],
        wanted: Option<CustomerId>,
    ) -> Result<SignedIn, Problem> {
        let standing = |one| Self::standing_of(tenant, one);
        let found = match (wanted, opened) {
            // Whoever names an account is let into that one, or into none.
            (Some(_), _) => {
                let named = opened.iter().find(|(_, opens)| opens.customer == wanted);
                Some(named.ok_or(ProblemCode::SignInWrong)?)
            }
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        if let Some(found) = found {
            return self.begin_session(standing(found), None).await;
        }
        let accounts = opened.iter().map(|one| self.account_of(standing(one))).collect::<Result<Vec<_>, _>>()?;
        let accounts = accounts.into_iter().flatten().collect();
        Ok(SignedIn { session: None, ends_at: None, accounts, choice: Some(self.offer_choice(tenant, opened)?) })
    }

    pub(super) const fn standing_of(tenant: TenantId, (population, opens): &(Population, Opens)) -> Standing {
        Standing { population: *population, tenant, customer: opens.customer, user: opens.user }
    }

    fn account_of(&self, of: Standing) -> Result<Option<Account>, Problem> {
        let house = House::of(of);
        let Some(user) = self.user(house, of.user)? else { return Ok(None) };
        let name = self.house_name(house)?;
        Ok(Some(Account { population: of.population, account: of.customer, name, role: user.role }))
    }

    pub(super) async fn begin_session(&self, of: Standing, opened: Option<Opening>) -> Result<SignedIn, Problem> {
        let (secret, now) = (secret::new(SecretKind::Session)?, self.host.now());
        let hash = secret::hash(SecretKind::Session, &secret).ok_or(ProblemCode::Fault)?;
        let life = opened.as_ref().map_or(SESSION_MS, |opening| opening.life_ms);
        let house = House::of(of);
        let ends_at = now.plus_millis(life);
        self.edit(|edit| {
            if let House::Customer(scope) = house {
                // No session of a customer that is being deleted is left behind by a sign-in that was quicker.
                living(edit, scope).map_err(|_| ProblemCode::NotSignedIn)?;
            }
            let user = house.read_user(edit, of.user)?.ok_or(ProblemCode::NotSignedIn)?;
            let login = edit.need::<Logins>(house.tenant(), House::login(of.population, user.login))?;
            let session = Session {
                of,
                generation: login.generation,
                since: now,
                ends_at,
                opened: opened.as_ref().map(|opening| opening.customer),
            };
            edit.put::<Sessions>(HostScope::new(), hash, session);
            let by = ActorRef { who: Who::User(of.user), role: Some(user.role), acting_in: None };
            edit.audit(match &opened {
                Some(opening) => opening.line.clone(),
                None => self.audit_house(house, by, "user.signed_in", &of.user.to_string())?,
            });
            Ok(())
        })
        .await?;
        Ok(SignedIn { session: Some(secret.into()), ends_at: Some(At(ends_at)), accounts: Vec::new(), choice: None })
    }
}
