//! Personal tokens for programs: limited in what they may and until when.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Denied, Permission, Scopes, kinds};
use weighbridge_model::id::TokenId;
use weighbridge_model::people::{Standing, Token};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::time::Zone;
use weighbridge_store::HostScope;
use weighbridge_store::tables::{Logins, TokenHashes, TokenOf, Tokens};

use super::me::{nobody, standing};
use super::place::House;
use super::secret::{self, SecretKind, ShownOnce};
use crate::account::{At, Page, inputs};
use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// A token to be made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What it is limited to: `*`, `*.read`, `customers.*`, `customers.read`; `*.read` where it is left out.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The date or instant at which it ends; 90 days from now where it is left out, a year at most.
    #[serde(default)]
    pub ends: Option<String>,
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TokenView {
    /// Its id.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// What it is limited to.
    pub scopes: Vec<String>,
    /// When it was made.
    pub since: At,
    /// When it ends.
    pub ends_at: At,
}

/// A new token; its secret is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TokenMade {
    /// The token.
    pub token: TokenView,
    /// Its secret, to be sent as `Authorization: Bearer`.
    pub secret: ShownOnce,
}

const DAY_MS: i64 = 24 * 3_600_000;
const TOKENS_MAX: usize = 1_000;

impl Engine {
    /// Makes a token of one's own.
    pub async fn create_token(
        &self,
        may: &Permission<kinds::SelfChange>,
        new: &NewToken,
    ) -> Result<TokenMade, Problem> {
        let of = standing(may.actor()).ok_or_else(nobody)?;
        let house = House::of(of);
        inputs::name(&new.name)?;
        let patterns = if new.scopes.is_empty() { vec!["*.read".to_owned()] } else { new.scopes.clone() };
        let scopes = Scopes::parse(&patterns).map_err(|error| Problem::invalid("scopes", error.to_string()))?;
        if !scopes.are_within(&may.actor().scopes) {
            return Err(Denied::TokenScope.into());
        }
        let ends_at = self.token_end(house, new)?;
        let secret = secret::new(SecretKind::Token)?;
        let hash = secret::hash(SecretKind::Token, &secret).ok_or(ProblemCode::Fault)?;
        let row = self
            .edit(|edit| {
                let user = house.read_user(edit, of.user)?.ok_or(ProblemCode::NotThere)?;
                let login = edit.need::<Logins>(house.tenant(), House::login(of.population, user.login))?;
                let id = TokenId::new(self.host.now(), chance::bytes()?);
                let row = Token {
                    id,
                    of,
                    generation: login.generation,
                    name: Texts::new(&self.host.ring, house.owner(), id.as_bytes()).seal("name", &new.name)?,
                    scopes: scopes.clone(),
                    since: self.host.now(),
                    ends_at,
                    hash,
                };
                let found = TokenOf { tenant: house.tenant().id(), user: of.user, token: id };
                edit.put::<TokenHashes>(HostScope::new(), hash, found);
                edit.put::<Tokens>(house.tenant(), (of.user, id), row.clone());
                edit.audit(self.audit_house(house, may.by(), "token.created", &format!("{}: {scopes}", new.name))?);
                Ok(row)
            })
            .await?;
        Ok(TokenMade { token: self.token_view(&row)?, secret: secret.into() })
    }

    /// One's own tokens.
    pub fn tokens(&self, may: &Permission<kinds::SelfRead>) -> Result<Page<TokenView>, Problem> {
        let Some(of) = standing(may.actor()) else { return Ok(Page { items: Vec::new(), next: None }) };
        let rows = self.own_tokens(of)?;
        let items = rows.iter().map(|row| self.token_view(row)).collect::<Result<_, EngineError>>()?;
        Ok(Page { items, next: None })
    }

    /// Ends one of one's own tokens.
    pub async fn revoke_token(&self, may: &Permission<kinds::SelfChange>, id: TokenId) -> Result<(), Problem> {
        let of = standing(may.actor()).ok_or_else(nobody)?;
        let house = House::of(of);
        self.edit(|edit| {
            let row = edit.need::<Tokens>(house.tenant(), (of.user, id))?;
            edit.remove::<Tokens>(house.tenant(), (of.user, id));
            edit.remove::<TokenHashes>(HostScope::new(), row.hash);
            edit.audit(self.audit_house(house, may.by(), "token.revoked", &self.token_view(&row)?.name)?);
            Ok(())
        })
        .await
    }

    fn own_tokens(&self, of: Standing) -> Result<Vec<Token>, EngineError> {
        let tenant = House::of(of).tenant();
        let first = (of.user, TokenId::from_bytes([0; 16]));
        let rows = self.host.store.read(|tx| tx.scan::<Tokens>(&tenant, Some(&first), TOKENS_MAX))?;
        Ok(rows.into_iter().take_while(|((user, _), _)| *user == of.user).map(|(_, row)| row).collect())
    }

    fn token_end(&self, house: House, new: &NewToken) -> Result<weighbridge_model::time::Timestamp, Problem> {
        let now = self.host.now();
        let zone = if house == House::Host { Zone::UTC } else { self.zone_of(house.tenant())? };
        let Some(text) = &new.ends else { return Ok(now.plus_millis(90 * DAY_MS)) };
        let end = inputs::instant(&zone, text, "ends")?;
        if end <= now || end > now.plus_millis(366 * DAY_MS) {
            return Err(Problem::invalid("ends", "a token ends after now and within a year"));
        }
        Ok(end)
    }

    fn token_view(&self, row: &Token) -> Result<TokenView, EngineError> {
        let texts = Texts::new(&self.host.ring, House::of(row.of).owner(), row.id.as_bytes());
        Ok(TokenView {
            id: row.id,
            name: texts.open_text("name", &row.name)?,
            scopes: row.scopes.patterns(),
            since: At(row.since),
            ends_at: At(row.ends_at),
        })
    }
}
