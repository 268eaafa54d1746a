//! The bill of materials and the Debian package, as those read them who have to.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::{Release, small};

/// The files of an archive, unpacked beside it.
fn unpacked(release: &Release) -> PathBuf {
    let archive = &release.made.packed[0].archive;
    let done = Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(release.folder.path()).status().unwrap();
    assert!(done.success());
    let name = archive.file_name().unwrap().to_str().unwrap().strip_suffix(".tar.gz").unwrap().to_owned();
    release.folder.path().join(name)
}

#[test]
fn the_bill_of_materials_names_what_is_linked_and_nothing_else() {
    let release = Release::of(small());
    let folder = unpacked(&release);
    let bill: Value = serde_json::from_slice(&fs::read(folder.join("sbom.cdx.json")).unwrap()).unwrap();
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&"CycloneDX".into(), &"1.5".into()));
    let components = bill["components"].as_array().unwrap();
    let named = |name: &str| components.iter().any(|one| one["name"] == name);
    for linked in
        ["wasmtime", "weighbridge-model", "weighbridge-sdk", "weighbridge.rest", "weighbridge.postbox", "ring"]
    {
        assert!(named(linked), "{linked} is linked");
    }
    // One runs in the compiler, one in builds, one in tests.
    for other in ["serde_derive", "cc", "fantoccini"] {
        assert!(!named(other), "{other} is not linked");
    }
    for one in components {
        assert!(one["licenses"][0]["expression"].is_string(), "{one} stands under no licence");
    }
    let own = &bill["metadata"]["component"]["bom-ref"];
    let known: BTreeSet<&str> =
        components.iter().chain([&bill["metadata"]["component"]]).map(|one| one["bom-ref"].as_str().unwrap()).collect();
    assert_eq!(known.len(), components.len() + 1, "every reference stands for one thing");
    for edge in bill["dependencies"].as_array().unwrap() {
        let ends = edge["dependsOn"].as_array().unwrap().iter().chain([&edge["ref"]]);
        ends.for_each(|end| assert!(known.contains(end.as_str().unwrap()), "{end}"));
    }
    assert!(bill["dependencies"].as_array().unwrap().iter().any(|edge| edge["ref"] == *own));
    let licences = fs::read_to_string(folder.join("LICENCES.txt")).unwrap();
    assert!(licences.contains("wasmtime ") && licences.contains("Permission is hereby granted"));
}

#[test]
fn the_debian_package_starts_nothing_and_keeps_the_configuration_and_the_data() {
    let release = Release::of(small());
    let package = release.made.packed[0].package.clone().expect("Debian has this target");
    let ask = |word: &str| {
        let said = Command::new("dpkg-deb").arg(word).arg(&package).output().expect("dpkg is there");
        assert!(said.status.success(), "{said:?}");
        String::from_utf8(said.stdout).unwrap()
    };
    let contents = ask("--contents");
    for path in [
        "./usr/bin/weighbridge",
        "./usr/lib/systemd/system/weighbridge.service",
        "./etc/weighbridge/weighbridge.toml",
        "./usr/share/doc/weighbridge/pages/install.md",
    ] {
        let line = contents.lines().find(|line| line.ends_with(path)).unwrap_or_else(|| panic!("{path}: {contents}"));
        assert!(line.contains("root/root"), "{line}");
    }
    assert!(contents.lines().any(|line| line.starts_with("-rwxr-xr-x") && line.ends_with("./usr/bin/weighbridge")));
    let unpacked = release.folder.path().join("control");
    Command::new("dpkg-deb").arg("--control").arg(&package).arg(&unpacked).status().unwrap();
    let read = |name: &str| fs::read_to_string(unpacked.join(name)).unwrap();
    assert_eq!(read("conffiles"), "/etc/weighbridge/weighbridge.toml\n");
    let after = read("postinst");
    assert!(!after.contains("systemctl start") && !after.contains("enable"), "{after}");
    assert!(!read("postrm").contains("rm "), "removing deletes no data");
    let unit = Command::new("dpkg-deb").arg("--fsys-tarfile").arg(&package).output().unwrap().stdout;
    let unit = String::from_utf8_lossy(&unit);
    assert!(
        unit.contains("\nUser=weighbridge\n")
            && unit.contains("\nConditionPathExists=/var/lib/weighbridge/store.redb\n")
    );
}
