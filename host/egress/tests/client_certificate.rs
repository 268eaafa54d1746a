//! Platforms that want to see a certificate: the right one, none, and another authority's.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use weighbridge_egress::{CertificateFacts, Client, ClientCertificate, Parts, Reach, Request, Trusted};

use super::authority::{Authority, Signed};
use super::platform::{Names, now, rule};
use super::proxy::Tunnels;

/// A platform under this authority that wants certificates of the other one.
async fn start(own: &Authority, wanted: &Authority, versions: &[&'static SupportedProtocolVersion]) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(wanted.pem.as_bytes()).unwrap()).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let Signed { certificate, key } = own.server("platform.test");
    let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
    let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
    let config = config.with_client_cert_verifier(verifier);
    let config = config.with_single_cert(chain, PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap()).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi").await.unwrap();
        }
    });
    port
}

fn parts(port: u16, own: &Authority, shown: Option<&Signed>) -> Parts {
    let shown = shown.map(|one| ClientCertificate { certificate: one.certificate.as_bytes(), key: one.key.as_bytes() });
    let trusted = Trusted::with(&[own.pem.as_bytes()], shown).unwrap();
    let networks = vec!["127.0.0.0/8".parse().unwrap()];
    let reach = Reach { manifest: vec![rule(&format!("platform.test:{port}"))], granted: None, networks };
    let resolver = Arc::new(Names(vec!["127.0.0.1".parse().unwrap()]));
    Parts { resolver, ..Parts::new(reach, trusted, now()) }
}

async fn ask(port: u16, parts: Parts) -> Result<Vec<u8>, &'static str> {
    let url = format!("https://platform.test:{port}/");
    let request = Request { method: "GET".into(), url, ..Request::default() };
    let mut response = Client::new(parts).send(request).await.map_err(|refusal| refusal.code())?;
    Ok(response.body.read_all().await.unwrap().to_vec())
}

#[tokio::test]
async fn shows_its_certificate_to_a_platform_that_asks() {
    let (own, wanted) = (Authority::new("the platform's"), Authority::new("the clients'"));
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let port = start(&own, &wanted, &[version]).await;
        assert_eq!(ask(port, parts(port, &own, Some(&wanted.client("agent", 2050)))).await, Ok(b"hi".to_vec()));
    }
}

#[tokio::test]
async fn is_refused_as_tls_without_a_certificate_or_with_a_wrong_one() {
    let (own, wanted) = (Authority::new("the platform's"), Authority::new("the clients'"));
    let strange = Authority::new("a third").client("agent", 2050);
    let over = wanted.client("agent", 2021);
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let port = start(&own, &wanted, &[version]).await;
        for shown in [None, Some(&strange), Some(&over)] {
            assert_eq!(ask(port, parts(port, &own, shown)).await, Err("egress.tls"), "{version:?}");
        }
    }
}

#[tokio::test]
async fn believes_a_private_authority_and_shows_its_certificate_behind_a_proxy_too() {
    let (own, wanted) = (Authority::new("the platform's"), Authority::new("the clients'"));
    let port = start(&own, &wanted, &[&rustls::version::TLS13]).await;
    let tunnels = Tunnels::start("200 OK").await;
    let behind = |own: &Authority| {
        let agent = wanted.client("agent", 2050);
        Parts { proxy: Some(tunnels.proxy(None, &[])), ..parts(port, own, Some(&agent)) }
    };
    assert_eq!(ask(port, behind(&own)).await, Ok(b"hi".to_vec()));
    assert_eq!(ask(port, behind(&Authority::new("another"))).await, Err("egress.tls"));
    assert_eq!(tunnels.heads().len(), 2);
}

#[test]
fn refuses_a_certificate_whose_key_is_another_one_and_says_nothing_of_the_key() {
    let authority = Authority::new("the clients'");
    let (one, other) = (authority.client("agent", 2050), authority.client("agent", 2050));
    for (certificate, key) in
        [(&one.certificate, &other.key), (&one.key, &one.key), (&one.certificate, &one.certificate)]
    {
        let shown = ClientCertificate { certificate: certificate.as_bytes(), key: key.as_bytes() };
        let error = Trusted::with(&[], Some(shown)).unwrap_err();
        assert_eq!(error.code(), "egress.client_certificate");
        assert!(!error.to_string().contains("PRIVATE"), "{error}");
    }
}

#[test]
fn reads_whose_a_certificate_is_and_when_it_ends() {
    let authority = Authority::new("Own Root");
    let pem = format!("{}{}", authority.client("agent", 2030).certificate, authority.pem);
    let facts = CertificateFacts::read(pem.as_bytes()).unwrap();
    let told: Vec<_> = facts.iter().map(|one| (one.subject.as_str(), one.not_after.to_string())).collect();
    assert!(told[0].0.contains("agent") && told[0].1.starts_with("2030-01-01T00:00:00"), "{told:?}");
    assert!(told[1].0.contains("Own Root") && told[1].1.starts_with("2050-01-01T00:00:00"), "{told:?}");
}
