//! Figures as Markdown, without floats: microseconds are written as milliseconds with two decimals.

use crate::load::Run;
use crate::{Failed, Settings};

/// Microseconds as milliseconds.
pub fn ms(us: u64) -> String {
    format!("{}.{:02}", us / 1_000, us % 1_000 / 10)
}

/// A number with its thousands apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A row of the table of a database.
pub fn row(name: &str, bar: &str, run: &Run, floor: &str) -> String {
    let Run { p50_us, p99_us, rate, cpu_us, stolen, .. } = run;
    let (p50, p99, cpu, rate) = (ms(*p50_us), ms(*p99_us), ms(*cpu_us), grouped(*rate));
    format!("| {name} | {bar} | {p50} | {p99} | {cpu} | {rate} | {stolen} | {floor} |")
}

/// The head of that table. What is stolen went to other guests of the machine's host.
pub const HEAD: &str =
    "| what | bar | p50 ms | p99 ms | CPU ms | a second | stolen % | floor |\n|---|---|---|---|---|---|---|---|";

/// The machine's shape: nothing that names it.
pub fn machine(settings: &Settings) -> Result<String, Failed> {
    let cores = std::thread::available_parallelism()?;
    let info = std::fs::read_to_string("/proc/meminfo")?;
    let total = info.lines().find_map(|line| line.strip_prefix("MemTotal:")).unwrap_or_default();
    let kb: u64 = total.split_whitespace().next().and_then(|text| text.parse().ok()).unwrap_or(0);
    let cpu = std::fs::read_to_string("/proc/cpuinfo")?;
    let model = cpu.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split(": ").nth(1));
    let syncs = crate::floor::syncs(&settings.folder)?;
    Ok(format!(
        "Machine: {cores} cores ({}), {} GB memory; the disk takes {} writes of 4 kB with fdatasync a second (p50 {} ms, \
         p99 {} ms). {} opportunities, {} facts; best of {} runs of {} s; load generator on the same cores.\n",
        model.unwrap_or("unknown"),
        kb / 1_000_000,
        grouped(syncs.rate),
        ms(syncs.p50_us),
        ms(syncs.p99_us),
        grouped(settings.rows),
        grouped(settings.rows * 3),
        settings.runs,
        settings.seconds
    ))
}
