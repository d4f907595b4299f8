//! Passwords: argon2id, off the runtime's threads, few at a time.

use std::sync::{Arc, LazyLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use jinmen_core::{Error, Fault, Result};
use tokio::sync::Semaphore;

/// The fewest characters of a password.
pub const MIN_PASSWORD: usize = 10;
/// The most characters of a password.
pub const MAX_PASSWORD: usize = 128;

/// Hashes side by side: each takes 19 MiB and a core for some 40 ms.
const AT_ONCE: usize = 2;

/// Verified when there is no such account, so that the answer takes as long as for one that exists.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody's password").ok());

/// The password hasher; clones share one bound on concurrency.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Passwords {
    /// Hashes a password that was checked with [`check`].
    pub(crate) async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.off_thread(move || hash_now(&password)).await?
    }

    /// Whether a password fits a hash; without a hash it takes as long and answers no.
    pub(crate) async fn verify(&self, hash: Option<String>, password: &str) -> Result<bool> {
        let password = password.to_owned();
        self.off_thread(move || {
            let known = hash.is_some();
            let Some(hash) = hash.or_else(|| NOBODY.clone()) else {
                return false;
            };
            let Ok(parsed) = PasswordHash::new(&hash) else {
                return false;
            };
            Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known
        })
        .await
    }

    async fn off_thread<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _permit = self.permits.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }
}

fn hash_now(password: &str) -> Result<String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::internal(error.to_string()))
}

/// Whether a password is good enough: long enough, not the account's name, not one character.
pub(crate) fn check(password: &str, account_name: &str) -> Result<(), Fault> {
    let length = password.chars().count();
    if length < MIN_PASSWORD {
        return Err(Fault::at("password", "access.password_short").with("least", MIN_PASSWORD));
    }
    if length > MAX_PASSWORD {
        return Err(Fault::at("password", "access.password_long").with("most", MAX_PASSWORD));
    }
    let first = password.chars().next();
    let uniform = password.chars().all(|c| Some(c) == first);
    if uniform || password.to_lowercase().contains(&account_name.to_lowercase()) {
        return Err(Fault::at("password", "access.password_weak"));
    }
    Ok(())
}
