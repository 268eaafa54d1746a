//! Links of one use: take an invitation, or set another password.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{ActorRef, Who};
use weighbridge_model::people::{LinkPurpose, OneUseLink, Standing, User};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::sealed::Sealed;
use weighbridge_store::HostScope;
use weighbridge_store::tables::{Logins, OneUseLinks};
use weighbridge_vault::PasswordMark;

use super::place::House;
use super::reset::forget_reset;
use super::secret::{self, SecretKind};
use super::sign_in::SignedIn;
use crate::account::inputs;
use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// A link, and what its person chooses.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The secret of the link.
    pub link: String,
    /// A new password; whoever has one at this address already gives that one, and may leave it out where they set another.
    pub password: String,
    /// What they are called.
    #[serde(default)]
    pub name: Option<String>,
}

impl std::fmt::Debug for Join {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Join(..)")
    }
}

/// The fewest characters of a password, by NIST SP 800-63B-4 §3.1.1.2 rounded down to what people accept.
const PASSWORD_MIN: usize = 12;
/// More would only cost time.
const PASSWORD_MAX: usize = 256;

impl Engine {
    /// Takes an invitation: the person has a password then, and is signed in.
    pub async fn join(&self, join: &Join) -> Result<SignedIn, Problem> {
        let (found, user) = self.read_link(&join.link, LinkPurpose::Join)?;
        let house = House::of(found.of);
        let known = self.login_password(found.of, &user)?;
        let email = Texts::new(&self.host.ring, house.owner(), user.id.as_bytes()).open_text("email", &user.email)?;
        match &known {
            // An address with a password joins by it: an invitation must not be a way to set another one.
            Some(mark) => self.ask_password(found.of.tenant, &email, (mark, &join.password)).await?,
            None => strong(&join.password, &email)?,
        }
        if let Some(name) = &join.name {
            inputs::name(name)?;
        }
        let mark = match known {
            Some(_) => None,
            None => Some(self.mark(&join.password).await?),
        };
        self.use_link(&join.link, found.of, "user.joined", mark, join.name.as_deref()).await?;
        self.begin_session(found.of, None).await
    }

    /// Sets another password by a link; everything that was signed in before is out.
    pub async fn reset_password(&self, join: &Join) -> Result<SignedIn, Problem> {
        let (found, user) = self.read_link(&join.link, LinkPurpose::Reset)?;
        let house = House::of(found.of);
        let texts = Texts::new(&self.host.ring, house.owner(), user.id.as_bytes());
        strong(&join.password, &texts.open_text("email", &user.email)?)?;
        let mark = self.mark(&join.password).await?;
        self.use_link(&join.link, found.of, "user.password_reset", Some(mark), None).await?;
        self.begin_session(found.of, None).await
    }

    fn read_link(&self, text: &str, purpose: LinkPurpose) -> Result<(OneUseLink, User), Problem> {
        let hash = secret::hash(SecretKind::Link, text).ok_or(ProblemCode::LinkUsed)?;
        let found = self.host.store.read(|tx| tx.get::<OneUseLinks>(&HostScope::new(), &hash));
        let found = found.map_err(EngineError::from)?;
        let found = found.filter(|link| link.purpose == purpose && link.ends_at > self.host.now());
        let found = found.ok_or(ProblemCode::LinkUsed)?;
        let user = self.user(House::of(found.of), found.of.user)?.ok_or(ProblemCode::LinkUsed)?;
        Ok((found, user))
    }

    pub(super) fn login_password(&self, of: Standing, user: &User) -> Result<Option<PasswordMark>, Problem> {
        let house = House::of(of);
        let place = House::login(of.population, user.login);
        let login = self.host.store.read(|tx| tx.get::<Logins>(&house.tenant(), &place)).map_err(EngineError::from)?;
        let Some(sealed) = login.and_then(|login| login.password) else { return Ok(None) };
        Ok(Some(self.open_mark(of, &sealed)?))
    }

    pub(super) fn open_mark(&self, of: Standing, sealed: &Sealed) -> Result<PasswordMark, Problem> {
        let owner = House::login_owner(of.population, of.tenant);
        let json = Texts::new(&self.host.ring, owner, of.tenant.as_bytes()).open("password", sealed)?;
        serde_json::from_slice(&json).map_err(Problem::fault)
    }

