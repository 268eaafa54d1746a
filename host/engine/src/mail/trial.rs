//! Try whether mail goes out, and say what comes of it.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::problem::{Problem, ProblemCode};

use super::{Words, address, letter};
use crate::engine::Engine;

/// A mail that was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MailTested {
    /// The server that took it, and says whether it arrives.
    pub server: String,
    /// The address that it goes to.
    pub to: String,
}

impl Engine {
    /// Sends one mail, waits for the server's word, and says it.
    pub async fn test_mail(&self, may: &Permission<kinds::MailTest>, to: &str) -> Result<MailTested, Problem> {
        let conduct = self.host.conduct();
        let mail = conduct.mail.as_ref().ok_or(ProblemCode::MailNotConfigured)?;
        let to = address(to).map_err(|_| Problem::invalid("to", "this is no e-mail address"))?;
        let sent = mail.server.send(&letter(to, Words::trial(&mail.public_url)), self.host.now()).await;
        let told = sent.as_ref().map_or_else(|unsent| unsent.to_string(), |()| "sent".to_owned());
        self.edit(|edit| {
            let text = format!("{to}: {told}");
            edit.audit(self.audit_on_host(may.by(), "mail.tested", text.as_str().into())?);
            Ok(())
        })
        .await?;
        match sent {
            Ok(()) => Ok(MailTested { server: mail.server.address(), to: to.to_owned() }),
            Err(unsent) => Err(Problem::from(ProblemCode::MailFailed).at("to", unsent.said())),
        }
    }
}
