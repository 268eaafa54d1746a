//! Making a release.

use std::path::{Path, PathBuf};

use weighbridge_model::package::Digest;

use crate::archive;
use crate::binary;
use crate::cargo;
use crate::connectors::{Connector, Workshop};
use crate::debian;
use crate::elf;
use crate::error::ReleaseError;
use crate::files::{self, Files};
use crate::key::SigningKey;
use crate::layout::{self, Contents};
use crate::licences;
use crate::linked::{CrateId, Linked};
use crate::materials;
use crate::sums::{self, SIGNATURE, SUMS};
use crate::verify::verify;

/// What the public half of the release key is called, beside what it verifies.
const PUBLIC_KEY: &str = "release.pub.pem";

/// What to make.
#[derive(Clone, Debug)]
pub struct ReleaseArgs {
    /// The repository.
    pub sources: PathBuf,
    /// The folder that the release goes to; it must be new or empty.
    pub out: PathBuf,
    /// The targets; this machine's own where none is named.
    pub targets: Vec<String>,
    /// A binary that was built already for the only target; one is built where it is left out.
    pub binary: Option<PathBuf>,
    /// The file of the key that connectors are signed with.
    pub publisher_key: PathBuf,
    /// The file of the key that the release is signed with, as PEM.
    pub release_key: PathBuf,
    /// Who is named as the maintainer of the Debian packages: `Name <address>`.
    pub maintainer: String,
    /// The time of everything in it, in seconds; that of the last change where it is left out.
    pub time: Option<u64>,
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Made {
    /// For each target what is for it.
    pub packed: Vec<Packed>,
    /// The public half of the release key.
    pub public_key: PathBuf,
}

/// What came out for a target.
#[derive(Clone, Debug)]
pub struct Packed {
    /// `weighbridge-VERSION-TARGET.tar.gz`.
    pub archive: PathBuf,
    /// The Debian package; none where Debian has no such target.
    pub package: Option<PathBuf>,
    /// How many bytes the archive has.
    pub archive_bytes: usize,
    /// How many bytes its binary has.
    pub binary_bytes: usize,
    /// How many crates are linked.
    pub crates: usize,
}

/// Makes a release, and verifies it as a stranger would.
pub fn make(args: &ReleaseArgs, progress: &mut dyn FnMut(&str)) -> Result<Made, ReleaseError> {
    // First, since all else takes long.
    let key = SigningKey::read(&args.release_key)?;
    let (compiler, own) = cargo::compiler(&args.sources)?;
    let targets = if args.targets.is_empty() { vec![own.clone()] } else { args.targets.clone() };
    if args.binary.is_some() && targets.len() > 1 {
        return Err(ReleaseError::OneBinary);
    }
    std::fs::create_dir_all(&args.out).map_err(ReleaseError::at(&args.out))?;
    if std::fs::read_dir(&args.out).map_err(ReleaseError::at(&args.out))?.next().is_some() {
        return Err(ReleaseError::Taken(args.out.clone()));
    }
    let (mut made, mut packed) = (Files::default(), Vec::new());
    for target in targets {
        let named = Named::of(args, target, (&own, &compiler))?;
        packed.push(pack(args, &named, &key, &mut made, progress)?);
    }
    let public_key = write(&args.out, made, &key)?;
    verify(&args.out, &public_key)?;
    Ok(Made { packed, public_key })
}

/// The archive and the package of a target.
fn pack(
    args: &ReleaseArgs,
    named: &Named,
    key: &SigningKey,
    made: &mut Files,
    progress: &mut dyn FnMut(&str),
) -> Result<Packed, ReleaseError> {
    progress(&format!("{}: the binary", named.target));
    let binary = match &args.binary {
        Some(binary) => binary.clone(),
        None => binary::build(&args.sources, &named.target_directory, &named.target)?,
    };
    let contents = gather(args, named, &binary, progress)?;
    let needed = elf::needed(&contents.binary).ok_or(ReleaseError::Binary(binary))?;
    progress("the archive and the Debian package");
    let mut files = layout::archive(&args.sources, &contents)?;
    seal(&mut files, key);
    let archive = archive::tar_gz(&named.folder(), &files, named.seconds).map_err(ReleaseError::at(&args.out))?;
    let (name, archive_bytes) = (format!("{}.tar.gz", named.folder()), archive.len());
    made.put(name.as_str(), archive);
    let package = debian::package(&args.sources, &args.maintainer, named, &contents, &needed)?;
    let package = package.map(|(name, bytes)| {
        made.put(name.as_str(), bytes);
        args.out.join(name)
    });
    let (binary_bytes, crates) = (contents.binary.len(), contents.crates);
    Ok(Packed { archive: args.out.join(name), package, archive_bytes, binary_bytes, crates })
}

/// What a release is called, and what it is made by.
pub(crate) struct Named {
    pub(crate) version: String,
    pub(crate) target: String,
    /// This machine's own target.
    own: String,
    compiler: String,
    /// The time of everything in it.
    pub(crate) seconds: u64,
    target_directory: PathBuf,
}

impl Named {
    fn of(args: &ReleaseArgs, target: String, (own, compiler): (&str, &str)) -> Result<Self, ReleaseError> {
        let metadata = cargo::metadata(&args.sources, &target)?;
        let version = metadata.version_of(binary::CRATE).unwrap_or_default().to_owned();
        let seconds = args.time.map_or_else(|| cargo::last_change(&args.sources), Ok)?;
        let (own, compiler) = (own.to_owned(), compiler.to_owned());
        Ok(Self { version, target, own, compiler, seconds, target_directory: metadata.target_directory })
    }

