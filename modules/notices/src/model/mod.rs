//! Circulars, questions and answers: types and their checks, no I/O.

mod circular;
mod draft;
mod question;
mod robot;

pub use circular::{Asks, Circular, CircularId, CircularState, Counts, OwnCircular, Recipient, Which};
pub use draft::{BODY_MOST, CircularDraft, NewCircular, QuestionDraft, TITLE_MOST, reportable};
pub use question::{QUESTIONS_MOST, Question, QuestionKind, Typed};
pub use robot::{DeliveryId, DeliveryState, GroupRobot, RobotDelivery, RobotDraft, RobotId};
