//! Sends letters: by one server that the operator named, encrypted on the way there.

mod letter;
mod settings;
mod unsent;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::transport::smtp::client::Tls;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use weighbridge_model::time::Timestamp;

pub use letter::Letter;
pub use settings::{MailAccount, MailEncryption, MailSettingError, MailSettings};
pub use unsent::Unsent;

use settings::Place;

/// From asking for a connection to having one.
const CONNECT: Duration = Duration::from_secs(30);
/// From the first byte to the last word of the server.
const TOTAL: Duration = Duration::from_secs(60);

/// The server by which letters leave. It is the operator's word, and may have a private address.
#[derive(Clone)]
pub struct MailServer(Arc<Inner>);

struct Inner {
    place: Place,
    tls: Tls,
    from: Mailbox,
    account: Option<MailAccount>,
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailServer({})", self.address())
    }
}

impl MailServer {
    /// The server that these settings describe. Nothing is connected yet.
    pub fn new(settings: MailSettings<'_>) -> Result<Self, MailSettingError> {
        let MailSettings { server, from, .. } = settings;
        let place = Place::parse(server).ok_or_else(|| {
            MailSettingError(format!("`server` is `{server}`; write it as `host:port`, such as smtp.example.com:587"))
        })?;
        let from = from.parse::<Mailbox>().map_err(|_| {
            MailSettingError(format!("`from` is `{from}`; write one address, such as `Partner <post@example.com>`"))
        })?;
        let tls = place.tls(settings.encryption, settings.authorities)?;
        Ok(Self(Arc::new(Inner { place, tls, from, account: settings.account })))
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("{}:{}", self.0.place.host, self.0.place.port)
    }

    /// Hands one letter over.
    pub async fn send(&self, letter: &Letter, now: Timestamp) -> Result<(), Unsent> {
        let message = self.message(letter, now).map_err(|why| Unsent::never(&why))?;
        let account = self.0.account.as_ref();
        let builder =
            account.iter().fold(self.builder(), |builder, account| builder.credentials(account.credentials()));
        let transport: AsyncSmtpTransport<Tokio1Executor> = builder.build();
        match tokio::time::timeout(TOTAL, transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(Unsent::of(&error)),
            Err(_) => Err(Unsent::slow()),
        }
    }

    /// Connects as a letter would, and says goodbye: nobody signs in and nothing is sent.
    pub async fn probe(&self) -> Result<(), Unsent> {
        let transport: AsyncSmtpTransport<Tokio1Executor> = self.builder().build();
        match tokio::time::timeout(CONNECT, transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Unsent::later("the server ended the conversation", String::new())),
            Ok(Err(error)) => Err(Unsent::of(&error)),
            Err(_) => Err(Unsent::slow()),
        }
    }

    fn builder(&self) -> AsyncSmtpTransportBuilder {
        let Place { host, port } = &self.0.place;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host);
        builder.port(*port).tls(self.0.tls.clone()).timeout(Some(CONNECT))
    }

    /// What could be read as more than one line of the head is refused, before anything is made of it.
    fn message(&self, letter: &Letter, now: Timestamp) -> Result<Message, String> {
        let heads = [&letter.to, &letter.subject, &letter.id];
        if heads.iter().any(|text| text.contains(char::is_control)) {
            return Err("its address or subject has a line break or control character in it".into());
        }
        let to = letter.to.parse::<Address>().map_err(|_| "its address is none that mail goes to".to_owned())?;
        let at = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(now.as_millis()).unwrap_or_default());
        let from = self.0.from.clone();
        let message = Message::builder()
            .message_id(Some(format!("<{}@{}>", letter.id, from.email.domain())))
            .date(at)
            .from(from)
            .to(Mailbox::new(None, to))
            .subject(letter.subject.clone())
            // Answers of machines to machines stop here (RFC 3834).
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into()))
            .header(ContentType::TEXT_PLAIN);
        message.body(letter.text.clone()).map_err(|_| "no message can be made of it".to_owned())
    }
}
