//! Output appears whole or not at all.

use std::fs;
use std::path::Path;

use cutpoint_files::{Error, Output, commit_all};

use crate::Sandbox;

#[track_caller]
fn write(path: &Path, content: &str) {
    let mut output = Output::create(path).unwrap();
    output.put(content.as_bytes()).unwrap();
    output.commit().unwrap();
}

#[test]
fn nothing_shows_before_the_commit() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("out.csv");
    let mut output = Output::create(&path).unwrap();
    // More than is buffered.
    output.put(&vec![b'x'; 1 << 20]).unwrap();
    assert!(!path.exists());
    drop(output);
    assert!(sandbox.listing().is_empty());
}

#[test]
fn a_failed_run_leaves_the_old_file() {
    let sandbox = Sandbox::new();
    let path = sandbox.file("out.csv", "old");
    let mut output = Output::create(&path).unwrap();
    output.put(b"new").unwrap();
    drop(output);
    assert_eq!(fs::read(&path).unwrap(), b"old");
    write(&path, "new");
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(sandbox.listing(), ["out.csv"]);
}

#[test]
fn places_that_cannot_be_written() {
    let sandbox = Sandbox::new();
    let error = Output::create(&sandbox.path("missing/out.csv")).unwrap_err();
    assert!(matches!(error, Error::Write { .. }), "{error}");
    let file = sandbox.file("file", "");
    let error = Output::create(&file.join("out.csv")).unwrap_err();
    assert!(matches!(error, Error::Write { .. }), "{error}");
    let error = Output::create(sandbox.0.path()).unwrap_err();
    assert!(matches!(error, Error::Directory { .. }), "{error}");
    assert_eq!(sandbox.listing(), ["file"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_file_has_the_permissions_of_any_new_file() {
        let sandbox = Sandbox::new();
        let any = sandbox.file("any.csv", "");
        let path = sandbox.path("out.csv");
        write(&path, "new");
        assert_eq!(mode(&path), mode(&any));
    }

    #[test]
    fn a_file_that_replaces_another_keeps_its_permissions() {
        let sandbox = Sandbox::new();
        let path = sandbox.file("out.csv", "old");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        write(&path, "new");
        assert_eq!(
            (mode(&path), fs::read(&path).unwrap()),
            (0o640, b"new".to_vec())
        );
    }

    #[test]
    fn a_symbolic_link_stays_and_its_file_is_replaced() {
        let sandbox = Sandbox::new();
        fs::create_dir(sandbox.path("data")).unwrap();
        let file = sandbox.file("data/out.csv", "old");
        let link = sandbox.path("link.csv");
        symlink("data/out.csv", &link).unwrap();
        write(&link, "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");
        // One that leads nowhere yet.
        let dangling = sandbox.path("dangling.csv");
        symlink("data/later.csv", &dangling).unwrap();
        write(&dangling, "new");
        assert_eq!(fs::read(sandbox.path("data/later.csv")).unwrap(), b"new");
        assert!(fs::symlink_metadata(&dangling).unwrap().is_symlink());
        let loops = sandbox.path("loop.csv");
        symlink("loop.csv", &loops).unwrap();
        assert!(matches!(Output::create(&loops), Err(Error::Write { .. })));
    }

    #[test]
    fn devices_are_written_directly() {
        write(Path::new("/dev/null"), "new");
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error() {
        let mut output = Output::create(Path::new("/dev/full")).unwrap();
        output.put(b"new").unwrap();
        let error = output.commit().unwrap_err();
        assert_eq!(error.to_string(), "failed to write /dev/full");
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(source, "No space left on device (os error 28)");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn one_full_disk_of_two_leaves_neither() {
        let sandbox = Sandbox::new();
        let path = sandbox.path("train.csv");
        let mut train = Output::create(&path).unwrap();
        let mut test = Output::create(Path::new("/dev/full")).unwrap();
        train.put(b"new").unwrap();
        test.put(b"new").unwrap();
        commit_all([train, test]).unwrap_err();
        assert!(sandbox.listing().is_empty());
    }

    #[test]
    fn a_name_that_cannot_be_taken_takes_back_the_others() {
        let sandbox = Sandbox::new();
        let mut outputs = ["train.csv", "test.csv"].map(|name| {
            let mut output = Output::create(&sandbox.path(name)).unwrap();
            output.put(b"new").unwrap();
            output
        });
        // Somebody makes a directory of that name in between.
        fs::create_dir(sandbox.path("test.csv")).unwrap();
        outputs[1].put(b"more").unwrap();
        commit_all(outputs).unwrap_err();
        assert_eq!(sandbox.listing(), ["test.csv"]);
    }
}
