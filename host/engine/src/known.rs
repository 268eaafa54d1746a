//! What mappings ask for and records do not say: record links, read together, and what expressions make of records.

use weighbridge_model::endpoint::Direction;
use weighbridge_model::id::EndpointId;
use weighbridge_model::mapping::{Answers, Mapping, Questions};
use weighbridge_sandbox::ExpressionFailure;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{CustomerIndex, Endpoints, Kind, Links};

use crate::engine::Host;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner, record_hash};

/// Why questions stay open.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unknown {
    /// The store or the key ring.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Expressions are not run, or not on all of these records.
    #[error(transparent)]
    Expressions(#[from] ExpressionFailure),
    /// A rule names an endpoint that is no destination of this customer.
    #[error("there is no destination endpoint `{0}` whose records could be looked up; add it, or name another one")]
    NoEndpoint(String),
}

impl Unknown {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Engine(_) => "mapping.not_looked_up",
            Self::Expressions(failure) => failure.code(),
            Self::NoEndpoint(_) => "mapping.no_endpoint",
        }
    }
}

impl Host {
    /// Answers what a mapping asks for: all links in one read, and all expressions in one go.
    pub(crate) async fn answer(
        &self,
        scope: CustomerScope,
        mapping: &Mapping,
        questions: Questions,
    ) -> Result<Answers, Unknown> {
        let mut answers = Answers::none();
        self.answer_links(scope, mapping, questions.links, &mut answers)?;
        let asked: Vec<(usize, String)> = questions.expressions.into_iter().collect();
        if asked.is_empty() {
            return Ok(answers);
        }
        let (place, texts) = (self.expressions.clone(), mapping.expressions().to_vec());
        let evaluated = tokio::task::spawn_blocking(move || {
            let evaluated = place.evaluate(&texts, &asked)?;
            Ok::<_, ExpressionFailure>((asked, evaluated))
        });
        let (asked, evaluated) = evaluated.await.map_err(|error| ExpressionFailure::Broken(error.to_string()))??;
        asked.into_iter().zip(evaluated).for_each(|(question, answer)| answers.give_evaluated(question, answer));
        Ok(answers)
    }

    fn answer_links(
        &self,
        scope: CustomerScope,
        mapping: &Mapping,
        questions: impl IntoIterator<Item = (usize, String)>,
        answers: &mut Answers,
    ) -> Result<(), Unknown> {
        let endpoints = mapping.endpoints().iter().map(|name| self.destination(scope, name));
        let endpoints = endpoints.collect::<Result<Vec<_>, _>>()?;
        let asked = questions.into_iter().map(|question| {
            let record = record_hash(&self.ring, scope, &question.1)?;
            Ok((endpoints[question.0], record, question))
        });
        let asked = asked.collect::<Result<Vec<_>, EngineError>>()?;
        let found = self.store.read(|tx| {
            asked
                .iter()
                .map(|(endpoint, record, _)| tx.get::<Links>(&scope, &(*endpoint, *record)))
                .collect::<Result<Vec<_>, _>>()
        });
        for ((endpoint, _, question), link) in asked.into_iter().zip(found.map_err(EngineError::from)?) {
            if let Some(link) = link {
                let texts = Texts::new(&self.ring, customer_owner(scope), endpoint.as_bytes());
                answers.give_link(question, texts.open_text("link", &link.id)?);
            }
        }
        Ok(())
    }

    /// A destination endpoint of a customer by its name.
    fn destination(&self, scope: CustomerScope, name: &str) -> Result<EndpointId, Unknown> {
        let kind = Kind::Endpoint;
        let hash = self.ring.name_hash(customer_owner(scope), kind.word(), name).map_err(EngineError::from)?;
        let found = self.store.read(|tx| {
            let Some(named) = tx.get::<CustomerIndex>(&scope, &(kind.number(), hash))? else { return Ok(None) };
            tx.get::<Endpoints>(&scope, &EndpointId::from_bytes(named.id))
        });
        let found = found.map_err(EngineError::from)?.filter(|one| one.direction == Direction::Destination);
        found.map(|endpoint| endpoint.id).ok_or_else(|| Unknown::NoEndpoint(name.to_owned()))
    }
}
