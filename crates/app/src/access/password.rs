//! Passwords and tokens.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use rand::RngExt;
use rand::distr::Alphanumeric;

use crate::error::AppError;

/// The shortest password that is taken.
const SHORTEST: usize = 10;
/// The longest: argon2 takes any length, a request should not.
const LONGEST: usize = 200;

/// Passwords that everybody tries first; compared in lower case, as a whole or repeated.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "123456789a",
    "password123",
    "password1234",
    "qwertyuiop",
    "1q2w3e4r5t",
    "administrator",
    "iloveyou123",
    "letmein1234",
    "welcome1234",
    "aa12345678",
    "a123456789",
    "woaini1314",
    "1111111111",
    "0000000000",
];

/// Checks a new password.
///
/// # Errors
/// 422 `password_weak` where it is too short, too long, one character repeated, or one that everybody tries first.
pub fn check_strength(pointer: &str, password: &str) -> Result<(), AppError> {
    let count = password.chars().count();
    let lower = password.to_lowercase();
    let same = lower.chars().all(|c| lower.starts_with(c));
    if !(SHORTEST..=LONGEST).contains(&count) || same || COMMON.contains(&lower.as_str()) {
        return Err(AppError::field(pointer, "password_weak", &[]));
    }
    Ok(())
}

/// Hashes a password with argon2id. It takes tens of milliseconds of CPU: never inside a transaction.
///
/// # Errors
/// [`AppError::Unreadable`] where the password cannot be hashed.
pub async fn hash_password(password: String) -> Result<String, AppError> {
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    });
    let broken = |detail: String| AppError::Unreadable { code: "internal", detail };
    hashed.await.map_err(|e| broken(e.to_string()))?.map_err(|e| broken(e.to_string()))
}

/// True where the password is the one of the hash. Without a hash (unknown user) the same work is done in vain, so that
/// the time does not tell whether a user exists.
pub async fn verify(password: String, hash: Option<String>) -> bool {
    /// A hash of a random text with the default parameters.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$3v4nR1nJ0mY7yq0m0m3m5y3g9Jqk1rV1m3m9b2Jc0sE";
    let known = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
    let verified = tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    });
    verified.await.unwrap_or(false) && known
}

/// A password that somebody reads once and types: three groups of four, without letters and digits that look alike. 59
/// bits of the system's generator, and it holds until the first sign-in only.
#[must_use]
pub fn random_password() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut generator = rand::rng();
    let mut password = String::with_capacity(14);
    for at in 0..12 {
        if at % 4 == 0 && at > 0 {
            password.push('-');
        }
        let index = generator.random_range(0..LETTERS.len());
        password.push(char::from(LETTERS.get(index).copied().unwrap_or(b'a')));
    }
    password
}

/// A random token of 43 letters and digits: 256 bits of the system's generator.
#[must_use]
pub fn random_token() -> String {
    rand::rng().sample_iter(Alphanumeric).take(43).map(char::from).collect()
}
