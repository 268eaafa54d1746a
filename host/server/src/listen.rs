//! Listening, within limits: a slow or endless request costs one connection for ten seconds.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_io_timeout::TimeoutStream;
use weighbridge::Engine;

use crate::answer::{Front, answer};
use crate::callback::Callback;
use crate::metrics::Desk;
use crate::rules::Rules;
use crate::settings::{Settings, Unprotected};
use crate::wire::Guard;

const HEADER_TIME: Duration = Duration::from_secs(10);
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// Whoever takes nothing of an answer for so long is cut off.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// The files of the certificate are looked at so often.
const CERTIFICATE_LOOK: Duration = Duration::from_secs(10);

/// The address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("listen.failed: {address}: {source}; choose another address in the configuration")]
pub struct ListenError {
    /// The address.
    pub address: SocketAddr,
    /// What the operating system said.
    pub source: io::Error,
}

/// A bound address.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    rules: Rules,
    stop: watch::Sender<bool>,
}

/// Ends a server's work: no connection is accepted any more, and those there are end with the answer they are at.
#[derive(Clone, Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// Ends it. [`Server::serve`] returns when the last connection has ended.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Server {
    /// Binds an address; port 0 takes a free one.
    pub async fn bind(address: SocketAddr) -> Result<Self, ListenError> {
        let listener = TcpListener::bind(address).await.map_err(|source| ListenError { address, source })?;
        Ok(Self { listener, rules: Rules::new(Settings::default()), stop: watch::Sender::new(false) })
    }

    /// The same, as an operator says; an address that others reach needs protection.
    pub fn with(self, settings: Settings) -> Result<Self, Unprotected> {
        if let Ok(address) = self.listener.local_addr() {
            settings.protects(address)?;
        }
        Ok(Self { rules: Rules::new(settings), ..self })
    }

    /// What holds here, to be changed while it serves.
    pub fn rules(&self) -> Rules {
        self.rules.clone()
    }

    /// The address that is listened on.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// What ends this server's work.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.stop.clone())
    }

    /// Answers until it is stopped and the last connection has ended, or until it is dropped.
    pub async fn serve(self, engine: Engine, callback: Callback) {
        engine.reached_at(callback.origin());
        let stopped = self.stop.subscribe();
        let front = Front::new(engine, callback, &self.rules, stopped);
        self.answer_by(Answerer::Front(Box::new(front))).await;
    }

    /// Answers nothing but how the host stands in figures; where the settings have a key, to whoever shows it.
    pub async fn serve_metrics(self, engine: Engine) {
        self.answer_by(Answerer::Figures(Desk::new(engine))).await;
    }

    async fn answer_by(self, answerer: Answerer) {
        let places_max = u32::try_from(self.rules.now().connections_max.max(1)).unwrap_or(u32::MAX >> 4);
        let places = Arc::new(Semaphore::new(places_max as usize));
        let mut stopped = self.stop.subscribe();
        let house = Arc::new(House { answerer, rules: self.rules });
        let watching = tokio::spawn(watch_certificate(Arc::clone(&house)));
        loop {
            let accepted = tokio::select! {
                accepted = accept(&self.listener, &places) => accepted,
                () = told(&mut stopped) => break,
            };
            let Some((stream, from, place)) = accepted else { continue };
            let (house, stopped) = (Arc::clone(&house), stopped.clone());
            tokio::spawn(async move {
                receive(stream, from, &house, stopped).await;
                drop(place);
            });
        }
        drop(self.listener);
        watching.abort();
        let _all_ended = places.acquire_many(places_max).await;
    }
}

/// Waits for the word to stop; a server that is dropped is stopped too.
async fn told(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await.map(|_| ());
}

/// Who answers.
enum Answerer {
    Front(Box<Front>),
    Figures(Desk),
}

/// What every connection needs.
struct House {
    answerer: Answerer,
    rules: Rules,
}

type Accepted = (TcpStream, IpAddr, tokio::sync::OwnedSemaphorePermit);

/// The next connection, once there is a place for it.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<Accepted> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, from)) => Some((stream, from.ip(), place)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

async fn receive(stream: TcpStream, from: IpAddr, house: &House, stopped: watch::Receiver<bool>) {
    // An answer is written at once and whole; waiting for more of it only costs time.
    let _ = stream.set_nodelay(true);
    let rules = house.rules.now();
    let Some(tls) = &rules.tls else { return converse(stream, from, house, stopped).await };
    match tokio::time::timeout(HANDSHAKE_TIME, tls.acceptor().accept(stream)).await {
        Ok(Ok(stream)) => converse(stream, from, house, stopped).await,
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

async fn converse<S>(stream: S, from: IpAddr, house: &House, mut stopped: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let service = service_fn(async |request| {
        let rules = house.rules.now();
        Ok::<_, Infallible>(match &house.answerer {
            Answerer::Front(front) => {
                let from = rules.origin(from, request.headers());
                answer(front, from, rules.request_time, request).await
            }
            Answerer::Figures(desk) => desk.answer(from, rules.metrics_key.as_ref(), &request).await,
        })
    });
    let mut connection = http1::Builder::new();
    connection.timer(TokioTimer::new()).header_read_timeout(HEADER_TIME).max_buf_size(32 * 1024).keep_alive(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIME));
    let mut connection = pin!(connection.serve_connection(TokioIo::new(Guard::new(Box::pin(stream))), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Shows a new certificate when its files change.
async fn watch_certificate(house: Arc<House>) {
    loop {
        tokio::time::sleep(CERTIFICATE_LOOK).await;
        let rules = house.rules.now();
        let Some(tls) = &rules.tls else { return };
        match tls.reload_if_changed() {
            Ok(true) => tracing::info!("the new certificate is shown from now on"),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the certificate of before is shown on"),
        }
    }
}
