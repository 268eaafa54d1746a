//! What a guest is answered: the egress, the clock and the log, as one connection and one run see them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use weighbridge_egress::{Bodies, Client, Denial, Folders, ProxyRefusal, Refusal, Request};
use weighbridge_model::id::RunId;
use weighbridge_model::run_log::LogLevel;
use weighbridge_sandbox::{
    Answer, Answers, FileAnswer, FileRefusal, HttpHead, HttpRefusal, HttpRequest, Listing, NamedFile, Progress,
    SignRequest, VerifyRequest,
};

use super::{Pace, folders};
use crate::clock::Clock;
use crate::run_logs::OpenLog;

/// The host, as one guest sees it.
pub(crate) struct HostAnswers {
    pub(crate) client: Client,
    pub(crate) bodies: Bodies,
    pub(crate) folders: Folders,
    pub(crate) configuration: String,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) draining: watch::Receiver<bool>,
    pub(crate) requests: Arc<AtomicU64>,
    pub(crate) pace: Arc<Pace>,
    pub(crate) run: RunId,
    pub(crate) connector: String,
    pub(crate) log: OpenLog,
}

impl HostAnswers {
    /// Whatever is asked of a folder is a request like any other: it counts, and none begins once the host stops.
    fn ask_folders(&mut self) -> Result<&mut Folders, FileRefusal> {
        if *self.draining.borrow() {
            return Err(FileRefusal::Cancelled);
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        Ok(&mut self.folders)
    }
}

impl Answers for HostAnswers {
    fn config(&mut self) -> Answer<'_, String> {
        Box::pin(async { self.configuration.clone() })
    }

