//! Files that people attach, on the disk under the digest of what they hold: the same bytes are kept once, and a file that
//! was changed is noticed. What a file is called, whose it is and where it belongs stands in the database.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::DatabaseUrl;

/// Where the data is if nothing says so.
const DATA: &str = "qiao-data";
/// The folder below the data folder.
const FOLDER: &str = "files";

/// The folder of the files; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    root: PathBuf,
}

impl Files {
    /// The files of a database: below the data folder where one is named, else beside the SQLite file, else below
    /// `qiao-data`.
    #[must_use]
    pub fn of(url: &DatabaseUrl, data: Option<&Path>) -> Self {
        let beside = match url {
            DatabaseUrl::Sqlite(path) => path.parent().filter(|folder| !folder.as_os_str().is_empty()),
            DatabaseUrl::Postgres(_) => Some(Path::new(DATA)),
        };
        let folder = data.or(beside).unwrap_or_else(|| Path::new("."));
        Self { root: folder.join(FOLDER) }
    }

    /// Where the files lie.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Two levels of folders, so that none grows too large. None for what is no digest of ours: a digest never leads
    /// out of the folder.
    fn path(&self, digest: &str) -> Option<PathBuf> {
        let is_digest = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        is_digest.then(|| self.root.join(digest.get(..2).unwrap_or_default()).join(digest))
    }

    /// Keeps some bytes, durably, and answers their digest.
    ///
    /// # Errors
    /// Those of the disk; nothing stands under the digest then.
    pub fn keep(&self, bytes: &[u8]) -> io::Result<String> {
        let digest = hex(&Sha256::digest(bytes));
        let path = self.path(&digest).ok_or(io::ErrorKind::InvalidInput)?;
        if self.verify(&digest).unwrap_or(false) {
            return Ok(digest);
        }
        let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        fs::create_dir_all(folder)?;
        // Under its name only when it is whole.
        let part = folder.join(format!("{}.part", Uuid::now_v7().simple()));
        let written = File::create(&part).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        let written = written.and_then(|()| fs::rename(&part, &path)).and_then(|()| File::open(folder)?.sync_all());
        if written.is_err() {
            let _ = fs::remove_file(&part);
        }
        written.map(|()| digest)
    }

    /// Opens the file of a digest.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn open(&self, digest: &str) -> io::Result<File> {
        File::open(self.path(digest).ok_or(io::ErrorKind::NotFound)?)
    }

    /// True where the file of a digest holds what it did.
    ///
    /// # Errors
    /// Those of the disk: it is missing or cannot be read.
    pub fn verify(&self, digest: &str) -> io::Result<bool> {
        let mut file = self.open(digest)?;
        let mut hasher = Sha256::new();
        let mut block = vec![0_u8; 64 * 1024];
        loop {
            let read = file.read(&mut block)?;
            if read == 0 {
                return Ok(hex(&hasher.finalize()) == digest);
            }
            hasher.update(block.get(..read).unwrap_or_default());
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_same_bytes_are_kept_once_and_a_change_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::of(&DatabaseUrl::Postgres(String::new()), Some(folder.path()));
        let digest = files.keep(b"photo").unwrap();
        assert_eq!(files.keep(b"photo").unwrap(), digest);
        assert!(files.verify(&digest).unwrap());
        let path = files.path(&digest).unwrap();
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        fs::write(&path, b"other").unwrap();
        assert!(!files.verify(&digest).unwrap());
        // What was changed is mended by the same file.
        assert_eq!(files.keep(b"photo").unwrap(), digest);
        assert!(files.verify(&digest).unwrap());
        for wrong in ["", "../../../etc/passwd", &"a".repeat(63), &"A".repeat(64), &format!("{}/", "a".repeat(63))] {
            assert!(files.open(wrong).is_err(), "{wrong}");
        }
    }
}
