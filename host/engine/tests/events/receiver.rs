//! Somebody's server that receives events, and answers as a test wants it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// One request.
#[derive(Clone, Debug)]
pub struct Got {
    pub id: String,
    pub at: String,
    pub signatures: Vec<String>,
    pub body: String,
}

impl Got {
    pub fn said(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.said()["type"].as_str().unwrap().to_owned()
    }

    /// Whether one of its signatures was made with this secret, worked out anew.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{}.{}.{}", self.id, self.at, self.body).as_bytes());
        let own = format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()));
        self.signatures.contains(&own)
    }
}

#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    got: Arc<Mutex<Vec<Got>>>,
    /// The next answers; 200 where there are none.
    answers: Arc<Mutex<VecDeque<&'static str>>>,
    delay: Duration,
}

impl Receiver {
    pub async fn new(answers: &[&'static str]) -> Self {
        Self::slow(answers, Duration::ZERO).await
    }

    pub async fn slow(answers: &[&'static str], delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://127.0.0.1:{}/events", listener.local_addr().unwrap().port());
        let answers = Arc::new(Mutex::new(answers.iter().copied().collect()));
        let receiver = Self { url, got: Arc::default(), answers, delay };
        let own = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(own.clone().answer(stream));
            }
        });
        receiver
    }

    async fn answer(self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        let (mut headers, mut line) = (Vec::new(), String::new());
        while stream.read_line(&mut line).await.unwrap_or(0) > 2 {
            let (name, value) = line.trim().split_once(": ").unwrap_or_default();
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
            line.clear();
        }
        let of = |name: &str| {
            headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let mut body = vec![0; of("content-length").parse().unwrap_or(0)];
        stream.read_exact(&mut body).await.unwrap();
        tokio::time::sleep(self.delay).await;
        let signatures = of("webhook-signature").split(' ').map(str::to_owned).collect();
        let (id, at) = (of("webhook-id"), of("webhook-timestamp"));
        self.got.lock().unwrap().push(Got { id, at, signatures, body: String::from_utf8(body).unwrap() });
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or("200 OK");
        let text = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let _ = stream.write_all(text.as_bytes()).await;
    }

    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    pub fn kinds(&self) -> Vec<String> {
        self.got().iter().map(Got::kind).collect()
    }

    /// What came, when so many came.
    pub async fn when(&self, count: usize) -> Vec<Got> {
        for _ in 0..2_000 {
            if self.got().len() >= count {
                return self.got();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{count} events were to come, and these did: {:?}", self.got());
    }
}
