//! From a request to a page, and from a form to an operation.

use std::net::IpAddr;
use std::sync::{Arc, LazyLock, Mutex};

use axum::body::Body;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use matchit::Router;
use serde_json::{Map, Value};
use url::form_urlencoded;
use weighbridge::model::access::{Action, Population};
use weighbridge::model::problem::{Problem, ProblemCode, ProblemKind};
use weighbridge::model::time::Zone;
use weighbridge::people::Me;
use weighbridge::{Engine, TurnedAway};

use super::act::{self, carry_out};
use super::assets;
use super::cookies::Cookie;
use super::door;
use super::download::download;
use super::forged::{is_from_here, is_token};
use super::operator;
use super::screen::{Drawn, Screen, Then};
use super::screens::screens;
use super::shell;
use super::texts::Language;
use super::visit::{Entered, Tried, Visit, Visited};
use crate::api::{Known, Streams, status};
use crate::callback::Callback;
use crate::pace::{Left, Pace};

/// The most bytes of a form of whoever is not signed in.
pub(crate) const STRANGERS_FORM_BYTES_MAX: usize = 64 * 1024;
/// The most fields of a form: a list with all of its lines picked fits.
const FIELDS_MAX: usize = 2_000;

/// Whether an address is one of the console's.
pub(crate) fn is_console(path: &str) -> bool {
    const BEGINNINGS: [&str; 5] = ["/console/", "/my/", "/operate/", "/t/", "/assets/"];
    const WHOLE: [&str; 5] = ["/", "/console", "/my", "/operate", "/operator"];
    let is_door = door::is_door(path);
    is_door || WHOLE.contains(&path) || BEGINNINGS.iter().any(|beginning| path.starts_with(beginning))
}

/// All that the console answers with.
#[derive(Clone)]
pub(crate) struct Console {
    pub(crate) engine: Engine,
    pub(crate) callback: Callback,
    pub(crate) pace: Arc<Pace>,
    pub(crate) streams: Streams,
}

/// What a browser says of itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub(crate) language: Language,
    pub(crate) theme: Option<&'static str>,
    pub(crate) is_tls: bool,
}

/// An answer, or what is wrong.
pub(crate) type Answered = Result<Response<Body>, Problem>;

impl Console {
    /// One request, one page.
    pub(crate) async fn answer(&self, from: IpAddr, request: Request<Incoming>) -> Response<Body> {
        if let Some(asset) = assets::find(request.uri()) {
            return asset;
        }
        let manner = self.manner(request.headers());
        if !is_from_here(request.headers(), self.callback.origin()) && request.method() != Method::GET {
            return shell::turned_away(manner, &ProblemCode::FormForged.into());
        }
        if !self.callback.is_own(request.headers()) {
            return shell::turned_away(manner, &ProblemCode::NotThere.into());
        }
        let zipped = assets::takes_gzip(request.headers());
        let answered = self.enter(from, manner, request).await;
        assets::zip(answered, zipped).await
    }

    /// What a browser says of itself.
    pub(crate) fn manner(&self, headers: &HeaderMap) -> Manner {
        let is_tls = self.callback.origin().starts_with("https:");
        let chosen = Cookie::Language.read(headers, is_tls).and_then(|tag| Language::tagged(&tag));
        let theme = Cookie::Theme.read(headers, is_tls);
        let theme = ["light", "dark"].into_iter().find(|one| Some(*one) == theme.as_deref());
        Manner { language: chosen.unwrap_or_else(|| Language::wanted(headers)), theme, is_tls }
    }

    async fn enter(&self, from: IpAddr, manner: Manner, request: Request<Incoming>) -> Response<Body> {
        let path = request.uri().path().to_owned();
        let session = self.session(request.headers(), &path, manner);
        let left = match &session {
            // Whoever tries a password is a stranger, also where they are signed in as somebody else.
            Some(Ok(known)) if !door::is_of_strangers(&path) => self.pace.actor(&known.actor),
            _ => self.pace.stranger(from),
        };
        if left.is_over() {
            return too_fast(manner, left);
        }
        if door::is_door(&path) {
            return door::answer(self, manner, request).await;
        }
        let uri = request.uri().clone();
        let known = session.unwrap_or_else(|| Err(ProblemCode::NotSignedIn.into()));
        match self.visit(from, manner, known, request).await {
            Ok(response) => response,
            Err(problem) if problem.code == ProblemCode::NotSignedIn => door::send_there(&uri),
            Err(problem) => shell::turned_away(manner, &problem),
        }
    }

