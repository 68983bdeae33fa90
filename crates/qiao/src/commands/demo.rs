//! `qiao demo`: the example company, made once, served from then on.

use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use qiao_app::example::{self, SignIn};
use qiao_app::state::Config;
use qiao_store::{DatabaseUrl, Options, Store};

use super::serve;
use crate::failure::Failure;
use crate::open;

const DATABASE: &str = "qiao.db";
const SIGN_INS: &str = "sign-ins.txt";
/// Stands in the folder while the company is being made: one that was interrupted is made anew.
const MAKING: &str = ".making";

/// What stands in the folder.
enum Found {
    Nothing,
    Example,
    SomethingElse,
}

/// Makes or opens the example company and serves it.
pub async fn run(folder: PathBuf, listen: SocketAddr, reset: bool) -> Result<ExitCode, Failure> {
    let found = look(&folder)?;
    if matches!(found, Found::SomethingElse) {
        let message = format!(
            "{}: holds something else than an example company; name another folder with --data",
            folder.display()
        );
        return Err(Failure::call(message));
    }
    let listener = serve::bind(listen).await?;
    let url = DatabaseUrl::Sqlite(folder.join(DATABASE));
    let sign_ins = if reset || matches!(found, Found::Nothing) {
        make(&folder, &url).await?
    } else {
        fs::read_to_string(folder.join(SIGN_INS))?
    };
    let store = Store::open(&url, &Options::serve(open::now_ms())).await?;
    let state = open::state(store, Config::default()).await?;
    let address = listener.local_addr()?;
    let loopback = address.ip().is_loopback();
    let announce = async move {
        // The listener is bound and the books are read: the first request will be answered.
        let mut out = std::io::stdout();
        let _ = out.write_all(sign_ins.as_bytes());
        if !loopback {
            let _ =
                writeln!(out, "warning: {address} can be reached from other machines; these accounts are for trying");
        }
        let _ = writeln!(out, "ready: http://{address}");
        let _ = out.flush();
    };
    serve::serve_and(state, listener, announce).await?;
    Ok(ExitCode::SUCCESS)
}

fn look(folder: &Path) -> Result<Found, Failure> {
    if !folder.exists() {
        return Ok(Found::Nothing);
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| Failure::call(format!("{}: {error}", folder.display())))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    let ours = |name: &String| {
        name == SIGN_INS
            || name == MAKING
            || name.strip_prefix(DATABASE).is_some_and(|rest| matches!(rest, "" | "-wal" | "-shm"))
    };
    if names.is_empty() || (names.iter().all(ours) && names.iter().any(|name| name == MAKING)) {
        return Ok(Found::Nothing);
    }
    let complete = names.iter().any(|name| name == DATABASE) && names.iter().any(|name| name == SIGN_INS);
    Ok(if complete && names.iter().all(ours) { Found::Example } else { Found::SomethingElse })
}

async fn make(folder: &Path, url: &DatabaseUrl) -> Result<String, Failure> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(MAKING), "")?;
    for name in [DATABASE, "qiao.db-wal", "qiao.db-shm", SIGN_INS] {
        let path = folder.join(name);
        if path.exists() {
            fs::remove_file(path)?;
        }
    }
    eprintln!("making the example company in {} ...", folder.display());
    let store = Store::open(url, &Options::create(open::now_ms())).await?;
    example::init(&store, open::now_ms()).await?;
    let (state, context) = open::operator(store).await?;
    let made = example::make(&state, &context).await?;
    super::finish(state.store()).await?;
    let text: String = made.iter().map(line).collect();
    write_private(&folder.join(SIGN_INS), &text)?;
    fs::remove_file(folder.join(MAKING))?;
    Ok(text)
}

fn line(sign_in: &SignIn) -> String {
    format!("sign-in: {} {} {}\n", sign_in.role.as_str(), sign_in.email, sign_in.password)
}

/// Writes a file that only its owner may read.
fn write_private(path: &Path, text: &str) -> Result<(), Failure> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)?.write_all(text.as_bytes())?;
    Ok(())
}
