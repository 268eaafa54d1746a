//! Following: an answer that is told again whenever it has changed, as server-sent events.
//!
//! Every event has the whole answer, so that whoever was cut off begins anew and misses nothing. Who asks is looked at again
//! before each of them: a session that ended, or a customer that was switched off, ends the stream with the problem.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{HeaderValue, Response, header};
use http_body_util::channel::{Channel, Sender};
use hyper::body::Bytes;
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Instant;
use weighbridge::Engine;
use weighbridge::model::problem::{Problem, ProblemCode};

use super::asked::Asked;
use super::operation::Operation;
use super::problem;

/// Between two events of a stream at least so long: a transfer settles hundreds of batches in a second.
const GAP: Duration = Duration::from_millis(250);
/// A stream that nothing happens in says so often that it is there, and what the clock alone changes is seen as late.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// A stream ends after so long; a browser comes back by itself.
const STREAM_MAX: Duration = Duration::from_secs(3_600);
/// Whoever takes nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(30);

/// The streams of a server.
#[derive(Clone, Debug)]
pub(crate) struct Streams {
    places: Arc<Semaphore>,
    stopped: watch::Receiver<bool>,
}

impl Streams {
    /// At most so many at once, so that the connections of the others are left.
    pub(crate) fn new(streams_max: usize, stopped: watch::Receiver<bool>) -> Self {
        Self { places: Arc::new(Semaphore::new(streams_max.max(1))), stopped }
    }

    /// Answers, and answers again.
    pub(crate) async fn open(
        &self,
        engine: &Engine,
        operation: &'static Operation,
        asked: Asked,
    ) -> Result<Response<Body>, Problem> {
        // Subscribed before the first look, so that no change falls in between.
        let commits = engine.commits();
        let told = operation.run(engine, asked.clone()).await?;
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            Problem::from(ProblemCode::TooManyRequests).at("Accept", "too many follow what happens here already")
        })?;
        let (sender, body) = Channel::new(4);
        let follower = Follower { engine: engine.clone(), operation, asked, told, commits, _place: place };
        let mut stopped = self.stopped.clone();
        tokio::spawn(async move {
            tokio::select! {
                _gone = follower.tell(sender) => {}
                _ = stopped.wait_for(|stopped| *stopped) => {}
            }
        });
        let mut response = Response::new(Body::new(body));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        Ok(response)
    }
}

/// One stream.
struct Follower {
    engine: Engine,
    operation: &'static Operation,
    asked: Asked,
    told: Value,
    commits: watch::Receiver<()>,
    _place: OwnedSemaphorePermit,
}

/// Whoever listened has gone.
struct Gone;

impl Follower {
    async fn tell(mut self, mut sender: Sender<Bytes>) -> Result<(), Gone> {
        let end = Instant::now() + STREAM_MAX;
        send(&mut sender, event("answer", &self.told)).await?;
        while Instant::now() < end {
            let is_quiet = tokio::time::timeout(HEARTBEAT, self.commits.changed()).await.is_err();
            match self.again().await {
                Ok(now) if now != self.told => {
                    send(&mut sender, event("answer", &now)).await?;
                    self.told = now;
                }
                Ok(_) if is_quiet => send(&mut sender, ": nothing new\n\n".into()).await?,
                Ok(_) => {}
                Err(problem) => return send(&mut sender, event("problem", &problem::body(&problem))).await,
            }
            tokio::time::sleep(GAP).await;
        }
        Ok(())
    }

    /// The answer as it is now, to whoever still may have it.
    async fn again(&mut self) -> Result<Value, Problem> {
        self.commits.mark_unchanged();
        self.operation.run(&self.engine, self.asked.renewed(&self.engine)?).await
    }
}

fn event(name: &str, data: &Value) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}

async fn send(sender: &mut Sender<Bytes>, text: String) -> Result<(), Gone> {
    match tokio::time::timeout(PATIENCE, sender.send_data(text.into())).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Gone),
    }
}
