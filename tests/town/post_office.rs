//! A mail server of a test's own, on loopback: it keeps what it is given, and answers as it is told.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How it takes letters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// All of them.
    Willing,
    /// None at the first so many tries.
    Busy(usize),
    /// Nobody of this name lives here.
    Refusing,
}

/// Whether it can encrypt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Security {
    Plain,
    StartTls,
}

/// What it was given.
#[derive(Default)]
struct Kept {
    letters: Vec<String>,
    /// The commands of clients, as far as they came.
    commands: Vec<String>,
    tries: usize,
}

pub struct PostOffice {
    pub address: String,
    /// Its certificate, PEM.
    pub certificate: String,
    kept: Arc<Mutex<Kept>>,
}

impl PostOffice {
    pub fn open(mood: Mood, security: Security) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
        let (kept, tls) = (Arc::new(Mutex::new(Kept::default())), Arc::new(config));
        let behind = Arc::clone(&kept);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let counter = Counter { mood, security, kept: Arc::clone(&behind) };
                let tls = Arc::clone(&tls);
                // Who hangs up in the middle ends their own conversation only.
                thread::spawn(move || counter.receive(stream, tls));
            }
        });
        Self { address, certificate: made.cert.pem(), kept }
    }

    /// The lines of a configuration that send by it, unencrypted.
    pub fn plainly(&self) -> String {
        format!("[mail]\nserver = \"{}\"\ntls = \"none\"\nfrom = \"Partner <post@partner.example>\"\n", self.address)
    }

    /// The letters so far, with their transfer encoding undone.
    pub fn letters(&self) -> Vec<String> {
        self.kept.lock().unwrap().letters.iter().map(|letter| decoded(letter)).collect()
    }

    /// Waits for so many letters.
    pub fn wait_for(&self, count: usize) -> Vec<String> {
        let begun = Instant::now();
        while self.letters().len() < count {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "waited in vain for {count} letters: {:?}",
                self.letters()
            );
            thread::sleep(Duration::from_millis(20));
        }
        self.letters()
    }

    /// What clients said, as far as it is commands.
    pub fn commands(&self) -> Vec<String> {
        self.kept.lock().unwrap().commands.clone()
    }
}

/// Long lines are broken with `=` at their ends, and `=` itself is written in numbers.
fn decoded(letter: &str) -> String {
    if !letter.contains("quoted-printable") {
        return letter.replace("\r\n", "\n");
    }
    letter.replace("=\r\n", "").replace("=3D", "=").replace("\r\n", "\n")
}

/// One conversation.
struct Counter {
    mood: Mood,
    security: Security,
    kept: Arc<Mutex<Kept>>,
}

impl Counter {
    fn receive(&self, mut stream: TcpStream, tls: Arc<ServerConfig>) -> Option<()> {
        say(&mut stream, "220 post office")?;
        if self.converse(&mut stream, self.security == Security::StartTls)? {
            let mut stream = StreamOwned::new(ServerConnection::new(tls).ok()?, stream);
            self.converse(&mut stream, false)?;
        }
        Some(())
    }

    /// Goes on to the end, or to where the client wants to encrypt.
    fn converse(&self, stream: &mut (impl Read + Write), offers_tls: bool) -> Option<bool> {
        loop {
            let line = hear(stream)?;
            self.kept.lock().unwrap().commands.push(line.clone());
            match line.split(' ').next().unwrap_or_default().to_uppercase().as_str() {
                "EHLO" if offers_tls => say(stream, "250-post office\r\n250 STARTTLS")?,
                "EHLO" => say(stream, "250-post office\r\n250 AUTH PLAIN")?,
                "STARTTLS" => {
                    say(stream, "220 go on")?;
                    return Some(true);
                }
                "AUTH" => say(stream, "235 welcome")?,
                "RCPT" => say(stream, &self.word_on(&line))?,
                "DATA" => self.take(stream)?,
                "QUIT" => {
                    say(stream, "221 goodbye")?;
                    return Some(false);
                }
                _ => say(stream, "250 well")?,
            }
        }
    }

    fn word_on(&self, line: &str) -> String {
        let mut kept = self.kept.lock().unwrap();
        kept.tries += 1;
        match self.mood {
            Mood::Busy(tries) if kept.tries <= tries => "451 come again".to_owned(),
            Mood::Refusing => format!("550 nobody lives here: {line}"),
            _ => "250 well".to_owned(),
        }
    }

    fn take(&self, stream: &mut (impl Read + Write)) -> Option<()> {
        say(stream, "354 go on")?;
        let mut letter = String::new();
        loop {
            let line = hear(stream)?;
            if line == "." {
                break;
            }
            letter.push_str(&line);
            letter.push_str("\r\n");
        }
        self.kept.lock().unwrap().letters.push(letter);
        say(stream, "250 kept")
    }
}

fn say(stream: &mut impl Write, line: &str) -> Option<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).ok()?;
    stream.flush().ok()
}

/// One line, byte by byte, so that nothing is read that belongs to the handshake after it.
fn hear(stream: &mut impl Read) -> Option<String> {
    let (mut line, mut byte) = (Vec::new(), [0]);
    while !line.ends_with(b"\r\n") {
        stream.read_exact(&mut byte).ok()?;
        line.push(byte[0]);
    }
    line.truncate(line.len() - 2);
    String::from_utf8(line).ok()
}
