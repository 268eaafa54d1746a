//! Letters that would be more than they say are refused before anything is connected.

use weighbridge_egress::{Letter, MailEncryption, MailServer, MailSettings, Unsent};
use weighbridge_model::time::Timestamp;

/// A server that is not there, so that whatever gets to it comes back as something that may be tried again.
async fn unsent(to: &str, subject: &str) -> Unsent {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let settings = MailSettings {
        server: &closed,
        encryption: MailEncryption::Plain,
        from: "Partner <post@partner.example>",
        account: None,
        authorities: None,
    };
    let letter = Letter { to: to.into(), subject: subject.into(), text: "Good day.\n".into(), id: "one".into() };
    MailServer::new(settings).unwrap().send(&letter, Timestamp::from_millis(0)).await.unwrap_err()
}

#[tokio::test]
async fn refuses_a_letter_whose_address_or_subject_is_more_than_a_line() {
    let more = "\r\nBcc: eve@elsewhere.example";
    for (to, subject) in [
        (format!("ann@partner.example{more}"), "Good day".to_owned()),
        ("ann@partner.example".to_owned(), format!("Good day{more}")),
        ("ann@partner.example".to_owned(), "Good day\nX: y".to_owned()),
    ] {
        let unsent = unsent(&to, &subject).await;
        assert!(!unsent.is_transient && unsent.said().contains("line break"), "{}", unsent.said());
    }
    let two = unsent("ann@partner.example, eve@elsewhere.example", "Good day").await;
    assert!(!two.is_transient && two.said().contains("none that mail goes to"), "{}", two.said());
}

#[tokio::test]
async fn tries_a_letter_that_is_in_order_and_prints_nothing_of_it() {
    let unsent = unsent("ann@partner.example", "Dzień dobry").await;
    assert!(unsent.is_transient, "{}", unsent.said());
    assert!(!unsent.to_string().contains("ann"), "{unsent}");
}