    pub(super) fn seal_mark(&self, of: Standing, mark: &PasswordMark) -> Result<Sealed, Problem> {
        let owner = House::login_owner(of.population, of.tenant);
        let json = serde_json::to_vec(mark).map_err(Problem::fault)?;
        Ok(Texts::new(&self.host.ring, owner, of.tenant.as_bytes()).seal("password", json)?)
    }

    async fn use_link(
        &self,
        text: &str,
        of: Standing,
        act: &'static str,
        mark: Option<PasswordMark>,
        name: Option<&str>,
    ) -> Result<(), Problem> {
        let (house, hash) = (House::of(of), secret::hash(SecretKind::Link, text).ok_or(ProblemCode::LinkUsed)?);
        self.edit(|edit| {
            if edit.read::<OneUseLinks>(HostScope::new(), hash)?.is_none() {
                return Err(ProblemCode::LinkUsed.into());
            }
            edit.remove::<OneUseLinks>(HostScope::new(), hash);
            let mut user = house.read_user(edit, of.user)?.ok_or(ProblemCode::LinkUsed)?;
            user.joined_at = user.joined_at.or(Some(self.host.now()));
            if let Some(name) = name {
                user.name = Some(Texts::new(&self.host.ring, house.owner(), user.id.as_bytes()).seal("name", name)?);
            }
            if let Some(mark) = &mark {
                let place = House::login(of.population, user.login);
                let mut login = edit.need::<Logins>(house.tenant(), place)?;
                login.password = Some(self.seal_mark(of, mark)?);
                login.generation += 1;
                forget_reset(edit, login.reset.take());
                edit.put::<Logins>(house.tenant(), place, login);
            }
            house.put_user(edit, user);
            let by = ActorRef { who: Who::User(of.user), ..ActorRef::UNKNOWN };
            edit.audit(self.audit_house(house, by, act, &of.user.to_string())?);
            Ok(())
        })
        .await?;
        self.host.choices.forget(of.user);
        Ok(())
    }

    /// Marks a password; it costs milliseconds and memory, so few are marked at once.
    pub(super) async fn mark(&self, password: &str) -> Result<PasswordMark, Problem> {
        let (salt, password) = (chance::bytes()?, zeroize::Zeroizing::new(password.to_owned()));
        let _place = self.host.passwords.acquire().await.map_err(Problem::fault)?;
        let mark = tokio::task::spawn_blocking(move || PasswordMark::new(&password, salt)).await;
        mark.ok().flatten().ok_or_else(|| ProblemCode::Unavailable.into())
    }

    pub(super) async fn is_password(&self, mark: &PasswordMark, password: &str) -> bool {
        let (mark, password) = (mark.clone(), zeroize::Zeroizing::new(password.to_owned()));
        let Ok(_place) = self.host.passwords.acquire().await else { return false };
        tokio::task::spawn_blocking(move || mark.is_of(&password)).await.unwrap_or(false)
    }
}

/// A password that is not among the first that anybody tries.
pub(super) fn strong(password: &str, email: &str) -> Result<(), Problem> {
    let weak = |what: &str| Err(Problem::from(ProblemCode::PasswordWeak).at("password", what));
    let (length, folded) = (password.chars().count(), password.to_lowercase());
    if length < PASSWORD_MIN {
        return weak("it has fewer than 12 characters");
    }
    if password.len() > PASSWORD_MAX {
        return weak("it has more than 256 bytes");
    }
    let different: std::collections::BTreeSet<char> = folded.chars().collect();
    if different.len() < 5 {
        return weak("it repeats a few letters");
    }
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    if local.len() >= 4 && folded.replace(&local, "").chars().count() < 8 {
        return weak("it is made of the e-mail address");
    }
    const KNOWN: [&str; 8] =
        ["password", "qwerty", "123456", "letmein", "welcome", "iloveyou", "administrator", "weighbridge"];
    let rest = KNOWN.iter().fold(folded, |rest, known| rest.replace(known, ""));
    if rest.chars().count() < 6 { weak("it is made of words that everybody tries first") } else { Ok(()) }
}
