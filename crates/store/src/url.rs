//! Database URLs: `sqlite:PATH` or `postgres://...`, and nothing that could mean two things.

use std::path::PathBuf;

use crate::StoreError;

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file of an embedded SQLite database.
    Sqlite(PathBuf),
    /// A PostgreSQL server, as the URL its clients use.
    Postgres(String),
}

impl DatabaseUrl {
    /// Reads a database URL.
    ///
    /// # Errors
    /// [`StoreError::Url`] with what would be right, for anything that is not plainly one of the two forms. A bare
    /// path, an in-memory database, and `sqlite://relative` (which other programs read as a host) are refused.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let trimmed = text.trim();
        let ambiguous = |hint: String| Err(StoreError::Url { url: redacted(trimmed), hint });
        if let Some(rest) = trimmed.strip_prefix("sqlite:") {
            return sqlite_path(trimmed, rest);
        }
        if trimmed.starts_with("postgres://") || trimmed.starts_with("postgresql://") {
            return postgres(trimmed);
        }
        if trimmed.is_empty() {
            return ambiguous("write sqlite:PATH or postgres://USER@HOST/DATABASE".to_owned());
        }
        match trimmed.split_once(':') {
            Some((scheme, _)) if scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '+') => {
                ambiguous(format!(
                    "'{scheme}' is not a database Qiao knows; write sqlite:PATH or postgres://USER@HOST/DATABASE"
                ))
            }
            _ => ambiguous(format!("a bare path could mean several things; for a file write sqlite:{trimmed}")),
        }
    }

    /// The URL without a password, for messages.
    #[must_use]
    pub fn redacted(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres(url) => redacted(url),
        }
    }
}

fn sqlite_path(whole: &str, rest: &str) -> Result<DatabaseUrl, StoreError> {
    let refuse = |hint: String| Err(StoreError::Url { url: whole.to_owned(), hint });
    if rest.contains('?') {
        return refuse("options in a SQLite URL are not supported; write sqlite:PATH".to_owned());
    }
    let path = match rest.strip_prefix("//") {
        // sqlite:///abs/path is the usual way to write an absolute path.
        Some(absolute) if absolute.starts_with('/') => absolute,
        Some(other) => {
            return refuse(format!(
                "'{other}' could be a host or a path; write sqlite:{other} or sqlite:///absolute/path"
            ));
        }
        None => rest,
    };
    if path.is_empty() || path == ":memory:" {
        return refuse("the data must be kept in a file; write sqlite:qiao-data/qiao.db".to_owned());
    }
    if path.ends_with('/') || std::path::Path::new(path).is_dir() {
        return refuse(format!(
            "'{path}' is a folder; name a file in it, for example sqlite:{}/qiao.db",
            path.trim_end_matches('/')
        ));
    }
    Ok(DatabaseUrl::Sqlite(PathBuf::from(path)))
}

fn postgres(whole: &str) -> Result<DatabaseUrl, StoreError> {
    let refuse = |hint: &str| Err(StoreError::Url { url: redacted(whole), hint: hint.to_owned() });
    let after = whole.split_once("://").map_or("", |(_, rest)| rest);
    let (authority, database) = after.split_once('/').unwrap_or((after, ""));
    let database = database.split('?').next().unwrap_or_default();
    if authority.rsplit('@').next().unwrap_or_default().is_empty() && !whole.contains("host=") {
        return refuse("it names no host; write postgres://USER@HOST/DATABASE");
    }
    if database.is_empty() {
        return refuse("it names no database; write postgres://USER@HOST/DATABASE");
    }
    Ok(DatabaseUrl::Postgres(whole.to_owned()))
}

/// Hides the password of `scheme://user:password@host/...`.
fn redacted(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let Some((user, host)) = rest.split_once('@') else {
        return url.to_owned();
    };
    let user = user.split(':').next().unwrap_or_default();
    format!("{scheme}://{user}:***@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_forms_are_read() {
        assert_eq!(DatabaseUrl::parse("sqlite:a/b.db").ok(), Some(DatabaseUrl::Sqlite("a/b.db".into())));
        assert_eq!(DatabaseUrl::parse("sqlite:/abs.db").ok(), Some(DatabaseUrl::Sqlite("/abs.db".into())));
        assert_eq!(DatabaseUrl::parse("sqlite:///abs.db").ok(), Some(DatabaseUrl::Sqlite("/abs.db".into())));
        let url = "postgres://me:secret@db:5432/qiao?sslmode=require";
        assert_eq!(DatabaseUrl::parse(url).ok(), Some(DatabaseUrl::Postgres(url.to_owned())));
    }

    #[test]
    fn ambiguous_forms_are_refused_with_the_right_one() {
        for (bad, hint) in [
            ("qiao.db", "sqlite:qiao.db"),
            ("./qiao.db", "sqlite:./qiao.db"),
            ("", "sqlite:PATH"),
            ("sqlite:", "in a file"),
            ("sqlite::memory:", "in a file"),
            ("sqlite://data/qiao.db", "host or a path"),
            ("sqlite:qiao.db?mode=ro", "options"),
            ("sqlite:/tmp/", "folder"),
            ("mysql://x/y", "mysql"),
            ("postgres://user@/db", "no host"),
            ("postgres://user@host", "no database"),
            ("C:\\data\\qiao.db", "sqlite:C:"),
        ] {
            let error = DatabaseUrl::parse(bad).err().map(|e| e.to_string()).unwrap_or_default();
            assert!(error.contains(hint), "{bad}: {error}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let url = DatabaseUrl::Postgres("postgres://me:secret@db/qiao".to_owned());
        assert_eq!(url.redacted(), "postgres://me:***@db/qiao");
        let error = DatabaseUrl::parse("postgres://me:secret@db").err().map(|e| e.to_string()).unwrap_or_default();
        assert!(!error.contains("secret"), "{error}");
    }
}
