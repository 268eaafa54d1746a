//! Following: an answer that is told again whenever it has changed, as server-sent events.
//!
//! Every event has the whole answer, so that whoever was cut off begins anew and misses nothing. Who asks is looked at again
//! before each of them: a session that ended, or a customer that was switched off, ends the stream with the problem.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use http::{HeaderValue, Response, header};
use http_body_util::BodyExt as _;
use http_body_util::channel::{Channel, Sender};
use hyper::body::Bytes;
use serde_json::Value;
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;
use weighbridge::Engine;
use weighbridge::model::access::Actor;
use weighbridge::model::problem::{Problem, ProblemCode};

use super::asked::Asked;
use super::operation::Operation;
use super::problem;

/// Between two events of a stream at least so long: a transfer settles hundreds of batches in a second.
const GAP: Duration = Duration::from_millis(250);
/// What takes long is asked for more seldom, so that a stream takes at most a part in so many of a core.
const COST: u32 = 10;
/// A stream that nothing happens in says so often that it is there, and what the clock alone changes is seen as late.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// A stream ends after so long; a browser comes back by itself.
const STREAM_MAX: Duration = Duration::from_secs(3_600);
/// Whoever takes nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(30);

/// Of all places, one person takes at most one in so many.
const SHARE: usize = 8;

/// The streams of a server.
#[derive(Clone, Debug)]
pub(crate) struct Streams {
    followers: Arc<Followers>,
    stopped: watch::Receiver<bool>,
}

/// How many streams each person has.
#[derive(Debug)]
struct Followers {
    streams_max: usize,
    streams: Mutex<BTreeMap<String, usize>>,
}

/// A place among those who follow, which is given back when it is dropped.
struct Place {
    who: String,
    followers: Arc<Followers>,
}

impl Followers {
    fn streams(&self) -> MutexGuard<'_, BTreeMap<String, usize>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for somebody, if there is one and they have not enough already.
    fn admit(self: &Arc<Self>, actor: &Actor) -> Result<Place, Problem> {
        let who = format!("{:?} {:?}", actor.who, actor.tenant);
        let mut streams = self.streams();
        let (all, own) = (streams.values().sum::<usize>(), streams.get(&who).copied().unwrap_or_default());
        if own >= (self.streams_max / SHARE).max(1) {
            return Err(too_many("you follow as much as one person may already"));
        }
        if all >= self.streams_max {
            return Err(too_many("too many follow what happens here already"));
        }
        streams.insert(who.clone(), own + 1);
        drop(streams);
        Ok(Place { who, followers: Arc::clone(self) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut streams = self.followers.streams();
        if let Some(own) = streams.get_mut(&self.who) {
            *own = own.saturating_sub(1);
        }
        streams.retain(|_, own| *own > 0);
    }
}

fn too_many(why: &str) -> Problem {
    Problem::from(ProblemCode::TooManyRequests).at("Accept", why)
}

impl Streams {
    /// At most so many at once, so that the connections of the others are left.
    pub(crate) fn new(streams_max: usize, stopped: watch::Receiver<bool>) -> Self {
        let followers = Followers { streams_max: streams_max.max(1), streams: Mutex::default() };
        Self { followers: Arc::new(followers), stopped }
    }

    /// Answers, and answers again.
    pub(crate) async fn open(
        &self,
        engine: &Engine,
        operation: &'static Operation,
        asked: Asked,
    ) -> Result<Response<Body>, Problem> {
        let place = self.followers.admit(&asked.actor)?;
        // Subscribed before the first look, so that no change falls in between.
        let commits = engine.commits();
        let told = operation.run(engine, asked.clone()).await?;
        let (sender, body) = Channel::new(4);
        let follower =
            Follower { engine: engine.clone(), operation, asked, told, sent: Instant::now(), commits, _place: place };
        let mut stopped = self.stopped.clone();
        // It is dropped with the body, when the connection ends, and where nothing is sent nothing else tells of that.
        let (listens, left) = oneshot::channel::<()>();
        tokio::spawn(async move {
            tokio::select! {
                _gone = follower.tell(sender) => {}
                _ = left => {}
                _ = stopped.wait_for(|stopped| *stopped) => {}
            }
        });
        let body = body.map_frame(move |frame| {
            let _ = &listens;
            frame
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
    /// When something was sent last.
    sent: Instant,
    commits: watch::Receiver<()>,
    _place: Place,
}

/// Whoever listened has gone.
struct Gone;

impl Follower {
    async fn tell(mut self, mut sender: Sender<Bytes>) -> Result<(), Gone> {
        let end = Instant::now() + STREAM_MAX;
        send(&mut sender, event("answer", &self.told)).await?;
        while Instant::now() < end {
            let quiet = HEARTBEAT.saturating_sub(self.sent.elapsed());
            let _changed = tokio::time::timeout(quiet, self.commits.changed()).await;
            let asked = Instant::now();
            let again = self.again().await;
            let cost = asked.elapsed();
            match again {
                Ok(now) if now != self.told => {
                    send(&mut sender, event("answer", &now)).await?;
                    (self.told, self.sent) = (now, Instant::now());
                }
                Ok(_) if self.sent.elapsed() >= HEARTBEAT => {
                    send(&mut sender, ": nothing new\n\n".into()).await?;
                    self.sent = Instant::now();
                }
                Ok(_) => {}
                Err(problem) => return send(&mut sender, event("problem", &problem::body(&problem))).await,
            }
            tokio::time::sleep(GAP.max(cost * COST)).await;
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
