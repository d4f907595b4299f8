//! Passwords: argon2id, off the runtime's threads, few at a time.

use std::sync::{Arc, LazyLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use jinmen_core::{Error, Fault, Result};
use tokio::sync::Semaphore;

use crate::guess;

/// The fewest characters of a password (OWASP ASVS 2.1.1); several spaces in a row count as one.
pub const MIN_PASSWORD: usize = 12;
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

/// Characters, several spaces in a row counted as one.
fn length(password: &str) -> usize {
    let mut before = None;
    password.chars().filter(|c| before.replace(*c) != Some(' ') || *c != ' ').count()
}

/// Whether a password is good enough: long enough, without the account's name in it, not among the first guessed.
pub(crate) fn check(password: &str, account_name: &str) -> Result<(), Fault> {
    if length(password) < MIN_PASSWORD {
        return Err(Fault::at("password", "access.password_short").with("least", MIN_PASSWORD));
    }
    if password.chars().count() > MAX_PASSWORD {
        return Err(Fault::at("password", "access.password_long").with("most", MAX_PASSWORD));
    }
    if password.to_lowercase().contains(&account_name.to_lowercase()) {
        return Err(Fault::at("password", "access.password_weak"));
    }
    refuse_names(password, &[account_name])
}

/// Refuses a password that is made of names which whoever guesses knows too, such as those of the person and of their
/// organisations, of common words, years, neighbouring keys and repetition.
///
/// # Errors
/// A fault of `password`: `access.password_common`.
pub fn refuse_names(password: &str, names: &[&str]) -> Result<(), Fault> {
    // One that is too short is refused for that.
    if length(password) >= MIN_PASSWORD && guess::easy(password, names) {
        return Err(Fault::at("password", "access.password_common"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_kept_as_argon2id_with_salt_and_never_twice_alike() {
        let passwords = Passwords::default();
        let password = "a long sentence of one's own";
        let (first, second) = (passwords.hash(password).await.unwrap(), passwords.hash(password).await.unwrap());
        // OWASP's least for argon2id: 19 MiB, two passes, one lane.
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
        assert_ne!(first, second);
        assert!(passwords.verify(Some(second), password).await.unwrap());
        assert!(!passwords.verify(Some(first.clone()), "a long sentence of another's own").await.unwrap());
        assert!(!passwords.verify(None, password).await.unwrap());
        assert!(!first.contains(password));
    }
}
