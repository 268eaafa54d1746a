//! A data folder with the real binary: 32 transfers of four customers, by signed connectors.

mod document;
mod process;
mod rows;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::platform::Platform;

pub use self::process::{Around, Signal, send};
pub use self::rows::{Moved, Rows};

/// Transfers, eight of each customer.
pub const TRANSFERS: usize = 32;
const OF_A_CUSTOMER: usize = 8;
/// A host gets ready in this time, or it does not.
const READY: Duration = Duration::from_secs(60);

/// A data folder, and the binary that works on it.
#[derive(Debug)]
pub struct Site {
    folder: TempDir,
    binary: PathBuf,
}

/// A name, and the customer whose transfer has it.
pub fn name_of(number: usize) -> (String, String) {
    (format!("c{}", number / OF_A_CUSTOMER), format!("t{number}"))
}

impl Site {
    /// Initialised, with the connector installed and all transfers set up; each runs every second.
    pub fn settled(platform: &Platform) -> Result<Self, String> {
        let site = Self { folder: tempfile::tempdir().map_err(told)?, binary: binary()? };
        let [key, package] = site.package()?;
        site.works(&["init"])?;
        site.works(&["trust", "add", "weighbridge", &key.display().to_string()])?;
        site.works(&["connector", "install", &package.display().to_string()])?;
        site.schedule(platform, Some("1s"))?;
        Ok(site)
    }

    /// Another one in the same state. Nothing may be at work on this one.
    pub fn like(&self) -> Result<Self, String> {
        let site = Self { folder: tempfile::tempdir().map_err(told)?, binary: self.binary.clone() };
        copy(&self.data(), &site.data())?;
        Ok(site)
    }

    /// Lets all transfers run at an interval, or only when they are asked to.
    pub fn schedule(&self, platform: &Platform, every: Option<&str>) -> Result<(), String> {
        let file = self.path("document.toml");
        fs::write(&file, document::document(platform.address, TRANSFERS, every)).map_err(told)?;
        self.works(&["apply", &file.display().to_string()]).map(|_| ())
    }

    /// Where its data are.
    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// A file beside the data.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What hosts logged.
    pub fn logged(&self) -> String {
        fs::read_to_string(self.path("host.log")).unwrap_or_default()
    }

    /// Carries a command out that must work.
    pub fn works(&self, words: &[&str]) -> Result<String, String> {
        let mut command = Command::new(&self.binary);
        let output = command.arg("--json").arg("--data").arg(self.data()).args(words).output().map_err(told)?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(format!("{words:?}: {} {}", output.status, String::from_utf8_lossy(&output.stderr)))
    }

    /// Starts a host, with something around it.
    pub fn serve(&self, around: &Around) -> Result<Serving, String> {
        self.serve_configured(around, "")
    }

    /// A file with these settings.
    pub fn configure(&self, lines: &str) -> Result<PathBuf, String> {
        let file = self.path("weighbridge.toml");
        fs::write(&file, lines).map_err(told)?;
        Ok(file)
    }

    /// The same with more lines in its configuration.
    pub fn serve_configured(&self, around: &Around, lines: &str) -> Result<Serving, String> {
        let port = free_port()?;
        let file = self.configure(&format!("listen = \"127.0.0.1:{port}\"\nlog_json = true\n{lines}"))?;
        let log = File::options().create(true).append(true).open(self.path("host.log")).map_err(told)?;
        let words = ["--data".into(), self.data(), "serve".into(), "--config".into(), file];
        let child = around.command(&self.binary, &words).stdout(Stdio::null()).stderr(log).spawn().map_err(told)?;
        Ok(Serving { child, port })
    }

    /// The publisher's public key and the signed connector; both are made once.
    fn package(&self) -> Result<[PathBuf; 2], String> {
        let shop = self.binary.with_file_name("campaign-publisher");
        fs::create_dir_all(&shop).map_err(told)?;
        let key = shop.join("key");
        if !key.exists() {
            self.works(&["connector", "keygen", &key.display().to_string()])?;
        }
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/rest");
        let [sources, key, out] = [&sources, &key, &shop].map(|path| path.display().to_string());
        let built = self.works(&["connector", "build", &sources, "--key", &key, "--out", &out])?;
        let built: serde_json::Value = serde_json::from_str(&built).map_err(told)?;
        let package = built["package"].as_str().ok_or("no package was built")?;
        Ok([shop.join("key.pub"), PathBuf::from(package)])
    }
}

/// A host that was started. It is killed when it is dropped.
#[derive(Debug)]
pub struct Serving {
    child: Child,
    port: u16,
}

impl Serving {
    /// Waits until it answers; nothing where it ended before.
    pub fn ready(&mut self) -> Option<Duration> {
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if begun.elapsed() > READY || self.ended().is_some() {
                return None;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Some(begun.elapsed())
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its exit code, where it ended by itself.
    pub fn ended(&mut self) -> Option<i32> {
        self.child.try_wait().ok().flatten().map(|status| status.code().unwrap_or(-1))
    }

    /// SIGKILL.
    pub fn kill(mut self) -> Result<(), String> {
        self.child.kill().map_err(told)?;
        self.child.wait().map(|_| ()).map_err(told)
    }

    /// SIGTERM, and its exit code.
    pub fn terminate(mut self) -> Result<i32, String> {
        send(self.id(), Signal::Terminate)?;
        Ok(self.child.wait().map_err(told)?.code().unwrap_or(-1))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The binary stands beside this one.
fn binary() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(told)?;
    // Tests stand in a folder of their own below it.
    let folder = own.ancestors().skip(1).find(|folder| !folder.ends_with("deps")).unwrap_or(&own);
    let binary = folder.join("weighbridge");
    let missing = || format!("{} is not there: build it with `cargo build -p weighbridge-cli`", binary.display());
    if binary.exists() { Ok(binary) } else { Err(missing()) }
}

fn free_port() -> Result<u16, String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(told)?;
    listener.local_addr().map(|address| address.port()).map_err(told)
}

/// Copies a folder; what is no file and no folder was a process's, and is left out.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::create_dir_all(to).map_err(told)?;
    for entry in fs::read_dir(from).map_err(told)? {
        let entry = entry.map_err(told)?;
        let (kind, place) = (entry.file_type().map_err(told)?, to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &place)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), place).map_err(told)?;
        }
    }
    Ok(())
}

/// An error in words.
pub fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}
