//! How a server that runs for months treats memory: what is free goes back to the system within moments.
//!
//! mimalloc keeps freed pages for a second and takes its arenas as large pages, which is right for a batch that ends: reading
//! the books leaves twice of what is needed afterwards. It reads its settings before `main`, from the environment only, so a
//! server puts them there and begins anew, as the same process.

/// The settings and their values: after how many milliseconds freed pages go back, and that arenas are not taken at once.
const SETTINGS: [(&str, &str); 2] = [("MIMALLOC_PURGE_DELAY", "50"), ("MIMALLOC_ARENA_EAGER_COMMIT", "0")];

/// Begins the program anew with the settings of a server, where it is one and they were not set: what somebody set stays. Where
/// the system refuses, the server runs as it is.
pub fn of_a_server(is_server: bool) {
    #[cfg(unix)]
    if is_server && SETTINGS.iter().all(|(name, _)| std::env::var_os(name).is_none()) {
        use std::os::unix::process::CommandExt;
        if let Ok(program) = std::env::current_exe() {
            let mut arguments = std::env::args_os();
            let mut command = std::process::Command::new(program);
            if let Some(name) = arguments.next() {
                command.arg0(name);
            }
            // It only comes back where it failed.
            let _refused = command.args(arguments).envs(SETTINGS).exec();
        }
    }
    #[cfg(not(unix))]
    let _ = is_server;
}
