//! TLS: shown, exchanged while the host runs, and asked for where others could listen.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::town::{Host, Town};

/// Writes a new pair, and says the certificate.
fn write_pair(town: &Town) -> String {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(town.path("key.pem"), made.signing_key.serialize_pem()).unwrap();
    std::fs::write(town.path("certificate.pem"), made.cert.pem()).unwrap();
    made.cert.pem()
}

type Stream = StreamOwned<ClientConnection, TcpStream>;

/// A connection that believes this certificate and no other.
fn connect(address: &str, certificate: &str) -> std::io::Result<Stream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let client = ClientConnection::new(Arc::new(config), ServerName::try_from("localhost").unwrap()).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(address)?);
    ask(&mut stream).map(|()| stream)
}

fn ask(stream: &mut Stream) -> std::io::Result<()> {
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"ok\n") {
        let mut some = [0; 512];
        let length = stream.read(&mut some)?;
        if length == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        answer.extend_from_slice(&some[..length]);
    }
    Ok(())
}

const LINES: &str = "tls_certificate = \"certificate.pem\"\ntls_key = \"key.pem\"";

#[test]
fn a_new_certificate_is_shown_and_no_connection_is_lost() {
    let town = Town::bare(0);
    town.works(&["init"]);
    let first = write_pair(&town);
    let host = Host::start_configured(&town, LINES);
    let mut kept = connect(&host.address, &first).unwrap();
    let hang_up = || Command::new("kill").args(["-HUP", &host.child.id().to_string()]).status().unwrap();
    // A file that is no certificate changes nothing.
    std::fs::write(town.path("certificate.pem"), "nothing").unwrap();
    hang_up();
    std::thread::sleep(Duration::from_millis(300));
    assert!(connect(&host.address, &first).is_ok());
    let second = write_pair(&town);
    hang_up();
    let begun = Instant::now();
    while connect(&host.address, &second).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(9), "the new certificate is not shown");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(connect(&host.address, &first).is_err());
    ask(&mut kept).unwrap();
}

#[test]
fn a_command_that_waits_for_a_sign_in_is_protected_as_a_host_is() {
    let town = Town::bare(0);
    town.works(&["init"]);
    let file = town.path("weighbridge.toml");
    let words = ["connection", "authorise", "acme/shop", "--config", file.to_str().unwrap()];
    std::fs::write(&file, "listen = \"0.0.0.0:0\"\n").unwrap();
    let unprotected = town.run(&words);
    assert!(unprotected.code != 0 && unprotected.errors.contains("listen.unprotected"), "{}", unprotected.errors);
    write_pair(&town);
    std::fs::write(&file, format!("listen = \"0.0.0.0:0\"\n{LINES}\n")).unwrap();
    let protected = town.run(&words);
    assert!(
        protected.code != 0 && protected.errors.contains("not_found"),
        "only the connection is missing: {}",
        protected.errors
    );
}

#[test]
fn an_address_that_others_reach_is_not_listened_on_without_protection() {
    let town = Town::bare(0);
    town.works(&["init"]);
    let file = town.path("weighbridge.toml");
    std::fs::write(&file, "listen = \"0.0.0.0:0\"\n").unwrap();
    let mut child = town.start(&["serve", "--config", file.to_str().unwrap()]);
    let begun = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if begun.elapsed() < Duration::from_secs(20) => std::thread::sleep(Duration::from_millis(20)),
            None => panic!("it listens"),
        }
    };
    assert!(!status.success());
    let said = town.fails(&["serve", "--config", file.to_str().unwrap()], status.code().unwrap()).errors;
    assert!(said.contains("listen.unprotected") && said.contains("behind_proxy"), "{said}");
}
