//! `qiao serve`.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use qiao_app::state::{AppState, Config};
use tokio::net::TcpListener;

use super::finish;
use crate::cli::Database;
use crate::failure::Failure;
use crate::open;

/// How often audit rows are sealed.
const HOUSEKEEPING: Duration = Duration::from_secs(1);
/// How many of these turns pass before sessions, kept answers and quiet addresses are forgotten.
const SWEEP_TURNS: u64 = 300;

/// Serves until it is told to stop.
pub async fn run(
    database: &Database,
    listen: SocketAddr,
    metrics: Option<SocketAddr>,
    public_url: Option<String>,
) -> Result<ExitCode, Failure> {
    log();
    let listener = bind(listen).await?;
    let metrics = match metrics {
        None if open::configured("metrics_listen")?.is_some() => {
            Some(open::setting(None, "metrics_listen", open::LISTEN)?)
        }
        given => given,
    };
    let metrics = match metrics {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let store = open::created(database).await?;
    let public_url = match public_url {
        Some(url) => Some(url),
        None => open::configured("public_url")?,
    };
    let requests_per_second = open::setting(None, "requests_per_second", Config::default().requests_per_second)?;
    let data = open::data()?;
    let state = open::state(store, Config { public_url, requests_per_second, data }).await?;
    if let Some(metrics) = metrics {
        let app = qiao_app::http::meter::router(state.clone());
        tokio::spawn(async move { axum::serve(metrics, app).await });
    }
    serve(state, listener).await?;
    Ok(ExitCode::SUCCESS)
}

/// Says on standard error what happens; `RUST_LOG` chooses how much.
pub fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn,sea_orm=warn"));
    // A second subscriber would be refused; the first one stands.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Takes the address, or says that it is taken.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(listen)
        .await
        .map_err(|error| Failure::no(format!("{listen}: cannot listen: {error}; choose another address with --listen")))
}

/// Serves on a listener until SIGINT or SIGTERM, then lets the requests at hand end.
pub async fn serve(state: AppState, listener: TcpListener) -> Result<(), Failure> {
    serve_and(state, listener, async {}).await
}

/// Serves, and does something as soon as the server is ready.
pub async fn serve_and(
    state: AppState,
    listener: TcpListener,
    once_ready: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Failure> {
    let store = state.store().clone();
    let housekeeping = tokio::spawn(keep_house(state.clone()));
    tokio::spawn(index(state.clone()));
    let worker = tokio::spawn(qiao_app::jobs::work(state.clone()));
    let app = qiao_app::router::router(state, qiao_webui::router());
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, "listening");
    }
    tokio::spawn(once_ready);
    // Who asks is limited by address.
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app).with_graceful_shutdown(stop()).await?;
    housekeeping.abort();
    // A job that is cut off goes on where it was when there is a server again.
    worker.abort();
    finish(&store).await
}

/// Makes the index of names before somebody searches.
async fn index(state: AppState) {
    if let Err(error) = state.search().fresh(state.store()).await {
        tracing::warn!(%error, "the index of names is made by the first search");
    }
}

async fn keep_house(state: AppState) {
    let store = state.store();
    for turn in 0_u64.. {
        tokio::time::sleep(HOUSEKEEPING).await;
        if let Err(error) = qiao_store::audit::seal(store, open::now_ms()).await {
            tracing::warn!(%error, "audit rows wait for their seal");
        }
        if turn % SWEEP_TURNS == 0 {
            state.limits().sweep();
            if let Err(error) = qiao_app::access::rules::sweep(store, open::now_ms()).await {
                tracing::warn!(%error, "expired sessions wait for their end");
            }
            if let Err(error) = qiao_app::imports::sweep(&state).await {
                tracing::warn!(%error, "files that were never imported wait for their end");
            }
            if let Err(error) = qiao_app::inbox::sweep(store, open::now_ms()).await {
                tracing::warn!(%error, "old messages wait for their end");
            }
        }
    }
}

async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
