//! Who comes in and what they may do: accounts, sign-in, sessions with their devices, roles held for
//! an organisation and a period, invitations, codes to mobile numbers, and the sealed form of identity and telephone numbers.
//!
//! Permissions themselves are constants of the modules ([`jinmen_core::Permission`]); this crate
//! finds out which hats a person has today.

mod accounts;
mod again;
mod api_tokens;
mod codes;
mod guess;
mod invitations;
mod links;
mod password;
mod roles;
mod second;
mod sessions;
mod sql;
mod token;
mod told;
pub mod totp;
pub mod vault;

use store::{MigrationSet, migrations};

pub use accounts::{
    Account, NewAccount, account_by_mobile, accounts_of, create_account, disable_account, email_of, find_account,
    list_accounts, mobiles_of, set_display_name, set_large_type, set_locale, set_password,
};
pub use again::{Resealing, SealedColumn, seal_again};
pub use api_tokens::{
    ApiSecret, ApiToken, MAX_TOKEN_NAME, MOST_TOKEN_DAYS, NewApiToken, Program, TOKEN_DAYS, find_token, make_token,
    revoke_token, tokens_of,
};
pub use codes::{
    Challenge, Joiner, LIVES_SECONDS as CODE_SECONDS, PAUSE_SECONDS as CODE_PAUSE_SECONDS, Proven, ask_code,
    ask_code_by_link, ask_code_for, ask_code_to_join, bind_mobile, forget_before, mobile_of, open_account, prove,
    set_mobile, sign_in_by_code, wrong as wrong_code,
};
pub use invitations::{Invitation, accept_invitation, invite, invited};
pub use links::{Link, find_link, make_link};
pub use password::{MAX_PASSWORD, MIN_PASSWORD, Passwords, refuse_names};
pub use roles::{
    Grant, MovedPerson, NewGrant, acting_for, appoint_deputy, deputies_of, dismiss_deputy, grant, grant_role,
    grants_of_organization, grants_of_person, holders, move_grants, move_person, return_grants, return_person,
    revoke_role, revoke_within,
};
pub use second::{
    Entry, Offered, RECOVERY_CODES, STEP_SECONDS as SECOND_SECONDS, Second, admit, confirm_second, enter_by_second,
    offer_second, remove_second, renew_codes, reset_second, second_of,
};
pub use sessions::{
    Device, Presented, Session, SignIn, change_hat, check_password, devices, enter, failures_total, find_session,
    guessed, may_guess, prove_again, revoke_device, sign_in, sign_out,
};
pub use token::Token;
pub use told::SECURITY_NOTICE;
pub use vault::{Sealed, Vault, new_master_key, write_key_file};

/// The tables of accounts, roles and sessions.
pub const MIGRATIONS: MigrationSet =
    migrations!("access", 1 "0001_account", 2 "0002_mobile", 3 "0003_acting", 4 "0004_token", 5 "0005_second_factor");

/// What accounts and sessions need from outside the database.
#[derive(Clone)]
pub struct Access {
    /// The database.
    pub db: store::Db,
    /// The clock.
    pub clock: jinmen_core::Clock,
    /// The password hasher with its bounded concurrency.
    pub passwords: Passwords,
}

impl Access {
    /// Puts it together.
    pub fn new(db: store::Db, clock: jinmen_core::Clock) -> Self {
        Self { db, clock, passwords: Passwords::default() }
    }
}
