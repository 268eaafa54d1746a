//! A secret that comes back is found, however it is written and however it is cut into pieces; the rest passes as it is.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::task::{Context, Poll};

use bytes::Bytes;
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD};
use http_body_util::BodyExt;
use hyper::body::Frame;
use serde_json::json;
use weighbridge_egress::{Client, Refusal, Request};

use super::auth::{credential, request};
use super::platform::{Answer, Platform, full};
use super::random::Random;

/// A platform that answers with these pieces, and what it answers next.
struct Echo {
    platform: Platform,
    pieces: Arc<Mutex<Vec<Bytes>>>,
}

impl Echo {
    async fn start() -> Self {
        let pieces = Arc::new(Mutex::new(Vec::new()));
        let next = Arc::clone(&pieces);
        let platform = Platform::start(move |_| in_pieces(next.lock().unwrap().clone())).await;
        Self { platform, pieces }
    }

    fn client(&self, token: &str) -> Client {
        self.platform.client(vec![credential(&self.platform, json!({ "kind": "bearer" }), &[("token", token)])])
    }

    /// What the client hands on of this body.
    async fn ask(&self, client: &Client, pieces: Vec<Bytes>) -> Result<Bytes, Refusal> {
        *self.pieces.lock().unwrap() = pieces;
        client.send(request(&self.platform)).await?.body.read_all().await
    }
}

fn in_pieces(pieces: Vec<Bytes>) -> Answer {
    full(200, "").map(|_| Pieces(pieces.into_iter()).boxed())
}

struct Pieces(std::vec::IntoIter<Bytes>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(self.0.next().map(|piece| Ok(Frame::data(piece))))
    }
}

/// Cuts a text into pieces of 1 to `bytes_max` bytes.
fn cut(text: &[u8], bytes_max: u64, random: &mut Random) -> Vec<Bytes> {
    let mut rest = Bytes::copy_from_slice(text);
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let bytes = rest.len().min(1 + random.below(bytes_max) as usize);
        pieces.push(rest.split_to(bytes));
    }
    pieces
}

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=!*'():&?#%\"\\ @";

fn text(letters: &[u8], length: u64, random: &mut Random) -> String {
    (0..length).map(|_| char::from(letters[random.below(letters.len() as u64) as usize])).collect()
}

fn percent(secret: &str, kept: &str, lower: bool) -> String {
    let encode = |byte: u8| match char::from(byte) {
        letter if letter.is_ascii_alphanumeric() || kept.contains(letter) => letter.to_string(),
        _ if lower => format!("%{byte:02x}"),
        _ => format!("%{byte:02X}"),
    };
    secret.bytes().map(encode).collect()
}

/// Every way in which a platform may write a secret; `before` and `after` go into the Base64 with it.
fn written(secret: &str, before: &str, after: &str) -> Vec<String> {
    let whole = format!("{before}{secret}{after}");
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    vec![
        secret.to_owned(),
        BASE64.encode(whole.as_bytes()),
        BASE64_NOPAD.encode(whole.as_bytes()),
        BASE64URL.encode(whole.as_bytes()),
        BASE64URL_NOPAD.encode(whole.as_bytes()),
        percent(secret, "-._~", false),
        percent(secret, "-._~", true),
        percent(secret, "-._~!*'()", true),
        percent(secret, "-._~/", false),
        form,
        serde_json::Value::from(secret).to_string(),
        serde_json::Value::from(secret).to_string().replace('/', "\\/"),
    ]
}

#[tokio::test]
async fn finds_every_secret_in_every_form_however_it_is_cut() {
    let echo = Echo::start().await;
    let mut random = Random::seeded(7);
    for round in 0..60 {
        let length = if round % 10 == 0 { 12 + random.below(3000) } else { 12 + random.below(60) };
        let secret = format!("x{}y", text(LETTERS, length - 2, &mut random));
        let client = echo.client(&secret);
        for before in ["", "a", "bc"] {
            let after = ["", "d", "ef"][random.below(3) as usize];
            for form in written(&secret, before, after) {
                let (start, end) = (random.below(200), random.below(200));
                let body = format!("{}{form}{}", text(b"xyz \n", start, &mut random), text(b"{}\",", end, &mut random));
                let bytes_max = [1, 7, 100, 10_000][random.below(4) as usize];
                let answer = echo.ask(&client, cut(body.as_bytes(), bytes_max, &mut random)).await;
                assert_eq!(answer, Err(Refusal::SecretEchoed), "{secret:?} in {form:?}");
            }
        }
    }
}

