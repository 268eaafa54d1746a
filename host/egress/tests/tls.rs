//! Encrypted connections: to the name that was asked for, under an authority that is believed.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use weighbridge_egress::{Client, Parts, Reach, Request, Trusted};

use super::platform::{Names, now, rule};

const AUTHORITY: &[u8] = include_bytes!("tls/authority.pem");
const CERTIFICATE: &[u8] = include_bytes!("tls/platform.pem");
const KEY: &[u8] = include_bytes!("tls/platform.key.pem");

/// Answers one request on each connection; gives its port.
async fn start() -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()];
    let config = config.with_no_client_auth().with_single_cert(chain, PrivateKeyDer::from_pem_slice(KEY).unwrap());
    let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4096];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi").await.unwrap();
        }
    });
    port
}

fn client(host: &str, port: u16, authorities: Option<&[u8]>) -> Client {
    let reach = Reach {
        manifest: vec![rule(&format!("{host}:{port}"))],
        granted: None,
        networks: vec!["127.0.0.0/8".parse().unwrap()],
    };
    let resolver = Arc::new(Names(vec!["127.0.0.1".parse().unwrap()]));
    Client::new(Parts { resolver, ..Parts::new(reach, Trusted::new(authorities).unwrap(), now()) })
}

async fn answer(client: &Client, host: &str, port: u16) -> Result<Vec<u8>, &'static str> {
    let request = Request { method: "GET".into(), url: format!("https://{host}:{port}/"), ..Request::default() };
    let mut response = client.send(request).await.map_err(|refusal| refusal.code())?;
    Ok(response.body.read_all().await.unwrap().to_vec())
}

async fn ask(host: &str, authorities: Option<&[u8]>) -> Result<Vec<u8>, &'static str> {
    let port = start().await;
    answer(&client(host, port, authorities), host, port).await
}

#[tokio::test]
async fn believes_an_authority_from_when_it_is_configured_and_no_longer() {
    let (port, host) = (start().await, "platform.test");
    let client = client(host, port, None);
    assert_eq!(answer(&client, host, port).await, Err("egress.tls"));
    client.leave_by(Trusted::new(Some(AUTHORITY)).unwrap(), None);
    assert_eq!(answer(&client, host, port).await, Ok(b"hi".to_vec()));
    client.leave_by(Trusted::new(None).unwrap(), None);
    assert_eq!(answer(&client, host, port).await, Err("egress.tls"));
}

#[tokio::test]
async fn believes_an_authority_of_the_configuration() {
    assert_eq!(ask("platform.test", Some(AUTHORITY)).await, Ok(b"hi".to_vec()));
}

#[tokio::test]
async fn refuses_an_authority_that_nobody_configured() {
    assert_eq!(ask("platform.test", None).await, Err("egress.tls"));
}

#[tokio::test]
async fn refuses_a_certificate_for_another_name() {
    assert_eq!(ask("other.test", Some(AUTHORITY)).await, Err("egress.tls"));
    assert_eq!(ask("127.0.0.1", Some(AUTHORITY)).await, Err("egress.tls"));
}

#[test]
fn refuses_a_file_without_certificates() {
    assert_eq!(Trusted::new(Some(b"hello")).unwrap_err().code(), "egress.authorities");
}
