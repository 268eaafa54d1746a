//! Reading what people wrote of a third party's access.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use weighbridge_model::endpoint::Direction;
use weighbridge_model::id::EndpointId;
use weighbridge_model::problem::Problem;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{CustomerIndex, Endpoints, Kind};

use crate::account::edit::Edit;
use crate::error::EngineError;
use crate::texts::customer_owner;

/// The most endpoints of one service, and the most requests in a minute that anybody asks for.
const ENDPOINTS_MAX: usize = 500;
const RATE_MAX: u32 = 1_000_000;

/// Endpoints by name, all of them sources of this customer.
pub(super) fn endpoints(
    edit: &mut Edit<'_>,
    scope: CustomerScope,
    names: &[String],
) -> Result<BTreeSet<EndpointId>, Problem> {
    if names.len() > ENDPOINTS_MAX {
        let what = format!("there are {}; at most {ENDPOINTS_MAX} are kept", names.len());
        return Err(Problem::invalid("endpoints", what));
    }
    names.iter().map(|name| endpoint(edit, scope, name)).collect()
}

fn endpoint(edit: &mut Edit<'_>, scope: CustomerScope, name: &str) -> Result<EndpointId, Problem> {
    let kind = Kind::Endpoint;
    let hash = edit.host().ring.name_hash(customer_owner(scope), kind.word(), name).map_err(EngineError::from)?;
    let absent = || Problem::invalid("endpoints", format!("the customer has no endpoint `{name}`"));
    let found = edit.read::<CustomerIndex>(scope, (kind.number(), hash))?.ok_or_else(absent)?;
    let id = EndpointId::from_bytes(found.id);
    let endpoint = edit.read::<Endpoints>(scope, id)?.ok_or_else(absent)?;
    if endpoint.direction == Direction::Source {
        return Ok(id);
    }
    Err(Problem::invalid("endpoints", format!("data goes to `{name}`, and is not read from it; name a source")))
}

/// Requests in a minute; zero is without a limit.
pub(super) fn rate(per_minute: u32) -> Result<Option<NonZeroU32>, Problem> {
    if per_minute > RATE_MAX {
        let what = format!("it is at most {RATE_MAX}; leave it out for no limit");
        return Err(Problem::invalid("rate_per_minute", what));
    }
    Ok(NonZeroU32::new(per_minute))
}