    /// `weighbridge-0.1.0-x86_64-unknown-linux-gnu`: the archive, and the folder in it.
    fn folder(&self) -> String {
        format!("weighbridge-{}-{}", self.version, self.target)
    }

    /// The time in a form that people and machines read.
    pub(crate) fn instant(&self) -> jiff::Timestamp {
        i64::try_from(self.seconds)
            .ok()
            .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
            .unwrap_or_default()
    }
}

/// All that is packed, in memory.
fn gather(
    args: &ReleaseArgs,
    named: &Named,
    binary: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<Contents, ReleaseError> {
    progress("the connectors");
    let made = args.out.join("connectors.made");
    let workshop = Workshop { key: &args.publisher_key, out: &made };
    let (connectors, publisher) = (workshop.build_all(&args.sources)?, workshop.public_key()?);
    std::fs::remove_dir_all(&made).map_err(ReleaseError::at(&made))?;
    progress("what is linked");
    let mut linked = Linked::default();
    let root = linked.add(&args.sources, binary::CRATE, &named.target)?;
    let compile = |connector: &Connector| {
        let name = connector.crate_name.as_ref();
        name.map(|name| linked.add(&args.sources, name, weighbridge_forge::TARGET)).transpose()
    };
    let compiled = connectors.iter().map(compile).collect::<Result<Vec<Option<CrateId>>, _>>()?;
    let program = files::read(binary)?;
    let release = materials::Release {
        version: &named.version,
        target: &named.target,
        binary: Digest::of(&program),
        root,
        connectors: &connectors,
        compiled,
        compiler: &named.compiler,
        at: &named.instant().to_string(),
    };
    let bill = format!("{:#}\n", materials::bill(&release, &linked));
    // Another machine's binary cannot be asked.
    let completions = if named.target == named.own { layout::ask_completions(binary)? } else { Vec::new() };
    let (licences, crates) = (licences::page(&linked)?, linked.needs.len());
    Ok(Contents { binary: program, connectors, publisher, bill, licences, completions, crates })
}

/// Adds the list of digests, and its signature.
fn seal(files: &mut Files, key: &SigningKey) {
    let list = sums::of(files);
    files.put(SIGNATURE, key.sign(list.as_bytes()));
    files.put(SUMS, list);
}

/// Writes what is downloaded, and says where the public half of the key is.
fn write(out: &Path, mut made: Files, key: &SigningKey) -> Result<PathBuf, ReleaseError> {
    seal(&mut made, key);
    made.put(PUBLIC_KEY, key.public_pem());
    made.iter().try_for_each(|(path, file)| files::write(&out.join(path), &file.bytes))?;
    Ok(out.join(PUBLIC_KEY))
}
