//! Mail.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jinmen_core::{Clock, Error, Locale, PersonId, Result};
use jobs::Runner;
use notify::{
    Addresses, Delivery, FolderMailer, KIND, Mail, MailJob, Mailer, NoMailer, Received, Render, Security, Smtp,
    SmtpSettings,
};
use store::testing::each_db;
use store::{Db, args};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::{DECIDED, IMPORTED, NOW, SETS, tell};

struct Book(Option<&'static str>);

#[async_trait]
impl Addresses for Book {
    async fn email(&self, _person: PersonId) -> Result<Option<(String, Locale)>> {
        Ok(self.0.map(|address| (address.to_owned(), Locale::ZhCn)))
    }
}

struct Words;

impl Render for Words {
    fn render(&self, locale: Locale, notice: &Received) -> (String, String) {
        let name = notice.args["name"].as_str().unwrap_or_default();
        let subject = format!("{name}：评审结果\r\nBcc: everybody@example.com");
        (subject, format!("{} {}", locale.tag(), notice.link.as_deref().unwrap_or_default()))
    }
}

/// Counts, and fails as often as it is told to.
#[derive(Default)]
struct Counts {
    sent: AtomicUsize,
    fail: AtomicUsize,
}

#[async_trait]
impl Mailer for Counts {
    async fn send(&self, _mail: &Mail) -> Result<Delivery> {
        if self.fail.load(Ordering::SeqCst) > 0 {
            self.fail.fetch_sub(1, Ordering::SeqCst);
            return Err(Error::internal("the mail server is away"));
        }
        self.sent.fetch_add(1, Ordering::SeqCst);
        Ok(Delivery::Sent)
    }
}

fn runner(db: &Db, clock: &Clock, mailer: Arc<dyn Mailer>, address: Option<&'static str>) -> Runner {
    let job = MailJob::new(mailer, Arc::new(Book(address)), Arc::new(Words));
    let mut runner = Runner::new(db.clone(), clock.clone());
    runner.register(KIND, Arc::new(job));
    runner
}

async fn states(db: &Db) -> Vec<String> {
    let rows: Vec<(String,)> = db.list("SELECT state FROM mail ORDER BY id", args![]).await.unwrap();
    rows.into_iter().map(|row| row.0).collect()
}

fn mails(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
}

#[tokio::test]
async fn a_notice_is_mailed_to_those_who_want_it_and_no_header_can_be_smuggled_in() {
    each_db(&SETS, async |db| {
        let folder = tempfile::tempdir().unwrap();
        let mailer = FolderMailer::new(folder.path(), "津门 <notice@example.cn>").unwrap();
        let runner = runner(&db, &Clock::at(NOW), Arc::new(mailer), Some("zhangsan@example.cn"));
        tell(&db, &[PersonId::new()], IMPORTED).await;
        assert_eq!(runner.run_due().await.unwrap(), 0);
        tell(&db, &[PersonId::new(), PersonId::new()], DECIDED).await;
        assert_eq!(runner.run_due().await.unwrap(), 2);
        assert_eq!(states(&db).await, ["sent", "sent"]);
        let mails = mails(folder.path());
        assert_eq!(mails.len(), 2);
        for mail in mails {
            let (header, body) = mail.split_once("\r\n\r\n").unwrap();
            assert!(header.contains("To: zhangsan@example.cn"), "{header}");
            assert!(header.contains("<notice@example.cn>"), "{header}");
            assert!(header.contains("Date: Fri, 18 Jun 2021 06:03:09"), "{header}");
            assert!(header.contains("Message-ID: <"), "{header}");
            assert!(!header.to_lowercase().lines().any(|line| line.starts_with("bcc")), "{header}");
            assert_eq!(body.trim(), "zh-CN /imports/1");
        }
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_was_sent_is_not_sent_again_and_one_that_failed_is() {
    each_db(&SETS, async |db| {
        let (clock, mailer) = (Clock::at(NOW), Arc::new(Counts::default()));
        let runner = runner(&db, &clock, mailer.clone(), Some("a@example.cn"));
        tell(&db, &[PersonId::new()], DECIDED).await;
        mailer.fail.store(1, Ordering::SeqCst);
        runner.run_due().await.unwrap();
        assert_eq!(states(&db).await, ["waiting"]);
        clock.advance_seconds(2);
        runner.run_due().await.unwrap();
        assert_eq!(states(&db).await, ["sent"]);
        // The job runs once more, as after a crash before its end was kept.
        let again = db.run("UPDATE job SET state = 'waiting', finished_at = NULL", args![]).await;
        assert_eq!(again.unwrap(), 1);
        assert_eq!(runner.run_due().await.unwrap(), 1);
        assert_eq!(mailer.sent.load(Ordering::SeqCst), 1);
        let (at,): (Option<i64>,) = db.one("SELECT sent_at FROM mail", args![]).await.unwrap();
        assert_eq!(at, Some(NOW.plus_seconds(2).0));
    })
    .await;
}

#[tokio::test]
async fn without_an_address_a_usable_one_or_a_mailer_the_job_ends() {
    each_db(&SETS, async |db| {
        let folder = tempfile::tempdir().unwrap();
        let to_folder = || Arc::new(FolderMailer::new(folder.path(), "notice@example.cn").unwrap());
        let clock = Clock::at(NOW);
        tell(&db, &[PersonId::new()], DECIDED).await;
        runner(&db, &clock, to_folder(), None).run_due().await.unwrap();
        for address in ["", "nobody", "a@b\r\nBcc: c@example.com", "a@b@c"] {
            tell(&db, &[PersonId::new()], DECIDED).await;
            runner(&db, &clock, to_folder(), Some(address)).run_due().await.unwrap();
        }
        tell(&db, &[PersonId::new()], DECIDED).await;
        runner(&db, &clock, Arc::new(NoMailer), Some("a@example.cn")).run_due().await.unwrap();
        assert_eq!(states(&db).await, ["skipped", "refused", "refused", "refused", "refused", "skipped"]);
        assert!(mails(folder.path()).is_empty());
    })
    .await;
}

fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".into(),
        port,
        username: None,
        password: None,
        from: "津门 <notice@example.cn>".into(),
        security: Security::None,
    }
}

fn mail(address: &str) -> Mail {
    Mail::new("0190", address.into(), "评审\n结果", "第一行\n.\n第三行".into(), NOW)
}

#[tokio::test]
async fn a_mail_server_gets_the_mail_and_its_refusals_are_understood() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let received = Arc::new(Mutex::new(String::new()));
    tokio::spawn(serve(listener, received.clone()));
    let smtp = Smtp::new(&settings(port)).unwrap();
    assert_eq!(smtp.send(&mail("zhangsan@example.cn")).await.unwrap(), Delivery::Sent);
    let text = received.lock().unwrap().clone();
    assert!(text.contains("MAIL FROM:<notice@example.cn>"), "{text}");
    assert!(text.contains("RCPT TO:<zhangsan@example.cn>"), "{text}");
    assert!(text.contains("Message-ID: <0190@example.cn>"), "{text}");
    assert!(matches!(smtp.send(&mail("gone@example.cn")).await.unwrap(), Delivery::Refused(_)));
    assert!(matches!(smtp.send(&mail("not an address")).await.unwrap(), Delivery::Refused(_)));
    assert!(smtp.send(&mail("later@example.cn")).await.is_err());
    assert!(smtp.send(&mail("relay@example.cn")).await.is_err(), "the operator's mistake");
}

/// A mail server that knows some people.
async fn serve(listener: TcpListener, received: Arc<Mutex<String>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        writer.write_all(b"220 test\r\n").await.unwrap();
        let mut data = false;
        while let Ok(Some(line)) = lines.next_line().await {
            received.lock().unwrap().push_str(&format!("{line}\n"));
            let answer: &str = match line.as_str() {
                "." => {
                    data = false;
                    "250 taken\r\n"
                }
                _ if data => continue,
                "DATA" => {
                    data = true;
                    "354 go on\r\n"
                }
                "QUIT" => "221 bye\r\n",
                line if line.contains("gone@") => "550 no such mailbox\r\n",
                line if line.contains("later@") => "450 try later\r\n",
                line if line.contains("relay@") => "554 relaying denied\r\n",
                _ => "250 ok\r\n",
            };
            writer.write_all(answer.as_bytes()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn settings_are_checked_at_the_start_and_their_password_is_not_shown() {
    let secret = SmtpSettings {
        host: "mail.example.cn".into(),
        username: Some("u".into()),
        password: Some("hunter2".into()),
        security: Security::Tls,
        ..settings(465)
    };
    assert!(!format!("{secret:?}").contains("hunter2"));
    assert!(Smtp::new(&secret).is_ok());
    assert!(Smtp::new(&SmtpSettings { security: Security::StartTls, ..secret.clone() }).is_ok());
    let open = Smtp::new(&SmtpSettings { security: Security::None, ..secret.clone() });
    assert!(matches!(open, Err(Error::Invalid(faults)) if faults[0].code == "notify.mail_unprotected"));
    let nobody = Smtp::new(&SmtpSettings { from: "a@b\r\nBcc: c".into(), ..secret });
    assert!(matches!(nobody, Err(Error::Invalid(faults)) if faults[0].code == "notify.mail_from"));
    let unreachable = Smtp::new(&settings(1)).unwrap();
    assert!(unreachable.send(&mail("a@example.cn")).await.is_err());
}
