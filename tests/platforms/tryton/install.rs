//! Installing Tryton once, into a folder that later runs find again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::platforms::python::{self, run};

/// What is installed. Another list is another folder.
const PACKAGES: [&str; 5] =
    ["trytond==8.2.1", "trytond_party==8.2.0", "trytond_country==8.2.0", "proteus==8.2.0", "pycountry==26.2.16"];

/// The database's name, and with it its file's.
pub(super) const DATABASE: &str = "tryton";
/// The name of the one user.
pub(super) const USER: &str = "admin";
/// Its password.
pub(super) const PASSWORD: &str = "not-a-secret";

/// An installed Tryton and a database with the countries and their subdivisions in it, which is copied for each test.
pub(super) struct Installed {
    folder: PathBuf,
}

/// Installs what is not there yet. Takes minutes the first time and nothing later.
pub(super) fn installed() -> &'static Installed {
    static INSTALLED: OnceLock<Installed> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let folder = python::shelf(&PACKAGES[0].replace("==", "-"));
        let installed = Installed { folder };
        // The name is there only when all that stands before it was done, so an interrupted run begins again.
        if !installed.database().exists() {
            installed.make_environment();
            installed.make_database();
        }
        installed
    })
}

impl Installed {
    /// A program of the virtual environment.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join("venv/bin").join(name)
    }

    /// The database that tests copy.
    pub(super) fn database(&self) -> PathBuf {
        self.folder.join("countries.sqlite")
    }

    fn make_environment(&self) {
        python::make_environment(&self.folder.join("venv"), &PACKAGES);
    }

    fn make_database(&self) {
        println!("initialising Tryton's database and importing the countries of the world");
        let folder = self.folder.join("being-made");
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&folder).unwrap();
        let configuration = configure(&folder, "127.0.0.1:0");
        // Tryton takes an existing file for a database, and an empty one for a new database.
        let database = folder.join(format!("{DATABASE}.sqlite"));
        fs::write(&database, "").unwrap();
        let password = folder.join("password");
        fs::write(&password, PASSWORD).unwrap();
        let admin = |arguments: &[&str]| {
            let mut command = Command::new(self.program("trytond-admin"));
            command.arg("-c").arg(&configuration).args(["-d", DATABASE]).args(arguments);
            run(command.env("TRYTONPASSFILE", &password));
        };
        admin(&["--all", "--email", "admin@example.com"]);
        admin(&["-u", "party", "country", "--activate-dependencies"]);
        let mut import = Command::new(self.program("trytond_import_countries"));
        run(import.arg("-c").arg(&configuration).args(["-d", DATABASE]));
        fs::rename(&database, self.database()).unwrap();
        fs::remove_dir_all(&folder).unwrap();
    }
}

/// Writes a configuration whose databases lie in this folder.
pub(super) fn configure(folder: &Path, listen: &str) -> PathBuf {
    let path = folder.join("trytond.conf");
    let text = format!("[database]\nuri = sqlite://\npath = {}\n\n[web]\nlisten = {listen}\n", folder.display());
    fs::write(&path, text).unwrap();
    path
}
