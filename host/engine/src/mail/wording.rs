//! The words of every mail: short, plain, and each with the one link that it is about.

/// A subject and a text.
#[derive(PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) subject: String,
    pub(crate) text: String,
}

impl Words {
    /// To somebody who was invited: `place` is what they open with it.
    pub(crate) fn invitation(place: &str, link: &str) -> Self {
        Self {
            subject: format!("You are invited to {place}"),
            text: format!(
                "Good day,\n\n\
                 you are invited to {place}.\n\
                 Open this page and choose a password:\n\n\
                 {link}\n\n\
                 The link is good for seven days, and can be used once. Whoever has it\n\
                 can come in with it, so pass it on to nobody. If you expected no\n\
                 invitation, do nothing: it ends by itself.\n"
            ),
        }
    }

    /// To somebody who is to set another password, because they or somebody in their name asked for it.
    pub(crate) fn reset(place: &str, link: &str) -> Self {
        Self {
            subject: format!("Another password for {place}"),
            text: format!(
                "Good day,\n\n\
                 another password was asked for, for your address at {place}.\n\
                 Set it on this page:\n\n\
                 {link}\n\n\
                 The link is good for one hour, and can be used once; a link of before\n\
                 works no more. Everything that is signed in with your address is signed\n\
                 out then. If it was not you who asked, do nothing: your password stays\n\
                 as it is.\n"
            ),
        }
    }

    /// To somebody who connects a system for a customer, without an account here.
    pub(crate) fn connect(tenant: &str, customer: &str, system: &str, link: &str) -> Self {
        Self {
            subject: format!("{tenant} asks you to connect {system}"),
            text: format!(
                "Good day,\n\n\
                 {tenant} asks you to connect {system} for {customer}.\n\
                 You need no account here; this page says what is connected, and what for:\n\n\
                 {link}\n\n\
                 The link is good for seven days, and can be used once. If you do not\n\
                 know {tenant}, do nothing.\n"
            ),
        }
    }

    /// To whoever tries whether mail goes out.
    pub(crate) fn trial(host: &str) -> Self {
        Self {
            subject: "Mail from Weighbridge works".to_owned(),
            text: format!(
                "Good day,\n\nan operator of the Weighbridge host at {host}\ntried whether its mail arrives. It does.\n"
            ),
        }
    }
}
