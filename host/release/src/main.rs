//! `weighbridge-release`: makes a release, and verifies one.
//!
//! ```text
//! openssl genpkey -algorithm ed25519 -out release.pem; chmod 600 release.pem     (once; it stays with whoever makes releases)
//! weighbridge connector keygen publisher.key                                     (once; the same for connectors)
//! cargo release make --release-key release.pem --publisher-key publisher.key --maintainer 'Ada <ada@example.com>'
//! ```
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool of the command line says what it made")]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use weighbridge_release::{Made, ReleaseArgs, ReleaseError, make, verify};

/// Makes a release that is installed without a network.
#[derive(Debug, Parser)]
struct Words {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make an archive and a Debian package, with their digests and a signature.
    Make(MakeArgs),
    /// Look whether a folder of downloads, or an archive that was unpacked, is as it was signed.
    Verify {
        /// The folder.
        folder: PathBuf,
        /// The public half of the release key.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
}

#[derive(Debug, Args)]
struct MakeArgs {
    /// The key that the release is signed with: ed25519, as `openssl genpkey` writes it.
    #[arg(long, value_name = "FILE")]
    release_key: PathBuf,
    /// The key that connectors are signed with: `weighbridge connector keygen` makes one.
    #[arg(long, value_name = "FILE")]
    publisher_key: PathBuf,
    /// Who maintains the Debian package: `Name <address>`.
    #[arg(long, value_name = "WHO")]
    maintainer: String,
    /// The folder that it goes to.
    #[arg(long, value_name = "FOLDER", default_value = "target/releases")]
    out: PathBuf,
    /// A target; several where it is repeated, and this machine's own where it is left out.
    #[arg(long, value_name = "TRIPLE")]
    target: Vec<String>,
    /// A binary that was built for the only target already.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// The time of everything in it, in seconds; that of the last change where it is left out.
    #[arg(long, value_name = "SECONDS")]
    time: Option<u64>,
}

fn main() -> ExitCode {
    let done = match Words::parse().command {
        Command::Make(args) => made(args),
        Command::Verify { folder, key } => {
            verify(&folder, &key).map(|()| println!("{}: everything is as it was signed", folder.display()))
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn made(args: MakeArgs) -> Result<(), ReleaseError> {
    let args = ReleaseArgs {
        sources: sources(),
        out: args.out,
        targets: args.target,
        binary: args.binary,
        publisher_key: args.publisher_key,
        release_key: args.release_key,
        maintainer: args.maintainer,
        time: args.time,
    };
    let made = make(&args, &mut |step| eprintln!("{step}"))?;
    say(&made);
    Ok(())
}

/// The repository that `cargo release` is typed in.
fn sources() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| ".".into(), |own| PathBuf::from(own).join("../.."))
}

fn say(made: &Made) {
    let mib = |bytes: usize| format!("{}.{} MiB", bytes >> 20, ((bytes & 0xf_ffff) * 10) >> 20);
    for packed in &made.packed {
        let (archive, binary) = (mib(packed.archive_bytes), mib(packed.binary_bytes));
        println!("{}: {archive}, its binary {binary}, {} crates linked", packed.archive.display(), packed.crates);
        match &packed.package {
            Some(package) => println!("{}", package.display()),
            None => println!("no Debian package: Debian has no such target"),
        }
    }
    println!("signed for {}", made.public_key.display());
}
