//! Remembering how somebody reads. The cookie serves visitors; an account remembers it on every device.

use jinmen_core::{Locale, Result};
use module::{App, Visit};

/// The language.
pub async fn language(app: &App, visit: &Visit, locale: Locale) -> Result<()> {
    match visit.actor.account() {
        Some(account) => access::set_locale(&app.access, account, locale).await,
        None => Ok(()),
    }
}

/// The size of type.
pub async fn type_size(app: &App, visit: &Visit, large: bool) -> Result<()> {
    match visit.actor.account() {
        Some(account) => access::set_large_type(&app.access, account, large).await,
        None => Ok(()),
    }
}
