//! The load: bounded connections, closed loop or open loop, every answer looked at.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::Failed;
use crate::http::{Client, Request};

/// Makes the request with a number; a number is never used twice in a run of the bench.
pub type Make = Arc<dyn Fn(u64) -> Request + Send + Sync>;

/// What is sent, and what must come back.
#[derive(Clone)]
pub struct Case {
    /// Its name in the report.
    pub name: &'static str,
    /// The requests.
    pub make: Make,
    /// The status that every answer must have.
    pub status: u16,
}

/// How requests follow each other.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// Each of some connections sends when it has its answer.
    Closed {
        /// How many.
        connections: u64,
    },
    /// So many a second, whatever the answers do; a late start counts as waiting.
    Open {
        /// How many a second.
        rate: u64,
    },
}

/// What a run measured, times in microseconds.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Answers.
    pub count: u64,
    /// Half were faster.
    pub p50_us: u64,
    /// One in a hundred was slower.
    pub p99_us: u64,
    /// Answers a second.
    pub rate: u64,
    /// The server's processor time for one request.
    pub cpu_us: u64,
    /// Percent of the machine's processor time that its host gave to others meanwhile.
    pub stolen: u64,
}

/// Connections that an open loop may use at once.
const OPEN_CONNECTIONS: u64 = 128;

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// Runs a load for a while.
pub async fn run(address: SocketAddr, case: &Case, pace: Pace, seconds: u64) -> Result<Run, Failed> {
    let (connections, most) = match pace {
        Pace::Closed { connections } => (connections, u64::MAX),
        Pace::Open { rate } => (OPEN_CONNECTIONS, rate * seconds),
    };
    let slot = Arc::new(AtomicU64::new(0));
    let mut clients = Vec::new();
    for _ in 0..connections {
        clients.push(Client::connect(address).await?);
    }
    let begin = Instant::now() + Duration::from_millis(20);
    let end = begin + Duration::from_secs(seconds);
    let mut tasks = Vec::new();
    for mut client in clients {
        let (case, slot) = (case.clone(), Arc::clone(&slot));
        tasks.push(tokio::spawn(async move {
            let mut times = Vec::new();
            loop {
                let mine = slot.fetch_add(1, Ordering::Relaxed);
                let due = match pace {
                    Pace::Closed { .. } => Instant::now().max(begin),
                    Pace::Open { rate } => begin + Duration::from_micros(mine * 1_000_000 / rate),
                };
                if mine >= most || due >= end {
                    return Ok::<_, Failed>(times);
                }
                // The timer has a step of a millisecond: what is due now does not wait for it.
                if due > Instant::now() {
                    tokio::time::sleep_until(due.into()).await;
                }
                let request = (case.make)(NUMBER.fetch_add(1, Ordering::Relaxed));
                let (status, body) = client.send(&request).await?;
                times.push(u64::try_from(due.elapsed().as_micros())?);
                if status != case.status {
                    return Err(format!("{}: {status}: {}", case.name, String::from_utf8_lossy(&body)).into());
                }
            }
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let took = u64::try_from(begin.elapsed().as_micros())?.max(1);
    Ok(figures(times, took))
}

/// The figures of some times, microseconds, that were measured in `took` microseconds.
pub fn figures(mut times: Vec<u64>, took: u64) -> Run {
    times.sort_unstable();
    let count = times.len() as u64;
    let at = |percent: usize| times.get(times.len() * percent / 100).or(times.last()).copied().unwrap_or(0);
    Run { count, p50_us: at(50), p99_us: at(99), rate: count * 1_000_000 / took.max(1), cpu_us: 0, stolen: 0 }
}