    fn send(&mut self, request: HttpRequest) -> Answer<'_, Result<HttpHead, HttpRefusal>> {
        Box::pin(async move {
            self.requests.fetch_add(1, Ordering::Relaxed);
            let HttpRequest { method, url, headers, body, auth, timeout_ms } = request;
            let body = body.map(bytes::Bytes::from);
            let delay_until = self.pace.ask();
            let request = Request { method, url, headers, body, auth, timeout_ms, until: None, delay_until };
            let sent = self.client.send(request).await;
            let response = sent.inspect_err(|refusal| self.pace.note(refusal)).map_err(refusal)?;
            Ok(HttpHead { status: response.status, headers: response.headers, body: self.bodies.keep(response.body) })
        })
    }

    fn read(&mut self, body: u32, max: u32) -> Answer<'_, Result<Vec<u8>, HttpRefusal>> {
        Box::pin(async move { self.bodies.read(body, max).await.map(Vec::from).map_err(refusal) })
    }

    fn close(&mut self, body: u32) {
        self.bodies.close(body);
    }

    fn list_files(&mut self, folder: String, after: Option<String>, limit: u32) -> FileAnswer<'_, Listing> {
        Box::pin(async move {
            let listed = self.ask_folders()?.list(&folder, after, limit).await;
            listed.map(folders::listing).map_err(folders::refusal)
        })
    }

    fn open_file(&mut self, NamedFile { folder, name }: NamedFile, offset: u64) -> FileAnswer<'_, u32> {
        Box::pin(async move { self.ask_folders()?.open(&folder, name, offset).await.map_err(folders::refusal) })
    }

    fn read_file(&mut self, file: u32, max: u32) -> FileAnswer<'_, Vec<u8>> {
        Box::pin(async move { self.folders.read(file, max).await.map_err(folders::refusal) })
    }

    fn create_file(&mut self, NamedFile { folder, name }: NamedFile) -> FileAnswer<'_, u32> {
        Box::pin(async move { self.ask_folders()?.create(&folder, name).await.map_err(folders::refusal) })
    }

    fn write_file(&mut self, file: u32, bytes: Vec<u8>) -> FileAnswer<'_, ()> {
        Box::pin(async move { self.folders.write(file, bytes).await.map_err(folders::refusal) })
    }

    fn commit_file(&mut self, file: u32) -> FileAnswer<'_, ()> {
        Box::pin(async move { self.ask_folders()?.commit(file).await.map_err(folders::refusal) })
    }

    fn move_file(&mut self, from: NamedFile, to: NamedFile) -> FileAnswer<'_, ()> {
        Box::pin(async move {
            let (from, to) = ((from.folder.as_str(), from.name), (to.folder.as_str(), to.name));
            self.ask_folders()?.rename(from, to).await.map_err(folders::refusal)
        })
    }

    fn close_file(&mut self, file: u32) {
        self.folders.close(file);
    }

    fn sign(&mut self, request: SignRequest) -> Answer<'_, Result<Vec<u8>, String>> {
        let signed = self.client.sign(&request.scheme, &request.algorithm, &request.payload);
        Box::pin(std::future::ready(signed.map_err(sentence)))
    }

    fn verify(&mut self, request: VerifyRequest) -> Answer<'_, Result<bool, String>> {
        let VerifyRequest { signed, signature } = request;
        let verified = self.client.verify(&signed.scheme, &signed.algorithm, &signed.payload, &signature);
        Box::pin(std::future::ready(verified.map_err(sentence)))
    }

    fn now_ms(&mut self) -> Answer<'_, u64> {
        let now = u64::try_from(self.clock.now().as_millis()).unwrap_or(0);
        Box::pin(std::future::ready(now))
    }

    fn sleep_ms(&mut self, ms: u32) -> Answer<'_, ()> {
        Box::pin(tokio::time::sleep(Duration::from_millis(ms.into())))
    }

    fn random(&mut self, count: u32) -> Answer<'_, Vec<u8>> {
        let mut bytes = vec![0; count as usize];
        if let Err(error) = getrandom::fill(&mut bytes) {
            tracing::error!(%error, "the system gives no randomness");
            bytes.clear();
        }
        Box::pin(std::future::ready(bytes))
    }

    fn log(&mut self, level: LogLevel, message: String) {
        let (run, connector, message) = (self.run, &self.connector, self.client.redact(message));
        self.log.keep(self.clock.now(), level, connector, &message);
        // Its words may have a record in them: they are kept with the run, sealed, and this log says only that there are some.
        let bytes = message.len();
        tracing::debug!(%run, connector, severity = ?level, bytes, "a connector said something, which is kept with its run");
    }

    fn cancelled(&mut self) -> Answer<'_, bool> {
        let draining = *self.draining.borrow();
        Box::pin(std::future::ready(draining))
    }

    fn progress(&mut self, progress: Progress) {
        tracing::debug!(run = %self.run, done = progress.done, total = progress.total, "progress");
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn sentence(denial: Denial) -> String {
    format!("{denial} ({})", denial.code())
}

fn refusal(refusal: Refusal) -> HttpRefusal {
    match refusal {
        Refusal::Denied(denial) => HttpRefusal::Denied(sentence(denial)),
        Refusal::Unreachable(why) | Refusal::Malformed(why) => HttpRefusal::Unreachable(why),
        Refusal::Encoded => HttpRefusal::Denied(format!("{} ({})", Refusal::Encoded, Refusal::Encoded.code())),
        Refusal::Proxy(ProxyRefusal::Unreachable { .. } | ProxyRefusal::Gateway { .. }) => {
            HttpRefusal::Unreachable(refusal.to_string())
        }
        Refusal::Proxy(_) => HttpRefusal::Denied(format!("{refusal} ({})", refusal.code())),
        Refusal::Tls(why) => HttpRefusal::Tls(why),
        Refusal::TimedOut => HttpRefusal::TimedOut,
        Refusal::TooLarge(bytes) => HttpRefusal::TooLarge(bytes),
        Refusal::Budget | Refusal::RateLimited { .. } => HttpRefusal::Budget,
        Refusal::Cancelled => HttpRefusal::Cancelled,
        Refusal::SecretEchoed => HttpRefusal::SecretEchoed,
    }
}
