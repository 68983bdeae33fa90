//! The real server in a process of its own, and what the system says of it.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Failed;
use crate::http::{Client, Request};

/// One address sends everything here, faster than people behind one address would.
const LIMITS: &str = "requests_per_second = \"10000000\"\n";

/// A server; it ends with this value.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start of the process to its first good answer.
    pub start_ms: u128,
}

impl Server {
    /// Starts a server and waits until it is ready.
    pub async fn start(binary: &Path, database: &str, log: Stdio, level: &str) -> Result<Self, Failed> {
        // The system picks a free port; between closing and opening it nobody else takes it on a quiet machine.
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let folder = std::env::temp_dir().join(format!("qiao-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("qiao.toml"), LIMITS)?;
        let binary = binary.canonicalize()?;
        let began = Instant::now();
        let child = Command::new(binary)
            .current_dir(folder)
            .args(["serve", "--listen", &address.to_string(), "--database", database])
            .env("RUST_LOG", level)
            .env("NO_COLOR", "1")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        let mut server = Self { child, address, start_ms: 0 };
        while began.elapsed() < Duration::from_secs(600) {
            if ready(address).await {
                server.start_ms = began.elapsed().as_millis();
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                return Err(format!("the server ended: {status}").into());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Err("the server is not ready after ten minutes".into())
    }

    /// Processor time so far, microseconds.
    pub fn cpu_us(&self) -> Result<u64, Failed> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name may hold blanks; the fields begin behind it: state is the first, utime the twelfth.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
        // A tick is a hundredth of a second on Linux.
        Ok((ticks(11) + ticks(12)) * 10_000)
    }

    /// Memory in use and the most there was, kB.
    pub fn memory_kb(&self) -> Result<(u64, u64), Failed> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0)
        };
        Ok((field("VmRSS:"), field("VmHWM:")))
    }

    /// Tells the server to stop and waits for its end.
    pub fn stop(mut self) -> Result<(), Failed> {
        Command::new("kill").arg(self.child.id().to_string()).status()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn ready(address: SocketAddr) -> bool {
    match Client::connect(address).await {
        Ok(mut client) => client.send(&Request::get("/readyz", "-")).await.is_ok_and(|(status, _)| status == 200),
        Err(_) => false,
    }
}

/// Processor time of the machine since it started, in ticks: all of it, and what its host gave to others.
pub fn ticks() -> Result<(u64, u64), Failed> {
    let stat = std::fs::read_to_string("/proc/stat")?;
    let line = stat.lines().next().ok_or("/proc/stat is empty")?;
    let numbers: Vec<u64> = line.split_whitespace().skip(1).filter_map(|text| text.parse().ok()).collect();
    // user nice system idle iowait irq softirq steal; guest time is part of user time.
    Ok((numbers.iter().take(8).sum(), numbers.get(7).copied().unwrap_or(0)))
}
