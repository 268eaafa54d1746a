//! Mail: whether it goes out.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::model::access::kinds::MailTest;

use crate::api::asked::Context;
use crate::api::operation::Operation;

/// Where a mail is to go.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Trial {
    /// The address.
    to: String,
}

pub(super) fn all() -> Vec<Operation> {
    vec![
        Operation::new(
            ("mail test", Method::POST, "/mail/test"),
            "Send a mail to an address, wait for the server's word, and say it.",
            async |it: Context<MailTest>, trial: Trial| it.engine.test_mail(&it.may, &trial.to).await,
        )
        .audits("mail.tested"),
    ]
}
