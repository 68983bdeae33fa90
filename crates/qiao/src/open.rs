//! Opening the database for a command.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use qiao_app::company::{self, NewCompany};
use qiao_app::context::Context;
use qiao_app::locale::Locale;
use qiao_app::state::{AppState, Config};
use qiao_store::books::Follower;
use qiao_store::{DatabaseUrl, Options, Store};

use crate::cli::Database;
use crate::failure::Failure;

/// Where the data is if nothing says so.
const DEFAULT_URL: &str = "sqlite:qiao-data/qiao.db";

/// The present moment, ms since 1970 UTC.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The URL of a command: the flag or QIAO_DATABASE, else `database` in qiao.toml, else the default.
pub fn url(database: &Database) -> Result<DatabaseUrl, Failure> {
    let text = match &database.url {
        Some(text) => text.clone(),
        None => configured("database")?.unwrap_or_else(|| DEFAULT_URL.to_owned()),
    };
    Ok(DatabaseUrl::parse(&text)?)
}

/// A setting of qiao.toml (or the file that QIAO_CONFIG names); none where there is no file or no such setting.
pub fn configured(key: &str) -> Result<Option<String>, Failure> {
    let named = std::env::var_os("QIAO_CONFIG");
    let path = std::path::PathBuf::from(named.clone().unwrap_or_else(|| "qiao.toml".into()));
    if named.is_none() && !path.exists() {
        return Ok(None);
    }
    let bytes = crate::failure::read(&path)?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::call(format!("{}: not UTF-8", path.display())))?;
    let table: toml::Table = text.parse().map_err(|error| Failure::call(format!("{}: {error}", path.display())))?;
    match table.get(key) {
        None => Ok(None),
        Some(toml::Value::String(value)) => Ok(Some(value.clone())),
        Some(other) => Err(Failure::call(format!("{}: {key} must be text, not {other}", path.display()))),
    }
}

/// The data folder, where one is named: QIAO_DATA, else `data` in qiao.toml.
pub fn data() -> Result<Option<std::path::PathBuf>, Failure> {
    let named = std::env::var_os("QIAO_DATA").filter(|folder| !folder.is_empty());
    Ok(named.or(configured("data")?.map(Into::into)).map(Into::into))
}

/// A setting that is no text: the flag or environment, else qiao.toml, else the default.
pub fn setting<T>(given: Option<T>, key: &str, default: T) -> Result<T, Failure>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    match (given, configured(key)?) {
        (Some(value), _) => Ok(value),
        (None, Some(text)) => {
            text.parse().map_err(|error| Failure::call(format!("qiao.toml: {key} '{text}': {error}")))
        }
        (None, None) => Ok(default),
    }
}

/// Where a server listens if nothing says otherwise.
pub const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7300);

/// Opens a database that must be there.
pub async fn existing(database: &Database) -> Result<Store, Failure> {
    Ok(Store::open(&url(database)?, &Options::existing(now_ms())).await?)
}

/// Opens a database, making it, with a company of the defaults, if it is not there.
pub async fn created(database: &Database) -> Result<Store, Failure> {
    let store = Store::open(&url(database)?, &Options::create(now_ms())).await?;
    company::init(&store, NewCompany::default(), now_ms()).await?;
    Ok(store)
}

/// The state of a local command, and the operator's context.
pub async fn operator(store: Store) -> Result<(AppState, Context), Failure> {
    let state = state(store, Config { data: data()?, ..Config::default() }).await?;
    let definitions = state.books().definitions().await?;
    let company = company::facts(&definitions.company)?;
    let context = Context::operator(company, Locale::En, now_ms());
    Ok((state, context))
}

/// The state of a server or command.
pub async fn state(store: Store, config: Config) -> Result<AppState, Failure> {
    let books = Follower::start(store.clone()).await?;
    Ok(AppState::new(store, books, config, Arc::new(now_ms)))
}
