//! How notices leave as mail: addresses from accounts, words from the locales.

use std::sync::Arc;

use async_trait::async_trait;
use jinmen_core::{Locale, PersonId, Result};
use module::App;
use notify::{Addresses, MailJob, Mailer, NoMailer, Received, Render, Smtp, SmtpSettings};

struct Accounts(App);

#[async_trait]
impl Addresses for Accounts {
    async fn email(&self, person: PersonId) -> Result<Option<(String, Locale)>> {
        access::email_of(&self.0.db, person).await
    }
}

struct Words(App);

impl Render for Words {
    fn render(&self, locale: Locale, notice: &Received) -> (String, String) {
        let t = self.0.words(locale);
        let subject = t.with(&notice.message_key, &module::message_args(&notice.args));
        let path = notice.link.as_deref().unwrap_or("/inbox");
        let address = format!("{}{path}", self.0.config.public_url);
        let text = t.with("module-mail", &[("text", subject.clone().into()), ("address", address.into())]);
        (subject, text)
    }
}

/// The handler of mail jobs.
pub fn job(app: &App, mail: Option<&SmtpSettings>) -> anyhow::Result<Arc<dyn jobs::Handler>> {
    let mailer: Arc<dyn Mailer> = match mail {
        Some(mail) => {
            let password = std::env::var("JINMEN_MAIL_PASSWORD").ok().or_else(|| mail.password.clone());
            Arc::new(
                Smtp::new(&SmtpSettings { password, ..mail.clone() }).map_err(|error| anyhow::anyhow!("{error:?}"))?,
            )
        }
        None => Arc::new(NoMailer),
    };
    Ok(Arc::new(MailJob::new(mailer, Arc::new(Accounts(app.clone())), Arc::new(Words(app.clone())))))
}