#[tokio::test]
async fn hands_everything_else_on_byte_for_byte_however_it_is_cut() {
    let echo = Echo::start().await;
    let mut random = Random::seeded(8);
    for _ in 0..200 {
        let length = 12 + random.below(60);
        let secret = format!("{}!", text(LETTERS, length - 1, &mut random));
        let client = echo.client(&secret);
        // Everything but the last letter, in every form, is no secret yet.
        let mut body: Vec<u8> = written(&secret[..secret.len() - 4], "", "").join("|").into_bytes();
        body.extend((0..random.below(5000)).map(|_| random.below(256) as u8));
        let answer = echo.ask(&client, cut(&body, 300, &mut random)).await;
        assert_eq!(answer.unwrap(), body);
    }
}

#[tokio::test]
async fn lets_no_part_of_a_secret_pass_before_the_rest_comes() {
    let echo = Echo::start().await;
    let secret = "0123456789".repeat(300);
    let client = echo.client(&secret);
    *echo.pieces.lock().unwrap() = vec![Bytes::from("before "), Bytes::from(secret.clone()), Bytes::from("after")];
    let mut body = client.send(request(&echo.platform)).await.unwrap().body;
    let mut passed = Vec::new();
    while let Ok(bytes) = body.read(10).await {
        assert!(!bytes.is_empty(), "the secret passed");
        passed.extend_from_slice(&bytes);
    }
    assert!(b"before ".starts_with(&passed));
}

#[tokio::test]
async fn finds_a_secret_in_a_header_in_every_form() {
    let secret = "sesame/open+up=now";
    for form in written(secret, "", "") {
        let value = form.clone();
        let platform = Platform::start(move |_| {
            let mut answer = full(302, "");
            answer.headers_mut().insert("location", format!("https://platform.test/?k={value}").parse().unwrap());
            answer
        })
        .await;
        let client = platform.client(vec![credential(&platform, json!({ "kind": "bearer" }), &[("token", secret)])]);
        assert_eq!(client.send(request(&platform)).await.unwrap_err(), Refusal::SecretEchoed, "{form}");
    }
}

#[tokio::test]
async fn finds_a_secret_in_the_answer_to_a_request_that_did_not_carry_it() {
    let echo = Echo::start().await;
    let client = echo.client("sesame-open-up");
    let plain = Request { auth: None, ..request(&echo.platform) };
    *echo.pieces.lock().unwrap() = vec![Bytes::from("sesame-open-up")];
    // What never went out cannot come back: this is somebody else's text.
    assert!(client.send(plain.clone()).await.unwrap().body.read_all().await.is_ok());
    echo.ask(&client, Vec::new()).await.unwrap();
    *echo.pieces.lock().unwrap() = vec![Bytes::from("sesame-"), Bytes::from("open-up")];
    let read = client.send(plain).await.unwrap().body.read_all().await;
    assert_eq!(read.unwrap_err(), Refusal::SecretEchoed);
}

#[tokio::test]
async fn a_short_secret_turns_up_by_accident_and_is_let_be() {
    let echo = Echo::start().await;
    let body = vec![Bytes::from("eleven-byte")];
    assert_eq!(echo.ask(&echo.client("eleven-byte"), body.clone()).await.unwrap(), "eleven-byte");
    assert!(echo.ask(&echo.client("leven-bytes!"), vec![Bytes::from("eleven-bytes!")]).await.is_err());
}

#[tokio::test]
async fn who_signs_in_is_no_secret_and_the_password_and_the_pair_are() {
    let platform = Platform::start(|seen| full(200, seen.path.trim_start_matches('/').to_owned())).await;
    let secrets = [("username", "somebody@shop.example"), ("password", "correct-horse")];
    let client = platform.client(vec![credential(&platform, json!({ "kind": "basic" }), &secrets)]);
    let pair = BASE64.encode(b"somebody@shop.example:correct-horse");
    for (path, echoed) in [("somebody@shop.example", false), ("correct-horse", true), (pair.as_str(), true)] {
        let request = Request { url: platform.url(&format!("/{path}")), ..request(&platform) };
        let read = client.send(request).await.unwrap().body.read_all().await;
        assert_eq!(read.is_err(), echoed, "{path}");
    }
}

#[tokio::test]
async fn crosses_secrets_out_of_texts_in_every_form() {
    let echo = Echo::start().await;
    let secret = "sesame/open+up=now";
    let client = echo.client(secret);
    echo.ask(&client, Vec::new()).await.unwrap();
    for form in written(secret, "", "") {
        let text = client.redact(format!("it failed at {form} again"));
        assert!(text.contains("[secret]"), "{text}");
        assert!(!text.contains("sesame") && !text.contains(&form), "{text}");
    }
    assert_eq!(client.redact("nothing in here".into()), "nothing in here");
}
