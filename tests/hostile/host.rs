//! A host that answers at once, and remembers what it was told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use weighbridge_sandbox::{
    Answer, Answers, FileAnswer, HttpHead, HttpRefusal, HttpRequest, Listing, LogLevel, NamedFile, Progress,
    SignRequest, VerifyRequest,
};

#[derive(Clone, Default)]
pub(super) struct Host {
    pub(super) lines: Arc<Mutex<Vec<(LogLevel, String)>>>,
    pub(super) bodies_open: Arc<Mutex<i64>>,
    /// How often it was asked for anything about files.
    pub(super) files_asked: Arc<Mutex<u32>>,
}

impl Host {
    fn ask_files<T: Send + 'static>(&mut self, answer: T) -> FileAnswer<'_, T> {
        *self.files_asked.lock().unwrap() += 1;
        Box::pin(std::future::ready(Ok(answer)))
    }
}

impl Answers for Host {
    fn config(&mut self) -> Answer<'_, String> {
        Box::pin(async { "{}".into() })
    }

    fn send(&mut self, _: HttpRequest) -> Answer<'_, Result<HttpHead, HttpRefusal>> {
        *self.bodies_open.lock().unwrap() += 1;
        Box::pin(async { Ok(HttpHead { status: 200, headers: Vec::new(), body: 1 }) })
    }

    fn read(&mut self, _: u32, _: u32) -> Answer<'_, Result<Vec<u8>, HttpRefusal>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn close(&mut self, _: u32) {
        *self.bodies_open.lock().unwrap() -= 1;
    }

    fn list_files(&mut self, _: String, _: Option<String>, _: u32) -> FileAnswer<'_, Listing> {
        self.ask_files(Listing::default())
    }

    fn open_file(&mut self, _: NamedFile, _: u64) -> FileAnswer<'_, u32> {
        self.ask_files(1)
    }

    fn create_file(&mut self, _: NamedFile) -> FileAnswer<'_, u32> {
        self.ask_files(1)
    }

    fn write_file(&mut self, _: u32, _: Vec<u8>) -> FileAnswer<'_, ()> {
        self.ask_files(())
    }

    fn commit_file(&mut self, _: u32) -> FileAnswer<'_, ()> {
        self.ask_files(())
    }

    fn sign(&mut self, request: SignRequest) -> Answer<'_, Result<Vec<u8>, String>> {
        Box::pin(async move { Ok(request.payload) })
    }

    fn verify(&mut self, request: VerifyRequest) -> Answer<'_, Result<bool, String>> {
        Box::pin(async move {
            if request.signed.scheme == "slow" {
                std::thread::sleep(Duration::from_millis(2));
            }
            Ok(request.signed.payload == request.signature)
        })
    }

    fn now_ms(&mut self) -> Answer<'_, u64> {
        Box::pin(async { 0 })
    }

    fn sleep_ms(&mut self, ms: u32) -> Answer<'_, ()> {
        Box::pin(tokio::time::sleep(Duration::from_millis(ms.into())))
    }

    fn random(&mut self, count: u32) -> Answer<'_, Vec<u8>> {
        Box::pin(async move { vec![4; count as usize] })
    }

    fn log(&mut self, level: LogLevel, message: String) {
        self.lines.lock().unwrap().push((level, message));
    }

    fn cancelled(&mut self) -> Answer<'_, bool> {
        Box::pin(async { false })
    }

    fn progress(&mut self, _: Progress) {}
}