    /// By which session this address is looked at: a customer's pages by the account that was opened, if one was.
    pub(crate) fn session(&self, headers: &HeaderMap, path: &str, manner: Manner) -> Option<Result<Known, Problem>> {
        let is_mine = path == "/my" || path.starts_with("/my/");
        let cookies: &[Cookie] = if is_mine { &[Cookie::Opened, Cookie::Session] } else { &[Cookie::Session] };
        let secret = cookies.iter().find_map(|one| one.read(headers, manner.is_tls))?;
        Some(self.engine.actor(&secret).map(|actor| Known { actor, secret: Some(secret) }))
    }

    async fn visit(
        &self,
        from: IpAddr,
        manner: Manner,
        known: Result<Known, Problem>,
        request: Request<Incoming>,
    ) -> Answered {
        let Known { actor, secret } = known?;
        let (screen, ids) = found(request.uri().path()).ok_or(ProblemCode::NotThere)?;
        let secret = secret.unwrap_or_default();
        let me = self.me(&actor)?;
        let zone = me.zone.as_deref().and_then(|name| Zone::named(name).ok()).unwrap_or(Zone::UTC);
        let visited = Visited {
            engine: self.engine.clone(),
            actor,
            secret,
            me,
            language: manner.language,
            theme: manner.theme,
            zone,
            now: self.engine.now(),
            path: request.uri().path().to_owned(),
            ids,
            query: pairs(request.uri().query().unwrap_or_default().as_bytes()),
            entered: None,
            tried: None,
            denied: Mutex::default(),
            follows: screen.follows.is_some(),
            is_tls: manner.is_tls,
            origin: self.callback.origin().to_owned(),
        };
        if !is_theirs(&visited) {
            return Err(ProblemCode::NotThere.into());
        }
        let answered = self.show(from, screen, visited.into(), request).await;
        answered.map_err(|(visit, problem)| {
            self.note(from, &visit, &problem);
            problem
        })
    }

    fn me(&self, actor: &weighbridge::model::access::Actor) -> Result<Me, Problem> {
        use weighbridge::model::access::{authorize, kinds::SelfRead};
        self.engine.me(&authorize::<SelfRead>(actor, ())?)
    }

    async fn show(
        &self,
        from: IpAddr,
        screen: &'static Screen,
        visit: Visit,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, (Visit, Problem)> {
        let failed = |problem: Problem| (visit.clone(), problem);
        match *request.method() {
            Method::GET if wants_events(request.headers()) => self.follow(screen, &visit).await.map_err(failed),
            Method::GET if let (Some(name), Some("csv")) = (screen.downloads, visit.asks("as")) => {
                download(&visit, name).await.map_err(failed)
            }
            Method::GET if let (operator::support::PATH, Some(name)) = (screen.path.as_str(), visit.asks("as")) => {
                operator::support::file(&visit, name).await.map_err(failed)
            }
            Method::GET | Method::HEAD => Ok(drawn(&visit, StatusCode::OK, (screen.draw)(visit.clone()).await)),
            Method::POST => self.act(from, screen, &visit, request).await.map_err(failed),
            _ => Err(failed(act::unknown())),
        }
    }

    async fn follow(&self, screen: &Screen, visit: &Visit) -> Answered {
        let operation = screen.follows.and_then(act::operation).ok_or_else(act::unknown)?;
        let mut asked = visit.asked(Map::new());
        asked.input.retain(|name, _| operation.parameters().iter().any(|one| one.name == *name));
        self.streams.open(&visit.engine, operation, asked).await
    }

    async fn act(&self, from: IpAddr, screen: &'static Screen, visit: &Visit, request: Request<Incoming>) -> Answered {
        let fields = fields(request, screen.form_bytes_max()).await?;
        let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, text)| text.as_str());
        if !is_token(&visit.secret, field("token").unwrap_or_default()) {
            return Err(ProblemCode::FormForged.into());
        }
        // A button may ask for another operation than the form that it stands in.
        let wanted =
            fields.iter().rev().find(|(key, _)| key == "do").map(|(_, text)| text.as_str()).unwrap_or_default();
        let act = screen.acts.iter().find(|act| act.name == wanted).ok_or_else(act::unknown)?;
        let operation = act::operation(act.name).ok_or_else(act::unknown)?;
        visit.wants(operation.action);
        match carry_out(visit, operation, &fields).await {
            Ok(given) if matches!(act.then, Then::Beside) => {
                let tried = Tried { act: wanted.to_owned(), fields: fields.clone(), given };
                let visit = Visit::from(visit.with_tried(tried));
                Ok(drawn(&visit, StatusCode::OK, (screen.draw)(visit.clone()).await))
            }
            Ok(given) => Ok(after(visit, &act.then, &given)),
            Err(problem) if is_shown_on_its_page(&problem) => {
                self.note(from, visit, &problem);
                Ok(again(screen, visit, (wanted, &fields), problem).await)
            }
            Err(problem) => Err(problem),
        }
    }

    fn note(&self, from: IpAddr, visit: &Visit, problem: &Problem) {
        if !problem.denied {
            return;
        }
        let (engine, visit, code) = (self.engine.clone(), visit.clone(), problem.code);
        tokio::spawn(async move {
            let (actor, customer) = (Some(&visit.actor), visit.customer());
            let action = visit.denied().unwrap_or(Action::SelfRead);
            engine.note_turned_away(TurnedAway { actor, address: Some(from), action, customer, code }).await;
        });
    }
}

