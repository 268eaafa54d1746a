//! Whether the mail server answers, where there is one.

use super::Finding;
use crate::options::Options;

const CODE: &str = "doctor.mail";

pub(super) async fn check(options: &Options) -> Finding {
    let Some(mail) = &options.conduct.mail else {
        return Finding::ok(CODE, "mail", "it is not configured, so links are handed over by hand");
    };
    let about = format!("mail server {}", mail.server.address());
    match mail.server.probe().await {
        Ok(()) => Finding::ok(CODE, about, "it is configured, and answers; no mail was sent"),
        Err(unsent) => Finding::failed(CODE, about, unsent.said())
            .next("compare `[mail]` of the configuration, then try it with: weighbridge mail test --to ADDRESS"),
    }
}
