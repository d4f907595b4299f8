//! Applying without applying (免申即享): a run computes who is certainly eligible; each firm found has a line that it answers.

use jinmen_core::{Date, Fault, Faults, Instant, OrganizationId, Result, id};
use serde::{Deserialize, Serialize};

use super::{ApplicationId, CallId, short, words};

id!(
    /// A run.
    RunId
);
id!(
    /// A line of a run.
    GrantLineId
);
store::arg_id!(RunId, GrantLineId);

/// Lines of one run; further runs take the rest.
pub const RUN_MOST: usize = 500;
/// Working days for an answer where nobody says otherwise.
pub const ANSWER_DAYS: u16 = 5;
/// Working days for an answer at most.
pub const ANSWER_DAYS_MOST: u16 = 60;
/// How often a firm is asked at most.
pub const ASKED_MOST: i64 = 2;
/// Characters of a bank's name.
const BANK_MOST: usize = 100;

words!(
    /// Where a run stands.
    RunState, "calls-grant-run-" {
        /// The register is being read.
        Computing = "computing",
        /// The office looks through the list.
        Checking = "checking",
        /// Firms are asked.
        Asking = "asking",
        /// Nothing of it waits for an answer any more.
        Over = "over",
    }
);

words!(
    /// Where a line stands.
    GrantLineState, "calls-grant-line-" {
        /// Computed, and being checked.
        Found = "found",
        /// Taken out by the office.
        Removed = "removed",
        /// The firm is asked.
        Asked = "asked",
        /// The firm confirmed: there is an application.
        Accepted = "accepted",
        /// The firm does not want it.
        Declined = "declined",
        /// Something changed before the firm confirmed.
        Stopped = "stopped",
        /// The firm did not answer in time.
        Expired = "expired",
    }
);

impl GrantLineState {
    /// Whether the line keeps others of the same firm to the same call out.
    pub fn holds(self) -> bool {
        matches!(self, Self::Found | Self::Asked | Self::Accepted)
    }
}

/// What a run counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct RunCounts {
    /// Organisations that were looked at.
    pub organizations: u64,
    /// Those whose file could not be read.
    pub unread: u64,
    /// Those that are certainly eligible in every clause.
    pub eligible: u64,
    /// Of those, left out because they applied to the call themselves.
    pub applied: u64,
    /// Left out because they are in this or an earlier run, or declined.
    pub before: u64,
    /// Left out because they were granted the same benefit before.
    pub granted: u64,
    /// Left out because neither the rule nor the call names a sum.
    pub without_sum: u64,
    /// Listed.
    pub listed: u64,
    /// Eligible beyond what one run holds: a further run takes them.
    pub more: u64,
    /// It could not be computed: the call or its rule has changed.
    pub failed: bool,
}

/// A run.
#[derive(Clone, PartialEq, Debug)]
pub struct Run {
    /// Its identifier.
    pub id: RunId,
    /// Its number.
    pub number: String,
    /// Of which call.
    pub call: CallId,
    /// Whose it is.
    pub owner: OrganizationId,
    /// Where it stands.
    pub state: RunState,
    /// The day that the rule was asked about.
    pub as_of: Date,
    /// What it counted.
    pub counts: RunCounts,
    /// The work that computes it.
    pub job: Option<String>,
    /// By whom it was started.
    pub started_name: String,
    /// When.
    pub started_at: Instant,
    /// Who asked the firms.
    pub asked_name: String,
    /// When.
    pub asked_at: Option<Instant>,
}

/// One firm of a run.
#[derive(Clone, PartialEq, Debug)]
pub struct GrantLine {
    /// Its identifier.
    pub id: GrantLineId,
    /// Of which run.
    pub run: RunId,
    /// Of which call.
    pub call: CallId,
    /// The office.
    pub owner: OrganizationId,
    /// Its place in the list.
    pub place: i64,
    /// The firm.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// Its social credit code on the day it confirmed.
    pub uscc: String,
    /// What is due, in fen.
    pub amount: i64,
    /// Where it stands.
    pub state: GrantLineState,
    /// Why it is removed, declined or stopped.
    pub reason: String,
    /// Whether it stands: one line of a firm to a call does.
    pub holds: bool,
    /// The firm has begun to fill in the form by hand.
    pub has_draft: bool,
    /// How often it was asked.
    pub asked: i64,
    /// The last day for an answer.
    pub due_on: Option<Date>,
    /// What the rule said when it was asked: a decision of the registry.
    pub decision: Option<String>,
    /// What came of it.
    pub application: Option<ApplicationId>,
    /// Bank and account number, sealed.
    pub account: Option<Vec<u8>>,
    /// Who answered.
    pub answered_name: String,
    /// When.
    pub answered_at: Option<Instant>,
}

/// How many lines of a run stand where, and what they come to in fen.
pub type LineCounts = Vec<(GrantLineState, i64, i64)>;

/// Where the money goes.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// The bank with its branch.
    pub bank: String,
    /// The number, digits only.
    pub number: String,
}

impl Account {
    /// What was typed, filled up with what is known of the firm's account.
    ///
    /// # Errors
    /// Faults of `bank` and `account`.
    pub fn read(bank: &str, number: &str, known: &Self) -> Result<Self> {
        let mut faults = Faults::new();
        let bank = faults.take(short("bank", bank, BANK_MOST));
        let number = faults.take(digits(number));
        let filled = |typed: Option<String>, known: &str| match typed {
            Some(typed) if typed.is_empty() => Some(known.to_owned()),
            other => other,
        };
        let (bank, number) = (filled(bank, &known.bank), filled(number, &known.number));
        for (field, value) in [("bank", &bank), ("account", &number)] {
            if value.as_ref().is_some_and(String::is_empty) {
                faults.push(Fault::at(field, "core.required"));
            }
        }
        let account = Self { bank: bank.unwrap_or_default(), number: number.unwrap_or_default() };
        faults.check()?;
        Ok(account)
    }

    /// Whether nothing has to be typed.
    pub fn is_whole(&self) -> bool {
        !self.bank.is_empty() && !self.number.is_empty()
    }

    /// As it is shown.
    pub fn masked(&self) -> String {
        [self.bank.as_str(), &crate::form::mask(&self.number)].join(" ").trim().to_owned()
    }
}

/// The digits of an account's number; nothing where nothing was typed.
fn digits(typed: &str) -> Result<String, Fault> {
    let text = short("account", typed, BANK_MOST)?;
    match text.is_empty() {
        true => Ok(text),
        false => crate::form::account(&text).map_err(|fault| Fault { field: Some("account".into()), ..fault }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_filled_up_with_what_is_known_and_a_new_one_is_taken() {
        let known = Account { bank: "甲银行".into(), number: "6222020000001234".into() };
        assert_eq!(Account::read("", " ", &known).unwrap(), known);
        let other = Account::read("乙银行", "6217 0000 1111 2222", &known).unwrap();
        assert_eq!((other.bank.as_str(), other.number.as_str()), ("乙银行", "6217000011112222"));
        assert!(Account::read("", "12", &known).is_err());
        assert!(Account::read("甲银行", "", &Account::default()).is_err());
        assert!(!known.masked().contains("02020000"), "{}", known.masked());
    }
}
