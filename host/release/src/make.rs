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
    /// The target; this machine's own where it is left out.
    pub target: Option<String>,
    /// A binary that was built already for the target; one is built where it is left out.
    pub binary: Option<PathBuf>,
    /// The file of the key that connectors are signed with.
    pub publisher_key: PathBuf,
    /// The file of the key that the release is signed with, as PEM.
    pub release_key: PathBuf,
    /// Who is named as the maintainer of the Debian package: `Name <address>`.
    pub maintainer: String,
    /// The time of everything in it, in seconds; that of the last change where it is left out.
    pub time: Option<u64>,
    /// Where connectors are compiled; cargo's own target folder where it is left out.
    pub guests: Option<PathBuf>,
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Made {
    /// `weighbridge-VERSION-TARGET.tar.gz`.
    pub archive: PathBuf,
    /// The Debian package; none where Debian has no such target.
    pub package: Option<PathBuf>,
    /// The public half of the release key.
    pub public_key: PathBuf,
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
    let named = Named::of(args)?;
    std::fs::create_dir_all(&args.out).map_err(ReleaseError::at(&args.out))?;
    progress("building the binary");
    let binary = match &args.binary {
        Some(binary) => binary.clone(),
        None => binary::build(&args.sources, &named.target_directory, &named.target)?,
    };
    let contents = gather(args, &named, &binary, progress)?;
    let needed = elf::needed(&contents.binary).ok_or(ReleaseError::Binary(binary))?;
    progress("packing the archive");
    let mut made = Files::default();
    let archive = pack(args, &named, &contents, &key)?;
    let (archive_name, archive_bytes) = (format!("{}.tar.gz", named.folder()), archive.len());
    made.put(archive_name.as_str(), archive);
    progress("packing the Debian package");
    let package = debian::package(&args.sources, &args.maintainer, &named, &contents, &needed)?;
    let package_name = package.as_ref().map(|(name, _)| name.clone());
    if let Some((name, bytes)) = package {
        made.put(name, bytes);
    }
    let public_key = write(&args.out, made, &key)?;
    verify(&args.out, &public_key)?;
    Ok(Made {
        archive: args.out.join(archive_name),
        package: package_name.map(|name| args.out.join(name)),
        public_key,
        archive_bytes,
        binary_bytes: contents.binary.len(),
        crates: contents.crates,
    })
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
    fn of(args: &ReleaseArgs) -> Result<Self, ReleaseError> {
        let (compiler, own) = cargo::compiler(&args.sources)?;
        let target = args.target.clone().unwrap_or_else(|| own.clone());
        let metadata = cargo::metadata(&args.sources, &target)?;
        let version = metadata.version_of(binary::CRATE).unwrap_or_default().to_owned();
        let seconds = args.time.map_or_else(|| cargo::last_change(&args.sources), Ok)?;
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
    progress("building and signing the connectors");
    let made = args.out.join("connectors.made");
    let workshop = Workshop { key: &args.publisher_key, out: &made, guests: args.guests.clone() };
    let (connectors, publisher) = (workshop.build_all(&args.sources)?, workshop.public_key()?);
    std::fs::remove_dir_all(&made).map_err(ReleaseError::at(&made))?;
    progress("writing down what is linked");
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

fn pack(args: &ReleaseArgs, named: &Named, contents: &Contents, key: &SigningKey) -> Result<Vec<u8>, ReleaseError> {
    let mut files = layout::archive(&args.sources, contents)?;
    seal(&mut files, key);
    archive::tar_gz(&named.folder(), &files, named.seconds).map_err(ReleaseError::at(&args.out))
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
