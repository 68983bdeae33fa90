//! A process that writes until it is killed: `write-load URL SCHEMA ROUND TASKS [WRITES]`, `-` for no schema. It says
//! `ack KEY` on standard output after each answer, one line with one system call, and seals the audit chain meanwhile,
//! as a server does.
#![allow(clippy::expect_used, clippy::print_stdout)]

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use qiao_store::{DatabaseUrl, audit};
use qiao_testkit::load::{Write, send};
use qiao_testkit::{NOW_MS, open};

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, schema, round, tasks, rest @ ..] = arguments.as_slice() else {
        eprintln!("write-load URL SCHEMA ROUND TASKS [WRITES]");
        std::process::exit(2);
    };
    let url = DatabaseUrl::parse(url).expect("a database URL");
    let most: u64 = rest.first().map_or(u64::MAX, |text| text.parse().expect("a number of writes"));
    let store = open(&url, Some(schema.as_str()).filter(|schema| *schema != "-")).await;
    let next = Arc::new(AtomicU64::new(0));
    let mut running = Vec::new();
    for _ in 0..tasks.parse::<u64>().expect("a number of tasks") {
        let (store, next, round) = (store.clone(), Arc::clone(&next), round.clone());
        running.push(tokio::spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= most {
                    return;
                }
                let write = Write { key: format!("r{round}-{number:07}") };
                send(&store, &write).await.expect("the write is done");
                let line = format!("ack {}\n", write.key);
                std::io::stdout().lock().write_all(line.as_bytes()).expect("somebody listens");
            }
        }));
    }
    let sealing = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            // A lost race against the load is tried again; the chain is checked after the crash.
            let _ = audit::seal(&store, NOW_MS).await;
        }
    });
    for task in running {
        task.await.expect("the task ends");
    }
    sealing.abort();
}
