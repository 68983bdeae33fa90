//! A file that somebody sends, on the disk while it is read: however large it is, little of it is in memory.

use std::path::{Path, PathBuf};

use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::table::MOST_BYTES;
use crate::error::AppError;
use crate::state::AppState;

/// The folder below that of the files.
const FOLDER: &str = "incoming";

/// A file on the disk that goes away when nobody needs it any more.
#[derive(Debug)]
pub struct Held {
    path: PathBuf,
    file: Option<File>,
    /// How large it is, bytes.
    pub size: usize,
}

impl Held {
    /// An empty one.
    ///
    /// # Errors
    /// 503 where the disk refused.
    pub async fn new(state: &AppState) -> Result<Self, AppError> {
        let folder = state.files().root().join(FOLDER);
        fs::create_dir_all(&folder).await.map_err(|error| disk(&error))?;
        let path = folder.join(Uuid::now_v7().simple().to_string());
        let file = File::create_new(&path).await.map_err(|error| disk(&error))?;
        Ok(Self { path, file: Some(file), size: 0 })
    }

    /// Adds what came.
    ///
    /// # Errors
    /// 413 as soon as it is too much, 503 where the disk refused.
    pub async fn add(&mut self, part: &[u8]) -> Result<(), AppError> {
        self.size += part.len();
        if self.size > MOST_BYTES {
            return Err(AppError::TooLarge);
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(part).await.map_err(|error| disk(&error))
    }

    /// Ends it: from now on it is read.
    ///
    /// # Errors
    /// 503 where the disk refused.
    pub async fn end(&mut self) -> Result<(), AppError> {
        let Some(mut file) = self.file.take() else { return Ok(()) };
        file.flush().await.map_err(|error| disk(&error))
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // What a crash leaves behind is taken away with the runs that were never imported.
        let _ = std::fs::remove_file(&self.path);
    }
}

fn disk(error: &std::io::Error) -> AppError {
    AppError::Store(qiao_store::StoreError::Unavailable(format!("the file cannot be kept: {error}")))
}

/// Takes away what a crash left behind: files that are older than some hours.
pub async fn sweep(state: &AppState) {
    let Ok(mut folder) = fs::read_dir(state.files().root().join(FOLDER)).await else { return };
    while let Ok(Some(entry)) = folder.next_entry().await {
        let age = entry.metadata().await.ok().and_then(|about| about.modified().ok()?.elapsed().ok());
        if age.is_some_and(|age| age.as_secs() > 6 * 3_600) {
            let _ = fs::remove_file(entry.path()).await;
        }
    }
}
