//! One who trusts, installs and revokes: by the engine's own functions, or by typing commands.

use tempfile::TempDir;
use tokio::runtime::Runtime;
use weighbridge::model::package::{NamePattern, Revocable, signature};
use weighbridge::model::time::{Timestamp, Window};
use weighbridge::{Compile, Engine, Options, TrustChange};

use crate::town::Town;

/// What was done, or the code of why not.
pub type Done = Result<(), String>;

pub trait Operator {
    /// Trusts the key as one of `acme`, until an instant if there is one.
    fn trust(&self, key: &[u8; 32], until: Option<&str>);
    fn revoke(&self, what: &str);
    fn install(&self, package: &[u8]) -> Done;
    fn roll_back(&self, version: &str) -> Done;
    fn approve(&self, version: &str) -> Done;
}

/// By the engine's own functions.
pub struct Library {
    runtime: Runtime,
    folder: TempDir,
    pub engine: Engine,
}

impl Library {
    pub fn new() -> Self {
        Self::compiling(Compile::InProcess)
    }

    pub fn compiling(compile: Compile) -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        runtime.block_on(Engine::init(&Options::at(&data))).unwrap();
        let engine = runtime.block_on(Engine::open(Options { compile, ..Options::at(data) })).unwrap();
        Self { runtime, folder, engine }
    }

    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// How many installed packages are kept as files.
    pub fn files(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("data/packages")).map_or(0, Iterator::count)
    }
}

/// What stands before the first colon is the code.
fn done<T>(result: Result<T, impl std::fmt::Display>) -> Done {
    result.map(|_| ()).map_err(|error| error.to_string().split(':').next().unwrap_or_default().to_owned())
}

impl Operator for Library {
    fn trust(&self, key: &[u8; 32], until: Option<&str>) {
        let window = Window { start: None, end: until.and_then(Timestamp::parse) };
        let names = vec![NamePattern::parse("acme.*").unwrap()];
        let change = TrustChange { publisher: "acme".into(), names, key: signature::public_key(key), window };
        self.wait(self.engine.trust(change)).unwrap();
    }

    fn revoke(&self, what: &str) {
        self.wait(self.engine.revoke(Revocable::parse(what), "a test")).unwrap();
    }

    fn install(&self, package: &[u8]) -> Done {
        done(self.wait(self.engine.install(package.to_vec())))
    }

    fn roll_back(&self, version: &str) -> Done {
        done(self.wait(self.engine.roll_back("acme.shop", version)))
    }

    fn approve(&self, version: &str) -> Done {
        done(self.wait(self.engine.approve("acme.shop", version, None)))
    }
}

/// By typing commands.
pub struct Typist {
    pub town: Town,
}

impl Typist {
    pub fn new() -> Self {
        let town = Town::bare(0);
        town.works(&["init"]);
        Self { town }
    }

    pub fn file(&self, package: &[u8]) -> String {
        let file = self.town.path("package.wbc");
        std::fs::write(&file, package).unwrap();
        file.to_str().unwrap().to_owned()
    }

    fn types(&self, words: &[&str]) -> Done {
        let answer = self.town.run(words);
        if answer.code == 0 {
            return Ok(());
        }
        assert_eq!(answer.code, 2, "what is refused is invalid: {}", answer.errors);
        let error: serde_json::Value = serde_json::from_str(&answer.errors).unwrap();
        Err(error["code"].as_str().unwrap().to_owned())
    }
}

impl Operator for Typist {
    fn trust(&self, key: &[u8; 32], until: Option<&str>) {
        let key = super::sample::public_key(key);
        let until = until.map(|until| ["--until", until]);
        let words = ["trust", "add", "acme", &key];
        self.types(&[&words[..], until.as_ref().map(|words| &words[..]).unwrap_or_default()].concat()).unwrap();
    }

    fn revoke(&self, what: &str) {
        self.types(&["trust", "revoke", what, "--reason", "a test"]).unwrap();
    }

    fn install(&self, package: &[u8]) -> Done {
        self.types(&["connector", "install", &self.file(package)])
    }

    fn roll_back(&self, version: &str) -> Done {
        self.types(&["connector", "rollback", "acme.shop", version])
    }

    fn approve(&self, version: &str) -> Done {
        self.types(&["connector", "approve", "acme.shop", version, "--yes"])
    }
}
