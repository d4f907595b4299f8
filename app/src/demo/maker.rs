//! The maker's own application: the same database under a clock that stands where the story is, so
//! that a file has a past and what lies on a desk has waited for some days.

use std::sync::RwLock;

use access::Access;
use jinmen_core::{Actor, Clock, Date, Fault, Instant, Result};
use module::{App, AppParts};

use super::data::Data;

/// Under this name the record keeps what no person of the story did.
pub const SYSTEM: Actor = Actor::System("demonstration");

/// More days than anything about last year is ago.
const MOST_THIS_YEAR: i64 = 130;

/// Makes the demonstration.
pub struct Maker {
    /// The application under the standing clock.
    pub app: App,
    /// The invented matter.
    pub data: Data,
    /// Today.
    pub today: Date,
    clock: Clock,
    started: Instant,
}

impl Maker {
    /// Over an application.
    pub fn new(app: &App) -> Result<Self> {
        let today = app.clock.today();
        let clock = Clock::at(Instant::start_of(today));
        let parts = AppParts {
            config: app.config.clone(),
            db: app.db.clone(),
            clock: clock.clone(),
            access: Access::new(app.db.clone(), clock.clone()),
            vault: app.vault.clone(),
            files: app.files.clone(),
            sms: app.sms.clone(),
            robots: notify::Robots::new(Default::default()),
            webhooks: notify::Webhooks::new(false),
            catalog: app.catalog.clone(),
            settings: RwLock::new(app.settings()),
            modules: app.modules.clone(),
            routes: app.routes.clone(),
            openapi: app.openapi.clone(),
        };
        Ok(Self { app: App::new(parts), data: Data::load(today.year())?, today, clock, started: app.clock.now() })
    }

    /// Stands so many days ago, so many minutes after nine in the morning; never after now.
    pub fn stand(&self, days: i64, minutes: i64) -> Result<()> {
        let then = Instant::start_of(self.ago(days)?).plus_seconds(9 * 3_600 + minutes * 60).min(self.started);
        self.clock.advance_seconds(then.seconds_since(self.clock.now()));
        Ok(())
    }

    /// Now, in the story.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The day so many days ago.
    pub fn ago(&self, days: i64) -> Result<Date> {
        Ok(self.today.add_days(-days).map_err(|fault| Fault::of("day", &fault))?)
    }

    /// So many days ago, or as many as have passed of this year where those are fewer: what is said of
    /// last year is said after it ended.
    pub fn this_year(&self, days: i64) -> i64 {
        let passed = Date::new(self.today.year(), 1, 1).map_or(0, |new_year| new_year.days_until(self.today));
        // The order of those that come too early stays.
        days.min(passed * days / MOST_THIS_YEAR)
    }

    /// The year so many years ago.
    pub fn years_ago(&self, years: i16) -> i16 {
        self.today.year() - years
    }
}