/// Pages of other populations are not there.
fn is_theirs(visited: &Visited) -> bool {
    let beginning = match (visited.me.population, visited.me.impersonates) {
        (Population::Operator, _) => "/operate",
        (Population::Tenant, false) => "/console",
        (Population::Tenant, true) | (Population::Customer, _) => "/my",
    };
    visited.path.starts_with(beginning) || visited.path == "/console/design"
}

/// What was typed stays, beside what was wrong with it.
async fn again(
    screen: &'static Screen,
    visit: &Visit,
    (act, fields): (&str, &[(String, String)]),
    problem: Problem,
) -> Response<Body> {
    let code = status(problem.code.kind());
    let entered = Entered { act: act.to_owned(), fields: fields.to_vec(), problem };
    let visit = Visit::from(visit.with(entered));
    drawn(&visit, code, (screen.draw)(visit.clone()).await)
}

/// Whoever typed something sees what is wrong with it where they typed it.
fn is_shown_on_its_page(problem: &Problem) -> bool {
    let is_over = matches!(problem.code.kind(), ProblemKind::Unauthenticated | ProblemKind::Gone);
    // A present password that is wrong is no session that is over.
    problem.code == ProblemCode::SignInWrong || !(problem.denied || is_over)
}

fn after(visit: &Visit, then: &Then, given: &Value) -> Response<Body> {
    match then {
        Then::Again(done) => shell::see_other(&with_done(&visit.path, done)),
        Then::Beside => shell::see_other(&visit.path),
        Then::To(lead, done) => shell::see_other(&with_done(&lead(visit, given), done)),
        Then::Show(show) => shell::once(visit, show(visit, given)),
        Then::Enter => door::enter(visit, given),
        Then::Away(lead) => door::send_away(visit, given, &lead(visit, given)),
    }
}

fn with_done(path: &str, done: &str) -> String {
    match (done, path.contains('?')) {
        ("", _) => path.to_owned(),
        (done, false) => format!("{path}?done={done}"),
        (done, true) => format!("{path}&done={done}"),
    }
}

fn drawn(visit: &Visit, code: StatusCode, drawn: Drawn) -> Response<Body> {
    match drawn {
        Ok(sheet) => shell::page(visit, code, &sheet),
        Err(problem) if problem.code == ProblemCode::NotSignedIn => door::send_there(&Uri::default()),
        Err(problem) => shell::problem(visit, &problem),
    }
}

fn found(path: &str) -> Option<(&'static Screen, Map<String, Value>)> {
    static ROUTER: LazyLock<Router<usize>> = LazyLock::new(|| {
        let mut router = Router::new();
        for (at, screen) in screens().iter().enumerate() {
            if let Err(error) = router.insert(&screen.path, at) {
                tracing::error!(%error, path = screen.path, "two pages have one address");
            }
        }
        router
    });
    let found = ROUTER.at(path).ok()?;
    let ids = found.params.iter().map(|(name, text)| (name.to_owned(), text.into())).collect();
    Some((&screens()[*found.value], ids))
}

/// A form's fields. Many small ones cost more than their bytes, so both are counted.
pub(crate) async fn fields(request: Request<Incoming>, bytes_max: usize) -> Result<Vec<(String, String)>, Problem> {
    let body = Limited::new(request.into_body(), bytes_max).collect().await;
    let body = body.map_err(|_| Problem::from(ProblemCode::TooLarge))?.to_bytes();
    if body.iter().filter(|byte| **byte == b'&').count() >= FIELDS_MAX {
        return Err(ProblemCode::TooLarge.into());
    }
    Ok(pairs(&body))
}

/// The pairs of a query or a form. A line break of a form is one of ours.
fn pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).map(|(key, text)| (key.into_owned(), text.replace("\r\n", "\n"))).collect()
}

fn wants_events(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.starts_with("text/event-stream"))
}

fn too_fast(manner: Manner, left: Left) -> Response<Body> {
    let mut response = shell::turned_away(manner, &ProblemCode::TooManyRequests.into());
    left.write(response.headers_mut());
    response
}
