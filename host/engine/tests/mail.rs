//! The queue of mails, before a server that takes the connection and then says nothing.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use weighbridge::mail::{Mail, Mailed};
use weighbridge::model::access::{Actor, Role, authorize};
use weighbridge::people::{ForgotPassword, NewUser};
use weighbridge::{Conduct, Engine, MailEncryption, MailServer, MailSettings, Options};

struct Scene {
    _folder: TempDir,
    silent: TcpListener,
    engine: Engine,
}

impl Scene {
    async fn set() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = MailServer::new(MailSettings {
            server: &silent.local_addr().unwrap().to_string(),
            encryption: MailEncryption::Plain,
            from: "post@partner.example",
            account: None,
            authorities: None,
        });
        let mail = Mail { server: server.unwrap(), public_url: "https://bridge.example".into() };
        Engine::init(&Options::at(folder.path())).await.unwrap();
        let conduct = Conduct { mail: Some(mail), ..Conduct::default() };
        let options = Options { conduct, ..Options::at(folder.path()) };
        Self { engine: Engine::open(options).await.unwrap(), _folder: folder, silent }
    }

    /// Invites an operator: what became of the mail, and the link.
    async fn invite(&self, name: &str) -> (Mailed, String) {
        let new = NewUser { email: format!("{name}@operator.example"), name: None, role: Role::Operator };
        let invited = self.engine.invite_operator(&authorize(&Actor::owner(), ()).unwrap(), &new).await.unwrap();
        (invited.mail, invited.link.reveal().to_owned())
    }

    /// Until the task holds a letter that the server does not take.
    async fn stuck(&self) {
        self.silent.set_nonblocking(true).unwrap();
        while self.silent.accept().map(std::mem::forget).is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test]
async fn a_mail_too_many_is_told_so_and_its_link_is_there_all_the_same() {
    let scene = Scene::set().await;
    assert_eq!(scene.invite("ann").await.0, Mailed::Queued);
    scene.stuck().await;
    let forgot = ForgotPassword { tenant: None, email: "nobody@operator.example".into() };
    for _ in 0..1_000 {
        scene.engine.forgot_password(&forgot).await.unwrap();
    }
    let (mailed, link) = scene.invite("bob").await;
    assert_eq!(mailed, Mailed::QueueFull);
    assert!(link.starts_with("wbl_"));
    scene.engine.forgot_password(&forgot).await.unwrap();
}

#[tokio::test]
async fn a_host_that_stops_waits_for_mails_no_longer_than_it_is_told() {
    let scene = Scene::set().await;
    let begun = Instant::now();
    assert_eq!(scene.invite("ann").await.0, Mailed::Queued);
    assert!(begun.elapsed() < Duration::from_secs(5), "nobody waits for the server");
    scene.stuck().await;
    let begun = Instant::now();
    scene.engine.close(Duration::from_millis(300)).await.unwrap();
    let took = begun.elapsed();
    assert!(took >= Duration::from_millis(300) && took < Duration::from_secs(10), "{took:?}");
}
