//! May this batch move now?
//!
//! [`decide`] walks the levels from the outside in and answers with the first *no*; [`explain`] walks all of them and says
//! when the answer next changes. Both are pure: what they look at is [`Facts`], and the time is an argument.

mod code;
mod decide;
mod explain;
mod facts;
mod level;

pub use code::{Refusal, RefusalCode};
pub(crate) use decide::quota_refusal;
pub use decide::{Permit, admit, admit_service, decide};
pub use explain::{Explanation, LevelAnswer, explain};
pub use facts::{
    Ask, ConnectionFacts, ConnectorFact, DestinationFacts, EndpointFacts, ExternalServiceFacts, Facts, SideFacts,
    TransferFacts,
};
pub use level::{Answer, Level, Place};
