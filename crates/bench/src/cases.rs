//! What is measured, on which database.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use uuid::Uuid;

use crate::data::{Base, qiao};
use crate::http::{Client, Request};
use crate::load::{Case, Pace, Run, run as load};
use crate::report::{HEAD, grouped, ms, row};
use crate::server::Server;
use crate::{Failed, Settings, floor, lists};

/// Connections of a closed loop.
const CONNECTIONS: u64 = 8;
/// Connections of the closed loop of creates: enough to fill the batches of the writer.
const WRITERS: u64 = 64;
/// Creates a second of the open loop.
const RATE: u64 = 500;
/// What the server says while it is measured.
const QUIET: &str = "warn";

/// Start and memory with the example company.
pub async fn example(settings: &Settings) -> Result<String, Failed> {
    let folder = settings.folder.join("example");
    let listen = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    if !folder.exists() {
        let mut made = Command::new(&settings.binary)
            .args(["demo", "--listen", &listen, "--data"])
            .arg(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let lines = made.stdout.take().ok_or("no output")?;
        let ready = std::io::BufRead::lines(std::io::BufReader::new(lines));
        let is_ready = ready.map_while(Result::ok).any(|line| line.starts_with("ready: "));
        Command::new("kill").arg(made.id().to_string()).status()?;
        made.wait()?;
        if !is_ready {
            return Err("the example company was not made".into());
        }
    }
    let database = format!("sqlite:{}", folder.join("qiao.db").display());
    let (start, (now, most)) = starts(settings, &database, settings.runs).await?;
    Ok(format!(
        "Example company: ready {start} ms after the start of the process, {} MB (most {} MB).\n",
        now / 1_000,
        most / 1_000
    ))
}

/// The shortest of some starts, ms, and the memory after it, kB.
async fn starts(settings: &Settings, database: &str, times: usize) -> Result<(u128, (u64, u64)), Failed> {
    let mut best = (u128::MAX, (0, 0));
    for _ in 0..times.max(1) {
        let server = Server::start(&settings.binary, database, Stdio::null(), QUIET).await?;
        let memory = server.memory_kb()?;
        if server.start_ms < best.0 {
            best = (server.start_ms, memory);
        }
        server.stop()?;
    }
    Ok(best)
}

/// A database that is prepared for the measurements, and its floors.
struct Place {
    url: String,
    record: Run,
    create: Run,
}

/// All cases on a database.
pub async fn run(settings: &Settings, base: &Base, database: &str) -> Result<String, Failed> {
    let mut out = String::new();
    let place = match database {
        "sqlite" => sqlite(settings, base)?,
        "postgres" => postgres(settings, base, &mut out)?,
        other => return Err(format!("BENCH_DATABASES: '{other}' is neither sqlite nor postgres").into()),
    };
    let name = if database == "sqlite" { "SQLite" } else { "PostgreSQL" };
    out.insert_str(0, &format!("## {name}\n\n"));
    let (start, (now, _)) = starts(settings, &place.url, settings.runs.min(2)).await?;
    let server = Server::start(&settings.binary, &place.url, Stdio::null(), QUIET).await?;
    out.push_str(&format!("{HEAD}\n"));
    let bare = format!("{} ms p99 (`/healthz` above)", "{healthz}");
    let health =
        measure(settings, &server, &get("/healthz", "/healthz".to_owned(), &base.rep), closed(CONNECTIONS)).await?;
    out.push_str(&format!("{}\n", row("`/healthz`: HTTP alone", "", &health, "")));
    let bare = bare.replace("{healthz}", &ms(health.p99_us));
    let record_floor = format!("the same SQL: p99 {} ms, {}/s", ms(place.record.p99_us), grouped(place.record.rate));
    let mut reads = vec![
        (record(base), "p99 10 ms", record_floor),
        (get("own estimate", "/api/v1/people/me/estimate".to_owned(), &base.rep), "p99 25 ms, CPU 2 ms", bare.clone()),
        (
            get("team month, 10 people with their estimates", attainment(base.team), &base.director),
            "p99 50 ms",
            bare.clone(),
        ),
        (
            get("region month, 100 people in 10 teams", attainment(base.region), &base.director),
            "p99 50 ms",
            bare.clone(),
        ),
    ];
    reads.extend(lists::cases(base).into_iter().map(|(case, bar)| (case, bar, bare.clone())));
    for (case, bar, floor) in reads.into_iter().filter(|(case, _, _)| case.name.contains(&settings.cases)) {
        let best = measure(settings, &server, &case, closed(CONNECTIONS)).await?;
        out.push_str(&format!("{}\n", row(case.name, bar, &best, &floor)));
    }
    if settings.reads_only {
        server.stop()?;
        return Ok(out);
    }
    let create = create(base);
    if can_create(&server, &create).await? {
        let floor =
            format!("the same rows, a sync each: p99 {} ms, {}/s", ms(place.create.p99_us), grouped(place.create.rate));
        let open = measure(settings, &server, &create, Pace::Open { rate: RATE }).await?;
        out.push_str(&format!("{}\n", row("durable create, open loop 500/s", "p99 40 ms", &open, &floor)));
        let most = measure(settings, &server, &create, closed(WRITERS)).await?;
        out.push_str(&format!("{}\n", row("durable create, closed loop of 64", "reported", &most, &floor)));
    } else {
        out.push_str("| durable create | p99 40 ms | refused, see standard error | | | | | |\n");
    }
    let (after, most) = server.memory_kb()?;
    server.stop()?;
    out.push_str(&format!(
        "\nReady {start} ms after the start of the process with {} facts; memory then {} MB, after the load {} MB (most {} MB).\n",
        grouped(settings.rows * 3),
        now / 1_000,
        after / 1_000,
        most / 1_000
    ));
    out.push_str(&statements(settings, &place.url, &create).await?);
    if database == "sqlite" {
        let said = qiao(&settings.binary, &place.url, &["check"])?;
        out.push_str(&format!("`qiao check` after the load: {said}.\n"));
    }
    drop_place(settings, database)?;
    Ok(out)
}

fn closed(connections: u64) -> Pace {
    Pace::Closed { connections }
}

/// The best of the runs: the one whose slowest hundredth was fastest, of the closed loop of creates the one with most.
async fn measure(settings: &Settings, server: &Server, case: &Case, pace: Pace) -> Result<Run, Failed> {
    let mut best: Option<Run> = None;
    // A short one first, so that caches are as in a server that is at work.
    load(server.address, case, closed(2), 1).await?;
    for _ in 0..settings.runs {
        let before = server.cpu_us()?;
        let ticks = crate::server::ticks()?;
        let mut run = load(server.address, case, pace, settings.seconds).await?;
        run.cpu_us = (server.cpu_us()? - before) / run.count.max(1);
        let (all, stolen) = crate::server::ticks()?;
        run.stolen = (stolen - ticks.1) * 100 / (all - ticks.0).max(1);
        eprintln!("{}: {run:?}", case.name);
        let better = |best: &Run| match pace {
            Pace::Closed { connections: WRITERS } => run.rate > best.rate,
            _ => run.p99_us < best.p99_us,
        };
        if best.as_ref().is_none_or(better) {
            best = Some(run);
        }
    }
    best.ok_or_else(|| "no run".into())
}

fn get(name: &'static str, path: String, token: &str) -> Case {
    let request = Request::get(&path, token);
    Case { name, make: Arc::new(move |_| request.clone()), status: 200 }
}

fn attainment(team: Uuid) -> String {
    format!("/api/v1/teams/{team}/attainment")
}

fn record(base: &Base) -> Case {
    let (deals, token) = (base.deals.clone(), base.rep.clone());
    let make = move |number: u64| {
        let deal = deals[usize::try_from(number).unwrap_or(0) * 7919 % deals.len()];
        Request::get(&format!("/api/v1/records/opportunity/{deal}"), &token)
    };
    Case { name: "a record with its facts", make: Arc::new(make), status: 200 }
}

fn create(base: &Base) -> Case {
    let (accounts, token) = (base.accounts.clone(), base.rep.clone());
    let run = Uuid::now_v7();
    let make = move |number: u64| {
        let account = accounts[usize::try_from(number).unwrap_or(0) % accounts.len()];
        let body = serde_json::json!({
            "name": format!("Deal {number}"),
            "account_id": account,
            "stage_id": "prospecting",
            "amount": {"amount": "1234.50", "currency": "CNY"},
        });
        Request::post("/api/v1/opportunities", &token, &format!("{run}-{number}"), &body.to_string())
    };
    Case { name: "durable create", make: Arc::new(make), status: 201 }
}

async fn can_create(server: &Server, create: &Case) -> Result<bool, Failed> {
    let mut client = Client::connect(server.address).await?;
    let (status, body) = client.send(&(create.make)(u64::MAX / 2)).await?;
    match status {
        201 => Ok(true),
        other => {
            eprintln!("create: {other}: {}", String::from_utf8_lossy(&body));
            Ok(false)
        }
    }
}

/// How many statements a create sends to the database, as the server itself counts them.
async fn statements(settings: &Settings, url: &str, create: &Case) -> Result<String, Failed> {
    let path = settings.folder.join("server.log");
    let level = "warn,qiao_store::writer=debug";
    let server = Server::start(&settings.binary, url, std::fs::File::create(&path)?.into(), level).await?;
    if !can_create(&server, create).await? {
        return Ok(String::new());
    }
    let mut client = Client::connect(server.address).await?;
    for number in 0..20 {
        client.send(&(create.make)(u64::MAX / 4 + number)).await?;
    }
    server.stop()?;
    let log = std::fs::read_to_string(&path)?;
    let of = |line: &str| -> Option<u64> {
        line.split_once("statements=")?.1.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
    };
    let counts: Vec<u64> = log.lines().filter(|line| line.contains("user")).filter_map(of).collect();
    let (least, most) = (counts.iter().min().copied().unwrap_or(0), counts.iter().max().copied().unwrap_or(0));
    Ok(format!("Statements of a create: {least} to {most} in {} creates (bar 6).\n", counts.len()))
}

fn sqlite(settings: &Settings, base: &Base) -> Result<Place, Failed> {
    let work = settings.folder.join("work.db");
    drop_place(settings, "sqlite")?;
    std::fs::copy(&base.file, &work)?;
    let deal = base.deals.first().copied().ok_or("the rep has no deals")?;
    let record = floor::sqlite_record(&work, &base.deals, settings.seconds)?;
    let create = floor::sqlite_create(&work, deal, settings.seconds)?;
    Ok(Place { url: format!("sqlite:{}", work.display()), record, create })
}

/// The database of the bench on the server.
const DATABASE: &str = "qiao_bench";

fn server_url() -> Result<String, Failed> {
    std::env::var("QIAO_TEST_POSTGRES").map_err(|_| "QIAO_TEST_POSTGRES is not set; run: make bench".into())
}

fn psql(sql: &str) -> Result<String, Failed> {
    let output =
        Command::new("psql").args(["-qAtX", "-v", "ON_ERROR_STOP=1", "-c", sql]).arg(server_url()?).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn postgres(settings: &Settings, base: &Base, out: &mut String) -> Result<Place, Failed> {
    let server = server_url()?;
    let (address, _) = server.rsplit_once('/').ok_or("QIAO_TEST_POSTGRES names no database")?;
    let url = format!("{address}/{DATABASE}");
    let is_there = psql(&format!("select count(*) from pg_database where datname = '{DATABASE}'"))? == "1";
    if settings.reads_only && is_there {
        let record = floor::postgres(&url, &settings.folder, false, settings.rows, CONNECTIONS, settings.seconds)?;
        return Ok(Place { url, record, create: Run::default() });
    }
    drop_place(settings, "postgres")?;
    psql(&format!("create database {DATABASE}"))?;
    let backup = settings.folder.join(format!("backup-{}", settings.rows));
    let path = backup.to_str().ok_or("a path that is not UTF-8")?;
    let mut took = Vec::new();
    if !backup.exists() {
        // The base is copied first: a backup is a line of the audit log of its database.
        let copy = settings.folder.join("copy.db");
        std::fs::copy(&base.file, &copy)?;
        let url = format!("sqlite:{}", copy.display());
        let began = std::time::Instant::now();
        qiao(&settings.binary, &url, &["backup", path])?;
        took.push(format!("`qiao backup` of the SQLite database took {} s", began.elapsed().as_secs()));
        remove_sqlite(&copy)?;
    }
    let began = std::time::Instant::now();
    qiao(&settings.binary, &url, &["restore", path])?;
    took.push(format!("`qiao restore` into PostgreSQL took {} s", began.elapsed().as_secs()));
    // What was restored is on disk before anything is measured.
    psql("checkpoint")?;
    let syncs = psql("show fsync")?;
    out.push_str(&format!("{}; PostgreSQL has fsync {syncs}, {}.\n\n", took.join(", "), psql("show shared_buffers")?));
    let record = floor::postgres(&url, &settings.folder, false, settings.rows, CONNECTIONS, settings.seconds)?;
    let create = floor::postgres(&url, &settings.folder, true, settings.rows, 16, settings.seconds)?;
    Ok(Place { url, record, create })
}

fn drop_place(settings: &Settings, database: &str) -> Result<(), Failed> {
    match database {
        "sqlite" => remove_sqlite(&settings.folder.join("work.db")),
        _ => psql(&format!("drop database if exists {DATABASE}")).map(drop),
    }
}

fn remove_sqlite(file: &Path) -> Result<(), Failed> {
    for suffix in ["", "-wal", "-shm"] {
        let path = format!("{}{suffix}", file.display());
        if Path::new(&path).exists() {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}
